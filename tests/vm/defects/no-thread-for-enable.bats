#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A6: disable=0 when no thread can be made
# in-tree: kernel: BUG: Unable to handle kernel .*

bats_require_minimum_version 1.5.0
load ../lib/defect

# Whether the driver takes disable=0 while there are as many threads as there may be.
# From one limit to the other only what bash does without a process.
enable_without_threads() {
	local limit taken=true threads=/proc/sys/kernel/threads-max
	limit=$(cat "$threads")
	echo 1 >"$PARAMETERS/disable"
	echo 20 >"$threads"
	echo 0 >"$PARAMETERS/disable" || taken=false
	echo "$limit" >"$threads"
	"$taken"
}

@test "whether it is taken or not, the driver unloads" {
	given load_driver
	enable_without_threads || true
	rmmod cmm
}

@test "it is taken: no thread is needed" {
	given load_driver
	enable_without_threads
	loan 65536
}
