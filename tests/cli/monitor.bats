#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154  # admin() sets errors
# cmm-admin monitor: samples, forms of output, how it ends, and the graph. tmux provides the terminal for the graph

bats_require_minimum_version 1.5.0
load ../lib/cli

teardown() {
	tmux -L "$BATS_TEST_NAME" kill-server 2>/dev/null || true
}

# on_terminal ARG...: starts cmm-admin on a terminal of 80 columns and 20 lines
on_terminal() {
	LC_ALL=C.UTF-8 tmux -u -L "$BATS_TEST_NAME" new-session -d -x 80 -y 20 \
		"TERM=screen '$CMM_ADMIN' $* --sysroot '$ROOT'; echo status \$?; sleep 60" 3>&-
}

# screen_has TEXT: waits up to 5 s until TEXT is on the screen
screen_has() {
	for _ in $(seq 50); do
		screen=$(tmux -L "$BATS_TEST_NAME" capture-pane -p)
		[[ $screen != *"$1"* ]] || return 0
		sleep 0.1
	done
	printf 'not on the screen: %s\n%s\n' "$1" "$screen"
	return 1
}

@test "monitor prints one line per sample, and ends after --count lines" {
	admin 0 monitor -i 0.05 -c 3
	[ "$(wc -l <<<"$output")" -eq 4 ]
	[[ $(head -n 1 <<<"$output") == TIME*LOANED*CHANGE*TARGET*AVAILABLE*STATE*EVENT ]]
	[[ $(head -n 1 <<<"$output") != *OOM_FREED* ]]
	[[ $(tail -n 1 <<<"$output") =~ ^[0-9T:-]{19}[+-][0-9]{2}:[0-9]{2}\ 256\ MiB\ +0\ KiB\ 256\ MiB\ +1.3\ GiB\ running ]]
}

# through_change KB ARG...: runs monitor, and meanwhile changes the loan to KB and oom_freed_kb to 64. Sets output
through_change() {
	local printed=$BATS_TEST_TMPDIR/printed kb=$1 tries
	shift
	: >"$printed"
	"$CMM_ADMIN" monitor -i 0.01 -c 150 "$@" --sysroot "$ROOT" >"$printed" 3>&- &
	for tries in $(seq 100); do
		[ "$(wc -l <"$printed")" -lt 2 ] || break
		sleep 0.1
	done
	[ "$tries" -lt 100 ]
	put "$FIXTURE_DEVICE" loaned_kb "$kb" oom_freed_kb 64
	wait $!
	output=$(cat "$printed")
}

@test "CHANGE and OOM_FREED show the difference to the previous line" {
	through_change 200000 --csv -o CHANGE,OOM_FREED
	[ "$(head -n 1 <<<"$output")" = CHANGE,OOM_FREED ]
	[ "$(wc -l <<<"$output")" -eq 151 ]
	[ "$(grep -c CHANGE <<<"$output")" -eq 1 ]
	[ "$(awk -F, '{ change += $1; freed += $2 } END { print change, freed }' <<<"$output")" = "-62144 64" ]
}

@test "monitor --csv --bytes prints exact numbers, separated by commas" {
	admin 0 monitor -c 1 --csv --bytes -o LOANED,STATE,EVENT
	[ "$output" = $'LOANED,STATE,EVENT\n268435456,running,' ]
}

