#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# B7: oom_kb below a page
# in-tree: fails: a page comes back

bats_require_minimum_version 1.5.0
load ../lib/defect

@test "a page comes back" {
	given load_driver
	loan 65536
	echo 1 >"$PARAMETERS/oom_kb"
	oom_event
	[ "$(cat "$OOM_FREED")" -eq "$(page_kb)" ]
}
