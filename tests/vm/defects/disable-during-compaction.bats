#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A5: disable=1 while compaction has isolated pages of the balloon
#
# Expected result on the in-tree driver, and settings of the guest (tests/vm/defects/run explains these lines):
# in-tree: the test "disable=1 during compaction: the write waits for .*" fails
# hypervisor: cmo-page-size=64K

bats_require_minimum_version 1.5.0
load ../lib/defect

@test "disable=1 during compaction: the write waits for the return of all pages" {
	given modprobe cmm
	given start_slow_compaction 196608
	echo 1 >"$PARAMETERS/disable"
	[ "$(loaned)" -eq 0 ]
	[ "$(balloon_pages)" -eq 0 ]
	end_compaction
}
