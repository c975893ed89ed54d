#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A3: the module is unloaded while a write of disable=1 returns pages
#
# Expected result on the in-tree driver (tests/vm/defects/run explains these lines):
# in-tree: the kernel reports "kernel BUG at mm/balloon_compaction\.c.*"

bats_require_minimum_version 1.5.0
load ../lib/defect

@test "rmmod during a write of disable=1: both finish, no page stays on loan" {
	local writer
	given modprobe cmm
	given hv_loan 131072
	hv_set delay-us 100
	(echo 1 >"$PARAMETERS/disable") &
	writer=$!
	given wait_for 10 loaned_is_below 131072
	given loaned_is_above 65536
	rmmod cmm
	wait "$writer"
}