@test "monitor --csv quotes a value with a comma or a quote" {
	put "$FIXTURE_DEVICE" state 'run,"n"ing'
	admin 0 monitor -c 1 --csv -o STATE,LOANED
	[ "$output" = $'STATE,LOANED\n"run,""n""ing",262144' ]
	put "$FIXTURE_DEVICE" state "$(printf '"%.0s' {1..127})"
	admin 0 monitor -c 1 --csv -o STATE,LOANED
	[ "$(tail -n 1 <<<"$output")" = "$(printf '"%.0s' {1..256}),262144" ]
}

@test "monitor --json prints one object per line" {
	admin 0 monitor -i 0.05 -c 2 --json
	[ "$(wc -l <<<"$output")" -eq 2 ]
	[ "$(tail -n 1 <<<"$output" | jq -c 'del(.time)')" = '{"format":2,"loaned_kb":262144,"change_kb":0,"target_kb":262144,"available_kb":1310720,"oom_freed_kb":0,"state":"running","events":[]}' ]
}

@test "monitor prints times with the offset of the time zone" {
	local zone before
	for zone in UTC0:+00:00 XXX-5:30:+05:30 XXX3:30:-03:30; do
		before=$(TZ=${zone%:*:*} date +%FT%H:%M)
		run -0 env TZ="${zone%:*:*}" "$CMM_ADMIN" monitor -c 1 --json --sysroot "$ROOT"
		[[ $(jq -r .time <<<"$output") == "${before%:*}:"*"${zone: -6}" ]]
	done
}

@test "monitor prints UTC if RFC 3339 cannot express the offset" {
	local zone
	for zone in AAA-24 AAA24:30 AAA-0:00:30; do
		run -0 env TZ="$zone" "$CMM_ADMIN" monitor -c 1 --json --sysroot "$ROOT"
		[[ $(jq -r .time <<<"$output") == "$(date -u +%FT%H):"*+00:00 ]]
	done
}

@test "monitor prints CHANGE with a sign" {
	through_change 196608 --noheadings -o CHANGE
	[[ $output == *"-64 MiB"* ]]
	through_change 262144 --noheadings -o CHANGE
	[[ $output == *"+64 MiB"* ]]
	through_change 196608 --json
	[ "$(jq -s 'map(.change_kb) | add' <<<"$output")" -eq -65536 ]
}

@test "monitor prints a CHANGE too large for 64 bits as the largest number" {
	put "$FIXTURE_DEVICE" loaned_kb 0
	through_change 4611686018427387904 --csv --bytes -o CHANGE
	grep -qx 18446744073709551615 <<<"$output"
	put "$FIXTURE_DEVICE" loaned_kb 0
	through_change 9223372036854775808 --csv -o CHANGE
	grep -qx 9223372036854775807 <<<"$output"
	through_change 0 -o CHANGE
	grep -q '^ *-8 ZiB$' <<<"$output"
}

@test "monitor leaves STATE empty for the in-tree driver" {
	fixture_in_tree
	admin 0 monitor -c 1 --csv -o LOANED,STATE
	[ "$output" = $'LOANED,STATE\n262144,' ]
}

# signaled SIGNAL COMMAND...: runs COMMAND, and sends SIGNAL after two lines of output: the heading and the first
# sample. Sets status, and sets count to the number of lines
signaled() {
	local signal=$1 printed=$BATS_TEST_TMPDIR/printed pid
	shift
	: >"$printed"
	# Bash starts jobs in the background with SIGINT ignored.
	env --default-signal=INT,HUP "$@" --sysroot "$ROOT" >"$printed" 2>&1 3>&- &
	pid=$!
	for _ in {1..200}; do
		[ "$(wc -l <"$printed")" -lt 2 ] || break
		sleep 0.05
	done
	kill -s "$signal" "$pid"
	status=0
	wait "$pid" || status=$?
	count=$(wc -l <"$printed")
	echo "$signal: status $status, $count lines"
}

@test "Ctrl-C ends monitor with status 0, even at an interval of 0" {
	local interval
	for interval in 0.1 0; do
		signaled INT "$CMM_ADMIN" monitor -i "$interval"
		[ "$status" -eq 0 ]
		[ "$count" -ge 2 ]
	done
}

@test "SIGHUP ends monitor, but not under nohup" {
	signaled HUP "$CMM_ADMIN" monitor
	[ "$status" -eq 0 ]
	signaled HUP nohup "$CMM_ADMIN" monitor -i 0.3 -c 10
	[ "$status" -eq 0 ]
	[ "$count" -ge 11 ]
}

@test "monitor exits with status 3 if the driver is unloaded" {
	(sleep 1 && rm -r "$FIXTURE_DEVICE") 3>&- &
	admin 3 monitor -i 0.1
	[ "$(wc -l <<<"$output")" -ge 2 ]
	[[ $errors == *"the driver has gone" ]]
}

@test "monitor exits with status 1 if its output cannot be written" {
	run -1 bash -c "timeout 10 '$CMM_ADMIN' monitor -i 0.1 --sysroot '$ROOT' >/dev/full"
	[[ $output == *"standard output: No space left on device"* ]]
}

# without_terminal STATUS ARG...: runs cmm-admin with SIGHUP ignored, on a terminal that goes away after 1 s. Checks
# that cmm-admin then exits with STATUS within 10 s
without_terminal() {
	run -0 python3 - "$@" --sysroot "$ROOT" <<-'EOF'
		import os, pty, signal, sys, time
		pid, terminal = pty.fork()
		if not pid:
		    signal.signal(signal.SIGHUP, signal.SIG_IGN)
		    signal.alarm(11)
		    os.environ["TERM"] = "xterm"
		    os.execv(os.environ["CMM_ADMIN"], ["cmm-admin"] + sys.argv[2:])
		time.sleep(1)
		os.read(terminal, 65536)
		os.close(terminal)
		status = os.waitpid(pid, 0)[1]
		print("status", status)
		sys.exit(status != int(sys.argv[1]) << 8)
	EOF
}

@test "monitor ends if its terminal has gone, even if SIGHUP is ignored" {
	without_terminal 1 monitor -i 0.2
	without_terminal 0 monitor --graph -i 100
}

@test "monitor refuses wrong usage with status 2" {
	local option
	fails 2 "--count '0' is not a whole number above 0" monitor -c 0
	fails 2 "--count '-1' is not a whole number above 0" monitor -c -1
	fails 2 "--interval 'x' is not a number of seconds" monitor -i x
	fails 2 "--json cannot be combined with options of a table, such as --csv" monitor --csv --json
	fails 2 "only one of --raw, --pairs and --csv is allowed" monitor --csv --raw
	for option in --csv --json --raw --bytes --noheadings --output-all --output=TIME; do
		fails 2 "--graph cannot be combined with --json or options of a table, such as --raw" \
			monitor --graph "$option"
	done
	fails 2 "unexpected argument 'x'" monitor x
	fails 1 "--graph needs a terminal" monitor --graph
}

@test "--graph follows the loan and the terminal's size, and q ends it" {
	on_terminal monitor --graph -i 0.1
	screen_has "loaned 256 MiB, target 256 MiB, available 1.3 GiB, running"
	[[ $screen == *"1.3 GiB"*"█"*"q quits"* ]]
	put "$FIXTURE_DEVICE" loaned_kb 100000
	screen_has "loaned 97.7 MiB"
	tmux -L "$BATS_TEST_NAME" resize-window -x 60 -y 10
	screen_has "q quits"
	put "$FIXTURE_DEVICE" loaned_kb 200000
	screen_has "loaned 195.3 MiB"
	tmux -L "$BATS_TEST_NAME" send-keys q
	screen_has "status 0"
}

@test "--graph has the terminal's size, whatever COLUMNS and LINES are" {
	COLUMNS=40 LINES=10 on_terminal monitor --graph -i 0.1
	screen_has "loaned 256 MiB, target 256 MiB, available 1.3 GiB, running"
	[[ $(tail -n 1 <<<"$screen") == *"q quits"* ]]
	[ "$(wc -l <<<"$screen")" -eq 20 ]
}

@test "--graph restores the terminal if the driver is unloaded" {
	on_terminal monitor --graph -i 0.1
	screen_has "loaned 256 MiB"
	rm -r "$FIXTURE_DEVICE"
	screen_has "the driver has gone"
	screen_has "status 3"
}

@test "--graph takes no extra sample if the terminal's size changes" {
	on_terminal monitor --graph -i 100 -c 3
	screen_has "loaned 256 MiB"
	for width in 70 60 70 60; do
		tmux -L "$BATS_TEST_NAME" resize-window -x "$width" -y 15
		sleep 0.2
	done
	screen_has "q quits"
	[[ $screen != *"status 0"* ]]
}

@test "monitor: an interval beyond 32 bits of milliseconds does not wrap" {
	run timeout -s INT 1 "$CMM_ADMIN" monitor -i 4294968 --sysroot "$ROOT"
	[ "${#lines[@]}" -eq 2 ]
}

@test "monitor --bytes prints 2^64 - 1 for a size that exceeds 64 bits" {
	put "$FIXTURE_DEVICE" loaned_kb 18014398509481985
	admin 0 monitor -c 1 --csv --bytes -o LOANED
	[ "$(tail -n 1 <<<"$output")" = 18446744073709551615 ]
}

@test "--graph refuses a terminal that cannot move its cursor" {
	run -1 script -qec "TERM=nonsense '$CMM_ADMIN' monitor --graph --sysroot '$ROOT'" /dev/null
	[[ $output == *"this terminal cannot move its cursor"* ]]
}

@test "monitor prints no escape sequences if stdout is not a terminal" {
	admin 0 monitor -c 2 -i 0.05
	[[ $output != *$'\e'* ]]
}
