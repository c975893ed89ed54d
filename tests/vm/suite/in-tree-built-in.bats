#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=hypervisor,in-tree-built-in
# Runs on a kernel that has the in-tree driver built in, and is booted with initcall_blacklist=cmm_init. So the in-tree
# driver does not run, but sysfs still has the parameters of that driver. The hypervisor offers CMO, because amsstat
# needs CMO.

bats_require_minimum_version 1.5.0
load ../lib/guest

teardown() {
	unload_driver
}

@test "our module is cmm_dkms; the built-in driver's parameters are in sysfs" {
	load_driver
	[ "$MODULE" = cmm_dkms ]
	[ "$(cat /sys/module/cmm_dkms/initstate)" = live ]
	[ -e /sys/module/cmm/parameters/disable ]
	[ ! -e /sys/module/cmm/initstate ]
}

@test "amsstat shows the loan of our driver" {
	load_driver
	loan 65536
	run -0 amsstat
	grep -qE ' loaned_kb: +65536 *$' <<<"$output"
}

@test "cmm-admin changes parameters of our driver, not of the in-tree driver" {
	load_driver
	before=$(cat /sys/module/cmm/parameters/*)
	cmm-admin set delay=7 oom_kb=2M
	cmm-admin disable
	cmm-admin enable
	[ "$(cat /sys/module/cmm_dkms/parameters/delay)" -eq 7 ]
	[ "$(cat /sys/module/cmm/parameters/*)" = "$before" ]
}

@test "doctor warns of a write to the built-in driver's parameter disable" {
	load_driver
	run cmm-admin doctor
	[[ $output == *"/sys/module/cmm/parameters/disable"* ]]
}
