#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# B9: delay wraps; delay=0 polls at each tick; a new delay starts late
#
# Expected result on the in-tree driver (tests/vm/defects/run explains these lines):
# in-tree: the test "delay=4294968 does not wrap .*" fails

bats_require_minimum_version 1.5.0
load ../lib/defect

now_ms() {
	echo $((${EPOCHREALTIME/./} / 1000))
}

@test "delay=4294968 does not wrap in 32 bits of milliseconds to 704 ms" {
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

@test "a new value of delay takes effect before the old delay is over" {
	modprobe cmm delay=1000
	sleep 2
	hv_ask 65536
	echo 1 >"$PARAMETERS/delay"
	wait_for 10 loaned_is 65536
}
