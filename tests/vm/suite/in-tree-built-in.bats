#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=hypervisor,in-tree-built-in
# A kernel that has the in-tree driver built in, but not running: it is booted with initcall_blacklist=cmm_init. The
# hypervisor has CMO, because amsstat needs it

bats_require_minimum_version 1.5.0
load ../lib/guest

teardown() {
	unload_driver
}

@test "our driver is cmm_dkms; the in-tree driver's parameters are there, too" {
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

@test "cmm-admin sets our driver and leaves the in-tree driver's parameters" {
	load_driver
	before=$(cat /sys/module/cmm/parameters/*)
	cmm-admin set delay=7 oom_kb=2M
	cmm-admin disable
	cmm-admin enable
	[ "$(cat /sys/module/cmm_dkms/parameters/delay)" -eq 7 ]
	[ "$(cat /sys/module/cmm/parameters/*)" = "$before" ]
}

@test "cmm-admin doctor warns of the in-tree driver's parameters" {
	load_driver
	run cmm-admin doctor
	[[ $output == *"/sys/module/cmm/parameters/disable"* ]]
}
