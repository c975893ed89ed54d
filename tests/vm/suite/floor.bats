#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=ours-only
# The parameter min_avail_mb: loans leave at least this much memory available to programs. The in-tree driver has no
# such parameter.

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

@test "min_avail_mb stops a loan: target stays, and the state is 'low-memory'" {
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

# bats test_tags=slow
@test "programs use memory: pages are returned, min_avail_mb stays available" {
	echo 640 >"$PARAMETERS/min_avail_mb"
	loan 786432
	use_memory $(($(available_mb) - 540))
	wait_for 20 available_is_above 640
	[ "$(loaned)" -lt 720896 ]
	[ "$(loaned)" -gt 262144 ]
	state_is low-memory
	[ "$(target)" -eq 786432 ]
}

# bats test_tags=slow
@test "returned pages are loaned again only after programs free memory" {
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

@test "min_avail_mb larger than the memory: all pages return; 0: loaned again" {
	loan 262144
	echo 1000000 >"$PARAMETERS/min_avail_mb"
	wait_for 20 loaned_is 0
	state_is low-memory
	[ "$(target)" -eq 262144 ]
	echo 0 >"$PARAMETERS/min_avail_mb"
	wait_for 20 loaned_is 262144
	wait_for 5 state_is running
}

# bats test_tags=slow
@test "delay=1000: pages are still returned at once to keep min_avail_mb" {
	echo 640 >"$PARAMETERS/min_avail_mb"
	loan 786432
	echo 1000 >"$PARAMETERS/delay"
	sleep 2
	use_memory $(($(available_mb) - 540))
	wait_for 20 available_is_above 640
}
