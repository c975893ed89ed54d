#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154  # admin() sets errors
# cmm-admin wait, loan, enable, disable and reset-oom: writes, output and exit statuses

bats_require_minimum_version 1.5.0
load ../lib/cli

# simulating [KB]: changes the tree so that the driver simulates a hypervisor. This hypervisor requests a loan of KB
# (256 MiB by default)
simulating() {
	put "$FIXTURE_PARAMETERS" simulate Y
	put "$FIXTURE_DEVICE" simulate_loan_target_kb "${1:-262144}"
}

# interrupted SIGNAL ARG...: runs cmm-admin, and sends SIGNAL to it after 0.5 s. Sets status and output
interrupted() {
	local signal=$1 pid
	shift
	# Bash starts jobs in the background with SIGINT ignored.
	env --default-signal=INT "$CMM_ADMIN" "$@" --sysroot "$ROOT" >"$BATS_TEST_TMPDIR/output" 2>&1 3>&- &
	pid=$!
	sleep 0.5
	kill "-$signal" "$pid"
	status=0
	wait "$pid" || status=$?
	output=$(cat "$BATS_TEST_TMPDIR/output")
	echo "status $status, output: $output"
}

@test "wait ends at once if the loan meets the target already" {
	admin 0 wait
	[ "$output" = "256 MiB on loan" ]
}

@test "wait prints sizes in the largest unit that fits, rounded to a tenth" {
	local size
	for size in "0:0 KiB" "64:64 KiB" "1023:1023 KiB" "1024:1 MiB" "1088:1.1 MiB" "1048524:1023.9 MiB" \
		"1048525:1 GiB" "1048576:1 GiB" "1610612736:1.5 TiB" "18446744073709551615:16 ZiB"; do
		put "$FIXTURE_DEVICE" loaned_kb "${size%%:*}" loaned_target_kb "${size%%:*}"
		admin 0 wait
		[ "$output" = "${size#*:} on loan" ]
	done
}

@test "wait --timeout exits with status 4, and prints what is missing" {
	put "$FIXTURE_DEVICE" loaned_target_kb 300000
	fails 4 "wait: timed out; 256 MiB of 293 MiB on loan, 37 MiB missing" wait --timeout 0.3
	fails 4 "timed out" wait -t 0
}

@test "wait ends when the loan meets the target" {
	put "$FIXTURE_DEVICE" loaned_target_kb 300000
	(sleep 0.5 && put "$FIXTURE_DEVICE" loaned_kb 300000) 3>&- &
	admin 0 wait --timeout 10
	[ "$output" = "293 MiB on loan" ]
}

@test "wait exits with status 4 if a signal interrupts it" {
	put "$FIXTURE_DEVICE" loaned_target_kb 300000
	interrupted INT wait
	[ "$status" -eq 4 ]
	[ "$output" = "cmm-admin: wait: interrupted; 256 MiB of 293 MiB on loan, 37 MiB missing" ]
	interrupted TERM wait
	[ "$status" -eq 4 ]
}

@test "wait and monitor go on after a signal that is ignored" {
	local signal
	put "$FIXTURE_DEVICE" loaned_target_kb 300000
	for signal in INT QUIT TERM HUP; do
		run -4 timeout --foreground -s "$signal" --preserve-status 0.3 \
			env --ignore-signal="$signal" "$CMM_ADMIN" wait -t 0.7 --sysroot "$ROOT"
		[[ $output == *"timed out;"* ]]
		run -0 timeout --foreground -s "$signal" --preserve-status 0.3 \
			env --ignore-signal="$signal" "$CMM_ADMIN" monitor -i 0.3 -c 3 --sysroot "$ROOT"
		[ "${#lines[@]}" -eq 4 ]
	done
}

@test "wait exits with status 6 and a reason if loan_policy stops the loan" {
	put "$FIXTURE_DEVICE" loaned_target_kb 300000 state pressure
	fails 6 "wait: loan_policy 1 holds the rest of the loan back: programs would lose memory they use; 256 MiB of 293 MiB on loan, 37 MiB missing" \
		wait --timeout 20
	put "$FIXTURE_DEVICE" state no-loans
	fails 6 "wait: loan_policy 0 allows no loans, whatever the request is; 256 MiB of 293 MiB on loan, 37 MiB missing" wait --timeout 20
	put "$FIXTURE_DEVICE" loaned_kb 300000
	admin 0 wait
}

@test "wait continues in temporary states, and while memory is returned" {
	local state
	for state in low-memory no-memory hotplug refused running; do
		put "$FIXTURE_DEVICE" loaned_target_kb 300000 state "$state"
		fails 4 "timed out" wait --timeout 0.6
	done
	put "$FIXTURE_DEVICE" loaned_target_kb 200000 state no-loans
	fails 4 "timed out" wait --timeout 0.6
}

