#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# B14: a loan pushes the partition into reclaim (with `min_avail_mb`)
# in-tree: fails: min_avail_mb: that much stays available at a large request

bats_require_minimum_version 1.5.0
load ../lib/defect

@test "min_avail_mb: that much stays available at a large request" {
	given modprobe cmm min_avail_mb=512
	hv_ask $((BEFORE_KB - 393216))
	given wait_for 120 loan_has_ended 262144
	sleep 3
	[ "$(available_mb)" -ge 512 ]
}
