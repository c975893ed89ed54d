#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# B8: oom_freed_kb accepts text that is not a number
#
# Expected result on the in-tree driver (tests/vm/defects/run explains these lines):
# in-tree: the test "oom_freed_kb: text that is not decimal gets EINVAL, .*" fails

bats_require_minimum_version 1.5.0
load ../lib/defect

@test "oom_freed_kb: text that is not decimal gets EINVAL, and -1 gets EBADMSG" {
	local value
	given load_driver
	for value in abc "" 0x0 0junk; do
		refuses "$OOM_FREED" "$value" "Invalid argument"
	done
	for value in -1 99999999999999999999; do
		refuses "$OOM_FREED" "$value" "Bad message"
	done
}
