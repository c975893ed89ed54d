#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=in-tree-alive
# Runs on a kernel in which the in-tree driver is built in and running

bats_require_minimum_version 1.5.0
load ../lib/guest

@test "the built-in driver runs" {
	[ -e "$DEVICE" ]
	[ ! -e "$DEVICE/state" ]
}

@test "loading our driver fails, and one line in the log says what to do" {
	run modprobe cmm_dkms simulate=1
	[ "$status" -ne 0 ]
	[[ $output == *"Device or resource busy" ]]
	[ "$(dmesg | grep -c ' cmm: ')" -eq 1 ]
	dmesg | grep ' cmm: another driver has /sys/devices/system/cmm; .*initcall_blacklist=cmm_init'
	[ ! -e /sys/module/cmm_dkms ]
}

@test "the built-in driver still loans and returns" {
	echo 65536 >"$DEVICE/simulate_loan_target_kb"
	wait_for 20 loaned_is 65536
	echo 0 >"$DEVICE/simulate_loan_target_kb"
	wait_for 20 loaned_is 0
}
