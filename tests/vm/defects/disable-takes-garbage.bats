#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# B4: disable takes garbage
# in-tree: fails: disable takes 0 and 1 in base 10; the rest is EINVAL

bats_require_minimum_version 1.5.0
load ../lib/defect

@test "disable takes 0 and 1 in base 10; the rest is EINVAL" {
	local value
	given load_driver
	for value in yes -1 "" 0x1 Y 1junk 4294967296 4294967297; do
		refuses "$PARAMETERS/disable" "$value" "Invalid argument"
	done
}

@test "a wrong value of disable at load: the module is refused" {
	run modprobe cmm simulate=1 disable=1junk
	[ "$status" -ne 0 ]
	[ ! -e /sys/module/cmm ]
}
