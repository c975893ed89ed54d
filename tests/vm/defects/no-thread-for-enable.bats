#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A6: disable=0 when no thread can be created
#
# Expected result on the in-tree driver (tests/vm/defects/run explains these lines):
# in-tree: the kernel reports "BUG: Unable to handle kernel .*"

bats_require_minimum_version 1.5.0
load ../lib/defect

# Writes disable=0 while no thread can be created, and succeeds if the driver accepts the write. While threads-max is
# low, this function uses only builtins of bash, because builtins need no new process.
enable_without_threads() {
	local limit accepted=true threads=/proc/sys/kernel/threads-max
	limit=$(cat "$threads")
	echo 1 >"$PARAMETERS/disable"
	echo 20 >"$threads"
	echo 0 >"$PARAMETERS/disable" || accepted=false
	echo "$limit" >"$threads"
	"$accepted"
}

@test "disable=0 when no thread can be created: the driver still unloads" {
	given load_driver
	enable_without_threads || true
	rmmod cmm
}

@test "disable=0 when no thread can be created: the driver loans again" {
	given load_driver
	enable_without_threads
	loan 65536
}
