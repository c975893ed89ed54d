#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# B3: a large min_mem_mb wraps
#
# Expected result on the in-tree driver (tests/vm/defects/run explains these lines):
# in-tree: the test "min_mem_mb of 2\^44 or 2\^60 does not wrap: .*" fails

bats_require_minimum_version 1.5.0
load ../lib/defect

# In 64 bits, 2^44 MiB wraps if it is converted to bytes. 2^60 MiB wraps even if it is converted to pages of 64 KiB.
@test "min_mem_mb of 2^44 or 2^60 does not wrap: nothing is loaned" {
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
