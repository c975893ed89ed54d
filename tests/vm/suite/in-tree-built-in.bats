#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=hypervisor,in-tree-built-in
# A kernel that has the in-tree driver built in, and was started with initcall_blacklist=cmm_init,
# on a hypervisor with CMO, which amsstat wants

bats_require_minimum_version 1.5.0
load ../lib/guest

teardown() {
	unload_driver
}

@test "ours has the second name, and the in-tree driver's parameters are still there" {
	load_driver
	[ "$MODULE" = cmm_dkms ]
	[ "$(cat /sys/module/cmm_dkms/initstate)" = live ]
	[ -e /sys/module/cmm/parameters/disable ]
	[ ! -e /sys/module/cmm/initstate ]
}

@test "amsstat shows ours" {
	load_driver
	loan 65536
	run -0 amsstat
	grep -qE ' loaned_kb: +65536 *$' <<<"$output"
}

@test "cmm-admin sets ours, and never touches those of the driver that was never begun" {
	load_driver
	before=$(cat /sys/module/cmm/parameters/*)
	cmm-admin set delay=7 oom_kb=2M
	cmm-admin disable
	cmm-admin enable
	[ "$(cat /sys/module/cmm_dkms/parameters/delay)" -eq 7 ]
	[ "$(cat /sys/module/cmm/parameters/*)" = "$before" ]
}

@test "the doctor warns of them" {
	load_driver
	run cmm-admin doctor
	[[ $output == *"/sys/module/cmm/parameters/disable"* ]]
}
