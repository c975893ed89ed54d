#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# B9: delay wraps; 0 polls at each tick; a new value waits for the old
# in-tree: fails: a delay of 4294968 s, .*

bats_require_minimum_version 1.5.0
load ../lib/defect

now_ms() {
	echo $((${EPOCHREALTIME/./} / 1000))
}

@test "a delay of 4294968 s, 704 ms if it wraps in 32 bits, is long" {
	modprobe cmm delay=4294968
	sleep 2
	hv_ask 65536
	sleep 3
	[ "$(loaned)" -eq 0 ]
}

@test "delay=0 polls ten times a second, not at every tick" {
	local begin before calls took_ms
	modprobe cmm delay=0
	sleep 1
	begin=$(now_ms)
	before=$(hv mpp-calls)
	sleep 3
	calls=$(($(hv mpp-calls) - before))
	took_ms=$(($(now_ms) - begin))
	echo "$calls calls in $took_ms ms"
	[ "$calls" -le $((took_ms / 50)) ]
}

@test "a new delay does not wait for the old one to end" {
	modprobe cmm delay=1000
	sleep 2
	hv_ask 65536
	echo 1 >"$PARAMETERS/delay"
	wait_for 10 loaned_is 65536
}
