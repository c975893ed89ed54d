#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A6: disable=0 when no thread can be made

bats_require_minimum_version 1.5.0
load ../lib/defect

# From one limit to the other only what bash does without a process.
@test "the driver goes on, or stays disabled, and unloads" {
	local limit threads=/proc/sys/kernel/threads-max
	load_driver
	limit=$(cat "$threads")
	echo 1 >"$PARAMETERS/disable"
	echo 20 >"$threads"
	echo 0 >"$PARAMETERS/disable" || true
	echo "$limit" >"$threads"
	rmmod cmm
}

@test "disable=0 needs no thread" {
	local limit threads=/proc/sys/kernel/threads-max
	load_driver
	limit=$(cat "$threads")
	echo 1 >"$PARAMETERS/disable"
	echo 20 >"$threads"
	echo 0 >"$PARAMETERS/disable"
	echo "$limit" >"$threads"
	loan 65536
}
