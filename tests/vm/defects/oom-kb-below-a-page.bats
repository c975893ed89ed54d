#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# B7: oom_kb is less than a page
#
# Expected result on the in-tree driver (tests/vm/defects/run explains these lines):
# in-tree: the test "oom_kb=1: an OOM event returns one page" fails

bats_require_minimum_version 1.5.0
load ../lib/defect

# The process that uses up the node's memory may cause more than one OOM event before it ends.
@test "oom_kb=1: an OOM event returns one page" {
	local freed_kb
	given load_driver
	loan 65536
	echo 1 >"$PARAMETERS/oom_kb"
	oom_event
	freed_kb=$(oom_freed)
	[ "$freed_kb" -gt 0 ]
	[ "$freed_kb" -le $(($(cat "$DEVICE/stats/oom_events") * $(page_kb))) ]
}
