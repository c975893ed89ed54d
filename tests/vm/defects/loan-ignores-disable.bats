#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# B2: a loan goes on although it is no longer requested, or is forbidden
#
# A loan of one MiB takes 256 calls, and each call is delayed by 100 us. So the whole loan of 1 GiB takes at least 26 s,
# and its return takes as long again.
#
# Expected result on the in-tree driver (tests/vm/defects/run explains these lines):
# in-tree: the kernel reports "(INFO: task bash:.* blocked for more than [0-9]+ seconds\.|rcu: INFO: rcu_sched self-detected stall on CPU|watchdog: BUG: soft lockup.*)"

bats_require_minimum_version 1.5.0
load ../lib/defect

begin_slow_loan() {
	given modprobe cmm
	hv_set delay-us 100
	hv_ask 1048576
	given wait_for 20 loaned_is_above 16384
}

@test "disable=1 ends a slow loan at once" {
	local started
	begin_slow_loan
	started=$SECONDS
	echo 1 >"$PARAMETERS/disable"
	[ $((SECONDS - started)) -le 15 ]
	[ "$(hv loaned)" -eq 0 ]
}

@test "unloading ends a slow loan at once" {
	local started
	begin_slow_loan
	started=$SECONDS
	rmmod cmm
	[ $((SECONDS - started)) -le 15 ]
}

@test "a lower request ends a slow loan" {
	begin_slow_loan
	hv_ask 4096
	wait_for 15 loaned_is 4096
}
