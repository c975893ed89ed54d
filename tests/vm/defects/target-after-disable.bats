#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# B18: the target is not 0 after disable=1
#
# Expected result on the in-tree driver (tests/vm/defects/run explains these lines):
# in-tree: the test "after disable=1 the target is 0" fails

bats_require_minimum_version 1.5.0
load ../lib/defect

@test "after disable=1 the target is 0" {
	given load_driver
	loan 65536
	echo 1 >"$PARAMETERS/disable"
	[ "$(target)" -eq 0 ]
}
