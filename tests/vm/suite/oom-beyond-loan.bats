#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# OOM events that want more than is on loan. In a file of their own, because
# the in-tree driver takes the guest down at the first of them.

load ../lib/guest

setup() {
	spare_this_process
	remember_memory
	load_driver
}

teardown() {
	unload_driver && nothing_is_left
}

@test "an OOM event with nothing on loan: the machine lives (A1)" {
	oom_event
	[ "$(loaned)" -eq 0 ]
	[ "$(cat "$OOM_FREED")" -eq 0 ]
	loan 65536
}

@test "an OOM event that wants more than is on loan gets what there is (A1)" {
	loan "$(page_kb)"
	oom_event
	[ "$(cat "$OOM_FREED")" -eq "$(page_kb)" ]
	[ "$(loaned)" -eq 0 ]
}

@test "a hog that wants more than there is gets the loan first, and is killed then (A1)" {
	loan 524288
	echo 65536 >"$PARAMETERS/oom_kb"
	run bash -c 'echo 1000 >/proc/self/oom_score_adj; head -c 8G /dev/zero | tail -n 1 >/dev/null'
	[ "$status" -ne 0 ]
	[ "$(cat "$OOM_FREED")" -ge 65536 ]
	[ $((524288 - $(loaned))) -eq "$(cat "$OOM_FREED")" ]
}
