#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# B3: a min_mem_mb that wraps
# in-tree: fails: 2\^44 MiB is a floor above all memory

bats_require_minimum_version 1.5.0
load ../lib/defect

@test "2^44 MiB is a floor above all memory" {
	given load_driver
	echo $((1 << 44)) >"$PARAMETERS/min_mem_mb"
	ask 65536
	sleep 2.5
	[ "$(target)" -eq 0 ]
	[ "$(loaned)" -eq 0 ]
}
