#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# B1: a large return with slow calls never reschedules
#
# The kernel reports a CPU that has not rescheduled for about 20 s.
#
# Expected result on the in-tree driver (tests/vm/defects/run explains these lines):
# in-tree: the kernel reports "(rcu: INFO: .* stall.*|.*soft lockup.*)"

bats_require_minimum_version 1.5.0
load ../lib/defect

@test "a return of 1 GiB with calls of 100 us causes no stall or lockup" {
	given modprobe cmm
	given hv_loan 1048576 120
	hv_set delay-us 100
	hv_ask 0
	wait_for 240 loaned_is 0
	run ! bash -c 'dmesg | grep -E "soft lockup|rcu: INFO:"'
}
