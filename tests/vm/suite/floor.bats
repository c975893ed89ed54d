#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=ours-only
# min_avail_mb: a floor under what programs may use. Only ours has it.

load ../lib/guest

setup() {
	spare_this_process
	remember_memory
	load_driver
}

teardown() {
	stop_using_memory
	unload_driver && nothing_is_left
}

@test "a loan leaves min_avail_mb available; the target stays, and the state says why" {
	local floor_mb before
	floor_mb=$(($(available_mb) - 400))
	echo "$floor_mb" >"$PARAMETERS/min_avail_mb"
	ask 1048576
	wait_for 20 state_is low-memory
	[ "$(target)" -eq 1048576 ]
	[ "$(loaned)" -gt 65536 ]
	available_is_above "$floor_mb"
	before=$(inflated_pages)
	sleep 3
	[ "$(inflated_pages)" -eq "$before" ]
}

@test "memory that is used comes out of the loan: the floor stays available" {
	echo 640 >"$PARAMETERS/min_avail_mb"
	loan 786432
	use_memory $(($(available_mb) - 540))
	wait_for 20 available_is_above 640
	[ "$(loaned)" -lt 720896 ]
	[ "$(loaned)" -gt 262144 ]
	state_is low-memory
	[ "$(target)" -eq 786432 ]
}

@test "what was returned is loaned again when there is room, and not before" {
	local after
	echo 640 >"$PARAMETERS/min_avail_mb"
	loan 786432
	use_memory $(($(available_mb) - 540))
	wait_for 20 available_is_above 640
	after=$(loaned)
	sleep 3
	[ "$(loaned)" -le "$after" ]
	stop_using_memory
	wait_for 20 loaned_is 786432
	wait_for 5 state_is running
}

@test "a floor above all memory takes everything back, 0 is no floor" {
	loan 262144
	echo 1000000 >"$PARAMETERS/min_avail_mb"
	wait_for 20 loaned_is 0
	state_is low-memory
	[ "$(target)" -eq 262144 ]
	echo 0 >"$PARAMETERS/min_avail_mb"
	wait_for 20 loaned_is 262144
	wait_for 5 state_is running
}

@test "with a long delay the floor is watched all the same" {
	echo 640 >"$PARAMETERS/min_avail_mb"
	loan 786432
	echo 1000 >"$PARAMETERS/delay"
	sleep 2
	use_memory $(($(available_mb) - 540))
	wait_for 20 available_is_above 640
}
