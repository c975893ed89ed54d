#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# B4: the parameter disable accepts values that are neither 0 nor 1
#
# Expected result on the in-tree driver (tests/vm/defects/run explains these lines):
# in-tree: the test "disable: values other than a decimal 0 or 1 .*" fails

bats_require_minimum_version 1.5.0
load ../lib/defect

@test "disable: values other than a decimal 0 or 1 are refused with EINVAL" {
	local value
	given load_driver
	for value in yes -1 "" 0x1 Y 1junk 4294967296 4294967297; do
		refuses "$PARAMETERS/disable" "$value" "Invalid argument"
	done
}

@test "loading with a wrong value for the parameter disable fails" {
	run modprobe cmm simulate=1 disable=1junk
	[ "$status" -ne 0 ]
	[ ! -e /sys/module/cmm ]
}
