#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# B14: a loan takes so much memory that the kernel has to reclaim pages
#
# Expected result on the in-tree driver (tests/vm/defects/run explains these lines):
# in-tree: the test "min_avail_mb=512: a large request leaves 512 MiB .*" fails

bats_require_minimum_version 1.5.0
load ../lib/defect

@test "min_avail_mb=512: a large request leaves 512 MiB of memory available" {
	given modprobe cmm min_avail_mb=512
	hv_ask $((BEFORE_KB - 393216))
	given wait_for 120 loan_stopped_growing 262144
	sleep 3
	[ "$(available_mb)" -ge 512 ]
}
