#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A6: disable=0 when no thread can be created
# in-tree: kernel: BUG: Unable to handle kernel .*

bats_require_minimum_version 1.5.0
load ../lib/defect

# Writes disable=0 while no thread can be created, and succeeds if the driver accepts it. While the limit is low, only
# builtins of bash are used, because they need no process.
enable_without_threads() {
	local limit accepted=true threads=/proc/sys/kernel/threads-max
	limit=$(cat "$threads")
	echo 1 >"$PARAMETERS/disable"
	echo 20 >"$threads"
	echo 0 >"$PARAMETERS/disable" || accepted=false
	echo "$limit" >"$threads"
	"$accepted"
}

@test "disable=0 without threads: the driver still unloads" {
	given load_driver
	enable_without_threads || true
	rmmod cmm
}

@test "disable=0 without threads: it is accepted" {
	given load_driver
	enable_without_threads
	loan 65536
}
