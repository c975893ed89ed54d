#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=ours-only
# The parameter loan_policy. The in-tree driver has no such parameter. The values are:
# - 0: loan nothing
# - 1: loan only memory that programs don't use
# - 2: loan all that is requested

load ../lib/guest

# More memory than the guest has
ALL_KB=4194304

setup() {
	spare_this_process
	remember_memory
	load_driver loan_policy=1
	listen_to_uevents
}

teardown() {
	stop_listening
	! grep -q '^swap_outs ' /proc/modules || rmmod swap_outs
	stop_using_memory
	unload_driver && nothing_is_left
}

policy() {
	echo "$1" >"$PARAMETERS/loan_policy"
}

free_kb() {
	awk '$1 == "MemFree:" { print $2 }' /proc/meminfo
}

target_is_met() {
	[ "$(target)" -gt 0 ] && loaned_is "$(target)"
}

pressure_events() {
	cat "$DEVICE/stats/pressure_events"
}

# nothing_moves SECONDS: checks that no page is loaned or returned for SECONDS
nothing_moves() {
	local before
	before=$(cat "$DEVICE"/stats/{in,de}flated_pages)
	sleep "$1"
	is_equal "pages loaned and returned" "$(cat "$DEVICE"/stats/{in,de}flated_pages)" "$before"
}

@test "loan_policy 0: all pages are returned, and the target stays" {
	loan 262144
	policy 0
	wait_for 20 loaned_is 0
	state_is no-loans
	target_is 262144
	[ "$(cat "$PARAMETERS/disable")" = 0 ]
	nothing_moves 3
	policy 1
	wait_for 20 loaned_is 262144
	wait_for 5 state_is running
}

@test "loan_policy 0: state 'no-loans', also without a request, and no uevent" {
	policy 0
	wait_for 5 state_is no-loans
	ask 65536
	sleep 3
	uevents_are short 0
	uevents_are refused 0
	policy 1
	wait_for 5 state_is running
}

@test "loan_policy 0 at load: nothing is loaned" {
	unload_driver
	load_driver loan_policy=0
	ask 65536
	sleep 3
	loaned_is 0
	state_is no-loans
}

@test "loan_policy 1: used memory and a margin of free memory are not loaned" {
	local used_mb=512
	use_memory "$used_mb"
	ask "$ALL_KB"
	wait_for 30 state_is pressure
	[ "$(target)" -gt "$(loaned)" ]
	[ "$(loaned)" -gt 524288 ]
	[ "$(free_kb)" -gt $(($(mem_total_kb) / 200)) ]
	wait_for 5 uevents_are short 1
	[ "$(uevents short CMM_STATE)" = pressure ]
	nothing_moves 3
}

# bats test_tags=slow
@test "loan_policy 1: memory that becomes free is loaned" {
	local before
	use_memory 512
	ask "$ALL_KB"
	wait_for 30 state_is pressure
	before=$(loaned)
	stop_using_memory
	wait_for 30 loaned_is_above $((before + 393216))
}

# bats test_tags=slow
@test "loan_policy 1: programs that need memory get it without an OOM event" {
	local before mb
	use_memory 512
	ask "$ALL_KB"
	wait_for 30 state_is pressure
	before=$(loaned)
	for mb in {5..14}; do
		use_memory "$mb"
		sleep 1
	done
	wait_for 10 loaned_is_below $((before - 32768))
	[ "$(cat "$DEVICE/stats/oom_events")" -eq 0 ]
}

# bats test_tags=slow
@test "loan_policy 1: swap-outs cause returns, and loans begin again later" {
	ask 1048576
	wait_for 30 target_is_met
	probe swap_outs
	wait_for 5 loaned_is_below 917504
	[ "$(pressure_events)" -eq 1 ]
	state_is pressure
	wait_for 20 target_is_met
	wait_for 5 state_is running
}

# bats test_tags=slow
@test "loan_policy 2: swap-outs cause neither returns nor loans" {
	policy 2
	ask 1048576
	wait_for 30 target_is_met
	probe swap_outs
	nothing_moves 4
	[ "$(pressure_events)" -eq 0 ]
}

# bats test_tags=slow
@test "loan_policy 2: the margin of policy 1 is loaned, too" {
	local before
	use_memory 512
	ask "$ALL_KB"
	wait_for 30 state_is pressure
	before=$(loaned)
	policy 2
	wait_for 30 loaned_is_above "$before"
	wait_for 30 state_is no-memory
}
