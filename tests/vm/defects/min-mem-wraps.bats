#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# B3: a min_mem_mb that wraps
# in-tree: fails: 2\^44 MiB, and 2\^60, are a floor above all memory

bats_require_minimum_version 1.5.0
load ../lib/defect

# In bytes the first one wraps, in pages of 64 KiB the second one.
@test "2^44 MiB, and 2^60, are a floor above all memory" {
	local bits
	given load_driver
	for bits in 44 60; do
		echo $((1 << bits)) >"$PARAMETERS/min_mem_mb"
		ask 65536
		sleep 2.5
		[ "$(target)" -eq 0 ]
		[ "$(loaned)" -eq 0 ]
	done
}
