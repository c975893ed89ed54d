#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# B7: oom_kb is less than a page
# in-tree: fails: oom_kb=1: an OOM event returns one page

bats_require_minimum_version 1.5.0
load ../lib/defect

@test "oom_kb=1: an OOM event returns one page" {
	given load_driver
	loan 65536
	echo 1 >"$PARAMETERS/oom_kb"
	oom_event
	[ "$(cat "$OOM_FREED")" -eq "$(page_kb)" ]
}