@test "wait does not end because of a state that lasts a moment only" {
	put "$FIXTURE_DEVICE" loaned_target_kb 300000 state pressure
	(sleep 0.15 && put "$FIXTURE_DEVICE" state running) 3>&- &
	fails 4 "timed out" wait --timeout 1
}

@test "loan --wait exits with status 6 if loan_policy stops the loan" {
	simulating
	put "$FIXTURE_DEVICE" loaned_target_kb 300000 state pressure
	admin 6 loan 300000 --wait --timeout 20
	[[ $errors == "cmm-admin: loan: loan_policy 1 holds the rest of the loan back: programs would lose memory they use; "*" missing" ]]
}

@test "wait exits with status 3 if the driver is unloaded meanwhile" {
	put "$FIXTURE_DEVICE" loaned_target_kb 300000
	(sleep 0.5 && rm -r "$FIXTURE_DEVICE") 3>&- &
	fails 3 "_kb: the driver has gone" wait --timeout 10
	fails 3 "no cmm driver here" wait
}

@test "wait --timeout refuses a wrong number with status 2" {
	local value
	for value in "" abc -1 1x 0x10 0X10 nan inf 1e99 99999999999; do
		fails 2 "--timeout '$value' is not a number of seconds from 0 to " wait --timeout "$value"
	done
}

@test "wait shows a progress bar on a terminal" {
	put "$FIXTURE_DEVICE" loaned_target_kb 524288
	run -4 script -qec "'$CMM_ADMIN' wait --timeout 0.3 --sysroot '$ROOT'" /dev/null
	[[ $output == *"[##"*"256 MiB of 512 MiB on loan"* || $output == *"[  "*"256 MiB of 512 MiB on loan"* ]]
}

@test "cmm-admin loan accepts a size, a change with a sign, and a percentage" {
	local word
	simulating
	for word in 512M:524288 0:0 1000:1000 +64M:66536 -1000:65536 -1G:0 25%:524288 100%:2097152; do
		echo "$word"
		admin 0 loan "${word%:*}"
		holds "$FIXTURE_DEVICE/simulate_loan_target_kb" "${word#*:}"
	done
	admin 0 loan 1M
	[ "$output" = "request: 2 GiB -> 1 MiB" ]
}

@test "cmm-admin loan reads the in-tree driver's hexadecimal number" {
	fixture_in_tree
	simulating 40000
	admin 0 loan +1
	[ "$output" = "request: 256 MiB -> 262145 KiB" ]
	simulating potato
	fails 1 "holds 'potato', which is not a decimal number" loan +1
}

@test "cmm-admin loan refuses a wrong size with status 2, and writes nothing" {
	local word
	simulating
	for word in "" abc 101% -5% 5%% + - +-5 1e3 "5 5" 99999999999999999999; do
		echo "word '$word'"
		run -2 --separate-stderr "$CMM_ADMIN" loan --sysroot "$ROOT" -- "$word"
		[ -z "$output" ]
		[[ $stderr == "cmm-admin: loan: "*"'$word'"* && $stderr != *$'\n'* ]]
	done
	fails 2 "exactly one SIZE is needed" loan
	fails 2 "exactly one SIZE is needed" loan 1M 2M
	fails 2 "--timeout needs --wait" loan 1M --timeout 5
	holds "$FIXTURE_DEVICE/simulate_loan_target_kb" 262144
}

@test "cmm-admin loan: a negative word after an option is its value, not a size" {
	simulating
	fails 2 "--timeout '-1' is not a number of seconds" loan -w -t -1 5
	fails 2 "--timeout '-1' is not a number of seconds" loan 5 -wt -1
	fails 2 "--timeout '-1' is not a number of seconds" loan --wait --time -1 5
	fails 2 "exactly one SIZE is needed" loan -1 5
	fails 2 "unexpected argument '-2'" loan -1 -2
	fails 2 "unknown option '-w5'" loan -w5
	holds "$FIXTURE_DEVICE/simulate_loan_target_kb" 262144
	admin 0 loan -64M -w -t 5
	holds "$FIXTURE_DEVICE/simulate_loan_target_kb" 196608
	admin 0 loan -w -t 5 -64M
	run -0 "$CMM_ADMIN" loan --sysroot "$ROOT" -w -- -64M
	holds "$FIXTURE_DEVICE/simulate_loan_target_kb" 65536
}

@test "cmm-admin loan exits with status 1 if the driver does not simulate" {
	fails 1 "this driver does not simulate a hypervisor" loan 1M
}

@test "loan --wait ends when the loan meets the target" {
	simulating
	admin 0 loan 256M --wait
	[ "$(tail -n 1 <<<"$output")" = "256 MiB on loan" ]
	put "$FIXTURE_DEVICE" loaned_target_kb 300000
	admin 4 loan 300000 --wait --timeout 0.5
	[[ $errors == *"timed out; 256 MiB of 293 MiB on loan, 37 MiB missing" ]]
}

