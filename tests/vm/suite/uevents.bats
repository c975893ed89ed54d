#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=ours-only
# Uevents of cmm0 after the add event. The in-tree driver sends no uevents after the add event.

bats_require_minimum_version 1.5.0
load ../lib/guest

setup() {
	spare_this_process
	remember_memory
	load_driver
	listen_to_uevents
}

teardown() {
	stop_listening
	unload_driver && nothing_is_left
}

@test "uevent 'oom' has the returned amount and the remaining loan" {
	loan 131072
	echo 8192 >"$PARAMETERS/oom_kb"
	oom_event
	wait_for 5 uevents_are oom 1
	[ "$(uevents oom CMM_OOM_KB)" -eq 8192 ]
	[ "$(uevents oom CMM_OOM_FREED_KB)" -eq 8192 ]
	[ "$(uevents oom CMM_LOANED_KB)" -eq $((131072 - 8192)) ]
	[ "$(uevents oom CMM_LOANED_TARGET_KB)" -eq $((131072 - 8192)) ]
	[ "$(uevents oom CMM_STATE)" = running ]
}

# bats test_tags=slow
@test "uevent 'oom' is sent at once, even with delay=1000" {
	loan 65536
	echo 1000 >"$PARAMETERS/delay"
	sleep 1
	oom_event
	wait_for 5 uevents_are oom 1
}

oom_uevents_sum_is() {
	[ "$(uevents oom CMM_OOM_KB | awk '{ sum += $1 } END { print +sum }')" -eq "$1" ]
}

# The driver sends uevents 'oom' at least ten seconds apart. The test requires only five seconds, because a slow guest
# may receive one uevent late and the next one in time.
# bats test_tags=slow
@test "uevent 'oom' is sent at most once in ten seconds, and amounts add up" {
	loan 131072
	echo 8192 >"$PARAMETERS/oom_kb"
	oom_event
	oom_event
	oom_event
	wait_for 20 oom_uevents_sum_is 24576
	uevents oom TIME | awk 'NR > 1 && $1 - before < 5 { exit 1 } { before = $1 }'
}

# bats test_tags=slow
@test "an OOM event that returns nothing sends no uevent" {
	oom_event
	sleep 2
	uevents_are oom 0
}

# bats test_tags=slow
@test "uevents: 'short' if memory runs out, 'recovered' if the request falls" {
	confine_worker
	ask 1048576
	wait_for 20 uevents_are short 1
	[ "$(uevents short CMM_STATE)" = no-memory ]
	[ "$(uevents short CMM_LOANED_TARGET_KB)" -eq 1048576 ]
	ask 65536
	wait_for 20 uevents_are recovered 1
	[ "$(uevents recovered CMM_STATE)" = running ]
	[ "$(uevents recovered CMM_LOANED_TARGET_KB)" -eq 65536 ]
}

@test "uevent 'short' is sent if min_avail_mb stops a loan" {
	echo 1000000 >"$PARAMETERS/min_avail_mb"
	ask 65536
	wait_for 5 uevents_are short 1
	[ "$(uevents short CMM_STATE)" = low-memory ]
}

# min_avail_mb first forbids any loan. The second value of min_avail_mb is less than the available memory. So the driver
# loans a part of the request, and then min_avail_mb stops the loan again.
# bats test_tags=slow
@test "uevent 'recovered' is sent only when the loan meets the whole target" {
	echo 1000000 >"$PARAMETERS/min_avail_mb"
	ask 786432
	wait_for 5 uevents_are short 1
	sleep 10
	echo $(($(available_mb) * 3 / 4)) >"$PARAMETERS/min_avail_mb"
	wait_for 20 loaned_is_above 65536
	sleep 3
	uevents_are recovered 0
	[ "$(loaned)" -lt 786432 ]
	echo 0 >"$PARAMETERS/min_avail_mb"
	wait_for 20 uevents_are recovered 1
	[ "$(uevents recovered CMM_LOANED_KB)" -eq 786432 ]
}

@test "loans, returns, disable=1 and disable=0 send no uevent" {
	loan 131072
	echo 1 >"$PARAMETERS/disable"
	echo 0 >"$PARAMETERS/disable"
	wait_for 10 loaned_is 131072
	loan 0
	run ! grep -q ACTION=change "$UEVENTS"
}
