#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A1: an OOM event asks for more than is on loan
#
# Expected result on the in-tree driver (tests/vm/defects/run explains these lines):
# in-tree: the kernel reports "kernel BUG at mm/balloon_compaction\.c.*"

bats_require_minimum_version 1.5.0
load ../lib/defect

@test "OOM event, nothing on loan: the machine survives" {
	given load_driver
	oom_event
	[ "$(loaned)" -eq 0 ]
	[ "$(cat "$OOM_FREED")" -eq 0 ]
	loan 65536
}

@test "OOM event, one page on loan: that page is returned" {
	given load_driver
	given confine_worker
	given loan "$(page_kb)"
	oom_event
	[ "$(cat "$OOM_FREED")" -eq "$(page_kb)" ]
	[ "$(loaned)" -eq 0 ]
}

@test "a process uses up all memory: pages are returned before it is killed" {
	given load_driver
	given loan 524288
	echo 65536 >"$PARAMETERS/oom_kb"
	run exhaust any /dev/null
	[ "$status" -eq 137 ]
	[ "$(cat "$OOM_FREED")" -ge 65536 ]
	[ $((524288 - $(loaned))) -eq "$(cat "$OOM_FREED")" ]
}