@test "loan --wait reports a limit only if at least a page is missing" {
	simulating
	admin 0 loan 262145 --wait
	[[ $output == *"256 MiB on loan" ]]
	admin 0 loan 262400 --wait
	[[ $output == *"256 MiB on loan; the driver limits the request to that" ]]
}

# The driver needs time to see a new request, and until then the loan may meet the old target. So "loan --wait" gives
# the driver this time. If --timeout is shorter, "loan --wait" must fail, except if the new request equals the old one.
@test "loan --wait does not end before the driver can have seen the request" {
	simulating
	admin 4 loan 300000 --wait --timeout 0.1
	[[ $errors == "cmm-admin: loan: timed out; the driver has not reacted to the request yet" ]]
	admin 0 loan 300000 --wait --timeout 0.1
	fixture_in_tree
	put "$FIXTURE_DEVICE" simulate_loan_target_kb 40000
	put "$FIXTURE_PARAMETERS" delay 5
	admin 4 loan 300000 --wait --timeout 1
	[[ $errors == "cmm-admin: loan: timed out; the driver has not reacted to the request yet" ]]
	interrupted INT loan 310000 --wait
	[ "$status" -eq 4 ]
	[[ $output == *"interrupted; the driver has not reacted to the request yet"* ]]
}

@test "cmm-admin enable sets disable=0, and prints nothing if it was 0 before" {
	put "$FIXTURE_PARAMETERS" disable 1
	admin 0 enable
	[ "$output" = "disable: 1 -> 0" ]
	admin 0 enable
	[ -z "$output" ]
}

@test "cmm-admin disable prints how much memory was returned" {
	put "$FIXTURE_DEVICE" loaned_kb 0
	admin 0 disable
	[ "$output" = "disabled: 0 KiB returned" ]
	holds "$FIXTURE_PARAMETERS/disable" 1
}

@test "cmm-admin disable exits with status 1 if memory stays on loan" {
	fails 1 "the driver is done, but 256 MiB is still on loan" disable
}

# A full pipe replaces the file of the parameter "disable". So a write blocks, as it does while the driver returns
# memory.
@test "cmm-admin disable exits with status 4 after a time-out or a signal" {
	rm "$FIXTURE_PARAMETERS/disable"
	mkfifo "$FIXTURE_PARAMETERS/disable"
	exec 8<>"$FIXTURE_PARAMETERS/disable"
	dd if=/dev/zero bs=64K count=1 >&8 2>/dev/null
	fails 4 "timed out; 256 MiB of 256 MiB still on loan, and the driver continues to return it" \
		disable --timeout 0.3
	interrupted INT disable
	[ "$status" -eq 4 ]
	[[ $output == *"interrupted; 256 MiB of 256 MiB still on loan"* ]]
	exec 8>&-
}

@test "cmm-admin disable sets disable=1 even with a time-out of 0" {
	for _ in 1 2 3 4 5 6 7 8; do
		put "$FIXTURE_PARAMETERS" disable 0
		"$CMM_ADMIN" disable --timeout 0 --sysroot "$ROOT" 2>&1 3>&- || true
		sleep 0.3
		[ "$(cat "$FIXTURE_PARAMETERS/disable")" = 1 ]
	done
}

@test "cmm-admin disable exits with status 1 if its write fails" {
	ln -sf /dev/full "$FIXTURE_PARAMETERS/disable"
	fails 1 "parameters/disable: No space left on device" disable
	rm "$FIXTURE_PARAMETERS/disable"
	fails 1 "parameters/disable: No such file" disable
}

@test "cmm-admin disable works even if its parent process ignores SIGCHLD" {
	put "$FIXTURE_DEVICE" loaned_kb 0
	run -0 timeout 20 bash -c "trap '' CHLD; exec '$CMM_ADMIN' disable --sysroot '$ROOT'"
}

@test "without a driver, disable, enable, loan and reset-oom exit with status 3" {
	rm -r "$FIXTURE_DEVICE"
	fails 3 "no cmm driver here" disable
	fails 3 "no cmm driver here" enable
	fails 3 "no cmm driver here" loan 1M
	fails 3 "no cmm driver here: no device cmm0 (see cmm-admin doctor)" reset-oom
	[ "$(widest "$errors")" -le 80 ]
}

@test "reset-oom sets oom_freed_kb to 0, and prints the old amount" {
	put "$FIXTURE_DEVICE" oom_freed_kb 2048
	admin 0 reset-oom
	[ "$output" = "oom_freed_kb: 2 MiB -> 0; the target may rise by as much" ]
	holds "$FIXTURE_DEVICE/oom_freed_kb" 0
	admin 0 reset-oom
	[[ $output == *"was 0 already"* ]]
}
