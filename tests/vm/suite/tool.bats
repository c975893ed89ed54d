#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# cmm-admin on the real thing.

load ../lib/guest

setup() {
	load_driver
}

teardown() {
	unload_driver
}

# value NAME: of the row of that name, for people
value() {
	awk -v name="$1" '$1 == name { print $2 } $2 == name { print $3 }' <<<"$output"
}

@test "report: what is loaned, asked for, assigned and left" {
	local before
	before=$(mem_total_kb)
	loan 262144
	run cmm-admin report
	[ "$status" -eq 0 ]
	[ "$(value mode)" = simulated ]
	[ "$(value loaned)" = 262144 ]
	[ "$(value target)" = 262144 ]
	[ "$(value assigned)" = "$before" ]
	[ "$(value left)" = $((before - 262144)) ]
	[ "$(value min_mem_mb)" = 256 ]
}

@test "report: disabled" {
	echo 1 >"$PARAMETERS/disable"
	run cmm-admin
	[ "$status" -eq 0 ]
	[[ ${lines[-1]} == "health: "*disabled* || ${lines[-1]} == "health: "*"this driver stops"* ]]
}

# bats test_tags=new
@test "report: ours is well, and tells its state" {
	loan 65536
	run cmm-admin report
	[ "$(value state)" = running ]
	[ "${lines[-1]}" = "health: ok: the loan is what was asked for" ]
}

@test "report: no driver is status 3 and one line" {
	unload_driver
	run cmm-admin report
	[ "$status" -eq 3 ]
	[ "${#lines[@]}" -eq 1 ]
	load_driver
}
