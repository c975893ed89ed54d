#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# B11: a memory offline is canceled before the driver is notified of it
#
# Expected result on the in-tree driver (tests/vm/defects/run explains these lines):
# in-tree may pass: the driver unlocks a mutex that is not locked, and only lockdep reports this
# in-tree on debug: the kernel reports ".*bad unlock balance.*"

bats_require_minimum_version 1.5.0
load ../lib/defect

@test "after a canceled memory offline, the driver loans without a delay" {
	local block errors=/sys/kernel/debug/notifier-error-inject/memory
	block=$(movable_block)
	[ -e "$errors" ] || modprobe memory-notifier-error-inject priority=10
	given modprobe cmm hotplug_delay=1000
	given hv_loan 65536
	echo -16 >"$errors/actions/MEM_GOING_OFFLINE/error"
	run bash -c "echo offline >$block/state"
	echo 0 >"$errors/actions/MEM_GOING_OFFLINE/error"
	[ "$status" -ne 0 ]
	hv_loan 131072
}
