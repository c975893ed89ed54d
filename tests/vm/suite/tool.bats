#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# cmm-admin with a driver that is loaded.

load ../lib/guest

setup() {
	load_driver
}

teardown() {
	unload_driver
}

# value NAME: prints the value in the row NAME of the table in $output
value() {
	awk -v name="$1" '$1 == name { print $2 }' <<<"$output"
}

# health: prints the health that the report finds, and the reason
health() {
	cmm-admin report --section health --noheadings -o VALUE,MEANING
}

@test "report shows the loan, the target, the assigned and the remaining memory" {
	local before
	before=$(mem_total_kb)
	loan 262144
	run cmm-admin report --raw --noheadings -o NAME,VALUE
	[ "$status" -eq 0 ]
	[ "$(value mode)" = simulated ]
	[ "$(value loaned)" = 262144 ]
	[ "$(value target)" = 262144 ]
	[ "$(value assigned)" = "$before" ]
	[ "$(value left)" = $((before - 262144)) ]
	[ "$(value min_mem_mb)" = 256 ]
}

@test "report: the health says that the driver is disabled" {
	echo 1 >"$PARAMETERS/disable"
	run cmm-admin
	[ "$status" -eq 0 ]
	[[ $(health) == *disabled* || $(health) == *"this driver crashes"* ]]
}

# bats test_tags=ours-only
@test "report shows health 'ok' and the state if the loan meets the target" {
	loan 65536
	run cmm-admin report --raw --noheadings -o NAME,VALUE
	[ "$(value state)" = running ]
	[[ $(health) == *ok*"the loan meets the target" ]]
}

@test "report without a driver: status 3 and one line of output" {
	unload_driver
	run cmm-admin report
	[ "$status" -eq 3 ]
	[ "${#lines[@]}" -eq 1 ]
	load_driver
}

@test "the command set changes driver parameters, and get shows new values" {
	run cmm-admin set oom_kb=64M delay=2 min_mem_mb=1G
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "oom_kb: 1 MiB -> 64 MiB" ]
	[ "$(cat "$PARAMETERS/oom_kb")" -eq 65536 ]
	[ "$(cmm-admin get min_mem_mb --raw --noheadings -o VALUE)" -eq 1024 ]
}

@test "the command get reads all values of the driver" {
	run cmm-admin get --raw --noheadings -o NAME
	[ "$status" -eq 0 ]
	[[ $output == *simulate_loan_target_kb* ]]
}

@test "'loan --wait' and 'wait' end when the loan meets the target" {
	run cmm-admin loan 256M --wait --timeout 60
	[ "$status" -eq 0 ]
	[ "$(loaned)" -eq 262144 ]
	run cmm-admin loan -128M --wait --timeout 60
	[ "$status" -eq 0 ]
	[ "$(loaned)" -eq 131072 ]
	run cmm-admin loan +64M
	run cmm-admin wait --timeout 60
	[ "$status" -eq 0 ]
}

@test "the command disable returns all pages, and enable loans them again" {
	cmm-admin loan 128M --wait --timeout 60
	run cmm-admin disable
	[ "$status" -eq 0 ]
	[ "$output" = "disabled: 128 MiB returned" ]
	[ "$(loaned)" -eq 0 ]
	run cmm-admin enable
	[ "$status" -eq 0 ]
	wait_for 20 loaned_is 131072
}

@test "after the driver is reloaded, the command apply sets persistent values" {
	cmm-admin set --persist oom_kb=32M
	unload_driver
	load_driver
	[ "$(cat "$PARAMETERS/oom_kb")" -eq 1024 ]
	run cmm-admin apply
	[ "$status" -eq 0 ]
	[ "$(cat "$PARAMETERS/oom_kb")" -eq 32768 ]
	rm -r /etc/cmm
}

@test "the commands reset-oom, check and metrics succeed" {
	run cmm-admin reset-oom
	[ "$status" -eq 0 ]
	cmm-admin loan 64M --wait --timeout 60
	run cmm-admin check
	[ "$status" -eq 0 ]
	[[ $output == "CMM OK - "* ]]
	run cmm-admin metrics
	[ "$status" -eq 0 ]
	[[ $output == *"cmm_loaned_bytes 67108864"* ]]
}

# start_monitor OPTION...: starts cmm-admin monitor in the background, and returns when $SAMPLES has its first sample
start_monitor() {
	SAMPLES=$(mktemp)
	# Bash starts jobs in the background with SIGINT ignored.
	env --default-signal=INT cmm-admin monitor --csv "$@" >"$SAMPLES" 3>&- &
	MONITOR=$!
	wait_for 10 sample_is 1 '.*'
}

# sample_is NUMBER REGEX: succeeds if the sample with this number matches REGEX. The NUMBER $ stands for the last sample
sample_is() {
	sed 1d "$SAMPLES" | sed -n "$1p" | grep -qx -- "$2"
}

@test "monitor: shows the loan as it grows" {
	start_monitor -i 0.5 -o LOANED
	sample_is 1 0
	ask 131072
	wait_for 10 sample_is '$' 131072
	kill -INT "$MONITOR"
	wait "$MONITOR"
}

# bats test_tags=ours-only
@test "monitor: shows an OOM event at once" {
	spare_this_process
	loan 131072
	echo 8192 >"$PARAMETERS/oom_kb"
	start_monitor -i 1000 -c 2 -o EVENT,OOM_FREED
	oom_event
	wait_for 10 sample_is 2 oom,8192
	wait "$MONITOR"
}

# bats test_tags=ours-only
@test "cmm-admin disable is interrupted: the driver still returns all pages" {
	local admin
	loan 524288
	env --default-signal=INT cmm-admin disable >/run/disable.out 2>&1 3>&- &
	admin=$!
	wait_for 20 state_is disabled
	kill -INT "$admin" || true
	wait "$admin" || true
	wait_for 20 loaned_is 0
	[ "$(cat "$PARAMETERS/disable")" -eq 1 ]
}

@test "doctor: our driver passes, the in-tree driver fails" {
	run cmm-admin doctor --raw --noheadings -o CHECK,FINDING
	[ "$status" -eq 0 ] || [ "$status" -eq 1 ]
	if [ -e "$DEVICE/state" ]; then
		[[ $output == *"driver PASS"* && $output == *"file PASS"* ]]
	else
		[[ $output == *"driver FAIL"* && $output == *"oom FAIL"* ]]
	fi
}
