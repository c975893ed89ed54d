#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A1: an OOM event that wants more than is on loan
# in-tree: kernel: kernel BUG at mm/balloon_compaction\.c.*

bats_require_minimum_version 1.5.0
load ../lib/defect

@test "nothing on loan: the machine lives" {
	given load_driver
	oom_event
	[ "$(loaned)" -eq 0 ]
	[ "$(cat "$OOM_FREED")" -eq 0 ]
	loan 65536
}

@test "a page on loan: that is what comes back" {
	given load_driver
	given confine_worker
	given loan "$(page_kb)"
	oom_event
	[ "$(cat "$OOM_FREED")" -eq "$(page_kb)" ]
	[ "$(loaned)" -eq 0 ]
}

@test "a hog that wants more than there is gets the loan first, and is killed then" {
	given load_driver
	given loan 524288
	echo 65536 >"$PARAMETERS/oom_kb"
	run bash -c 'echo 1000 >/proc/self/oom_score_adj; head -c 8G /dev/zero | tail -n 1 >/dev/null'
	[ "$status" -ne 0 ]
	[ "$(cat "$OOM_FREED")" -ge 65536 ]
	[ $((524288 - $(loaned))) -eq "$(cat "$OOM_FREED")" ]
}
