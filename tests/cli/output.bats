#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2030,SC2031,SC2154  # a test is a subshell; admin() and run set output
# Output to a descriptor that is closed or full, output to simple terminals, and texts that are not UTF-8

bats_require_minimum_version 1.5.0
load ../lib/cli

# simulating: prepares the tree so that each command has a change to make
simulating() {
	put "$FIXTURE_PARAMETERS" simulate Y disable 1
	put "$FIXTURE_DEVICE" simulate_loan_target_kb 1024 oom_freed_kb 64
	mkdir -p "$ROOT/etc/cmm/cmm.conf.d"
	printf '[parameters]\ndelay = 7\n' >"$ROOT/etc/cmm/cmm.conf"
}

# lost STATUS ARG...: runs cmm-admin several times, and checks that it exits with STATUS each time:
# - with stdout closed
# - with stdout to /dev/full
# - with stdout and stderr closed
# - with stdin and stdout closed
lost() {
	local wanted=$1 way
	shift
	for way in '>&-' '>/dev/full' '>&- 2>&-' '<&- >&-'; do
		simulating
		run bash -c "\"\$@\" $way" lost "$CMM_ADMIN" "$@" --sysroot "$ROOT"
		echo "$* $way: status $status, $output"
		[ "$status" -eq "$wanted" ]
		[ "${#lines[@]}" -le 1 ]
	done
}

@test "commands that change something succeed even if their output is lost" {
	lost 0 set delay=3
	holds "$FIXTURE_PARAMETERS/delay" 3
	lost 0 set --persist oom_kb=2048
	grep -qx 'oom_kb = 2048' "$ROOT/etc/cmm/cmm.conf.d/50-cmm-admin.conf"
	lost 0 enable
	holds "$FIXTURE_PARAMETERS/disable" 0
	lost 0 apply
	holds "$FIXTURE_PARAMETERS/delay" 7
	lost 0 loan 2M
	holds "$FIXTURE_DEVICE/simulate_loan_target_kb" 2048
	lost 0 reset-oom
	holds "$FIXTURE_DEVICE/oom_freed_kb" 0
	lost 0 wait
	put "$FIXTURE_DEVICE" loaned_kb 0
	lost 0 disable
	holds "$FIXTURE_PARAMETERS/disable" 1
}

@test "set makes its changes even if the reader of its output is gone" {
	run -0 bash -c "set -o pipefail; (sleep 0.3; exec '$CMM_ADMIN' set delay=3 oom_kb=99 --sysroot '$ROOT') 2>&1 | true"
	holds "$FIXTURE_PARAMETERS/delay" 3
	holds "$FIXTURE_PARAMETERS/oom_kb" 99
}

@test "metrics --output and doctor --report succeed without stdout" {
	local file=$BATS_TEST_TMPDIR/out
	lost 0 metrics --output "$file"
	grep -q '^cmm_loaned_bytes' "$file"
	lost 0 doctor --report "$file"
	grep -q '^== ' "$file"
}

@test "set and loan: a closed or full stdout does not change an error's status" {
	lost 2 set delay=x
	lost 2 loan x
	rm -r "$FIXTURE_DEVICE"
	for way in '>&-' '>/dev/full'; do
		run -3 bash -c "'$CMM_ADMIN' set delay=3 --sysroot '$ROOT' $way"
	done
}

@test "commands that only print: lost output is an error" {
	lost 1 report
	lost 1 get delay
	lost 1 get --json
	lost 1 metrics
	lost 1 monitor -c 1
	lost 1 set --dry-run delay=3
	lost 1 apply --dry-run
	lost 1 set --help
	lost 3 check
	lost 3 check --help
	lost 3 check -w available=1T
}

# If stderr is closed, the first file that a program opens gets descriptor 2. Then a message on stderr would be written
# to that file.
@test "with stderr closed, cmm-admin disable writes no message to an attribute" {
	run -1 bash -c "'$CMM_ADMIN' disable --sysroot '$ROOT' 2>&-"
	holds "$FIXTURE_PARAMETERS/disable" 1
}

@test "wait: the progress line fits on any terminal, for targets of any size" {
	local columns kb size
	for size in 300000:293 1000000:976.6 1073741824:1 18446744073709551615:16; do
		kb=${size%:*}
		put "$FIXTURE_DEVICE" loaned_target_kb "$kb"
		for columns in 120 80 60 40 20 5 1; do
			on_terminal "$columns" TERM=xterm wait --timeout 0.3
			echo "$columns columns, $kb KiB: $output"
			[ "$status" -eq 4 ]
			[ "$(widest "${output%%cmm-admin:*}")" -lt "$columns" ] || [ "$columns" -eq 1 ]
			[ "$columns" -lt 80 ] || [[ $output == *"["*"] "*" of ${size#*:} "?iB" on loan"* ]]
		done
	done
}

# table_fits COLUMNS ARGS: checks that cmm-admin with ARGS prints a table that fits on a terminal of COLUMNS
table_fits() {
	on_terminal "$1" TERM=xterm "$2"
	echo "$1 columns, $2: $output"
	[ "${#lines[@]}" -ge 2 ]
	[ "$(widest "$output")" -le "$1" ]
}

@test "every table fits on a terminal of 50 columns or more" {
	local columns words
	for columns in 120 80 70 60 50; do
		for words in "monitor -c 1" get doctor "report --all"; do
			table_fits "$columns" "$words"
		done
	done
}

@test "on a console without a width, report is as wide as COLUMNS says" {
	run script -qec "stty cols 0; COLUMNS=50 TERM=xterm '$CMM_ADMIN' report --sysroot '$ROOT'" /dev/null
	[ "$(widest "$output")" -le 50 ]
	run script -qec "stty cols 0; COLUMNS=x TERM=xterm '$CMM_ADMIN' report --sysroot '$ROOT'" /dev/null
	[ "$(widest "$output")" -gt 50 ]
}

@test "every table with a long path fits on a terminal of 60 columns or more" {
	local release=5.14.0-427.13.1.el9_4.ppc64le columns words
	fixture_module 0123456789ABCDEF "$release"
	put "$ROOT/proc/sys/kernel" osrelease "$release"
	for columns in 120 80 70 60; do
		for words in "monitor -O -c 1" "get -O" doctor "report --all" "report -O" "report --all --bytes"; do
			table_fits "$columns" "$words"
		done
	done
	on_terminal 60 TERM=xterm get
	[[ $output == *"loaned_kb "*" 256 MiB "* ]]
}

@test "wait: a shorter progress line erases a longer one completely" {
	put "$FIXTURE_DEVICE" loaned_kb 1000000000 loaned_target_kb 5
	(sleep 2 && put "$FIXTURE_DEVICE" loaned_kb 10 && sleep 2 && put "$FIXTURE_DEVICE" loaned_kb 5) 3>&- &
	on_terminal 120 TERM=xterm wait --timeout 60
	[[ $output == *$'\r'*"953.7 GiB of 5 KiB on loan"*$'\r'*"10 KiB of 5 KiB on loan  "* ]]
}

# In each environment of the list, TERM or NO_COLOR forbids colors. So no command may print escape sequences.
@test "no command prints escape sequences that the terminal does not support" {
	local environment
	put "$FIXTURE_DEVICE" loaned_target_kb 300000 state refused
	for environment in TERM=dumb "-u TERM" TERM= TERM=nonsense "NO_COLOR=1 TERM=xterm" "TERM=vt100"; do
		for words in "doctor" "wait --timeout 0.1" "report" "monitor -c 1" "disable --timeout 0.1"; do
			on_terminal 80 "$environment" "$words"
			echo "$environment $words: $output"
			[[ $output != *$'\e'* ]]
		done
	done
	on_terminal 80 TERM=xterm doctor
	[[ $output == *$'\e[3'* ]]
	on_terminal 80 "TERM=xterm NO_COLOR=" doctor
	[[ $output == *$'\e[3'* ]]
}

@test "monitor --graph refuses each terminal that cannot move its cursor" {
	local environment
	for environment in TERM=dumb "-u TERM" TERM= TERM=nonsense; do
		on_terminal 80 "$environment" monitor --graph -c 1
		[ "$status" -eq 1 ]
		[[ $output == *"this terminal cannot move its cursor; check TERM"* && $output != *$'\e'* ]]
	done
}

# is_utf8 FILE: succeeds if the file is UTF-8 and has no escape sequences
is_utf8() {
	iconv -f UTF-8 -t UTF-8 "$1" >/dev/null
	! grep -qa $'\e' "$1"
}

# Bytes that must not be printed as they are. The last text is an escape sequence. The others are not UTF-8: single
# bytes, truncated and overlong sequences, a surrogate, and a code point above U+10FFFF.
BAD_BYTES=('\xff' 'a\xffb' '\xc3' '\xe2\x82' '\xc0\xaf' '\xed\xa0\x80' '\xf4\x90\x80\x80' '\xe9t\xe9' '\x1b[31m')

# bad FILE BYTES: writes BYTES to FILE. BYTES can have escapes of printf, such as \xff
bad() {
	printf '%b\n' "$2" >"$1"
}

@test "a state with bytes that are not UTF-8 is escaped in all forms of output" {
	local bytes form
	for bytes in "${BAD_BYTES[@]}"; do
		bad "$FIXTURE_DEVICE/state" "$bytes"
		bad "$FIXTURE_MODULE/version" "$bytes"
		bad "$FIXTURE_PARAMETERS/simulate" "$bytes"
		for form in "report --json" "report --raw" "report --pairs" report "get --json" "monitor -c 1 --json" \
			"monitor -c 1 --csv" metrics check "doctor --json"; do
			echo "$bytes: $form"
			# shellcheck disable=SC2086  # $form is several words
			"$CMM_ADMIN" $form --sysroot "$ROOT" >"$BATS_TEST_TMPDIR/out" || [[ $form == doctor* ]]
			is_utf8 "$BATS_TEST_TMPDIR/out"
			[[ $form != *--json ]] || jq -e . <"$BATS_TEST_TMPDIR/out" >/dev/null
		done
		"$CMM_ADMIN" get state --json --sysroot "$ROOT" | jq -e '.attributes.state | contains("\\x")'
	done
}

@test "a state in UTF-8 is printed unchanged" {
	bad "$FIXTURE_DEVICE/state" 'größe €😀 \\"'
	admin 0 get state --json
	[ "$(jq -r .attributes.state <<<"$output")" = 'größe €😀 \"' ]
	admin 0 metrics
	[[ $output == *'state="größe €😀 \\\""'* ]]
}

@test "a table shows a state in UTF-8 if the locale has UTF-8" {
	put "$FIXTURE_DEVICE" state größe
	LC_ALL=C.UTF-8 admin 0 get state
	[[ $output == *" größe "* ]]
	LC_ALL=C admin 0 get state
	[[ $output == *'gr\xc3\xb6\xc3\x9fe'* ]]
}

@test "set escapes control characters of the value before" {
	bad "$FIXTURE_PARAMETERS/delay" '\x1b[31m\xff'
	admin 0 set --dry-run delay=3
	[ "$output" = 'delay: \x1b[31m\xff -> 3 s (not changed: a dry run)' ]
}

@test "file names and kernel releases that are not UTF-8 are escaped" {
	local name
	name=$(printf '6.1.0-\xff')
	mkdir -p "$ROOT/lib/modules/$name" "$ROOT/etc/cmm/cmm.conf.d" "$ROOT/sys/devices/vio/$name"
	touch "$ROOT/lib/modules/$name/modules.dep"
	bad "$ROOT/proc/sys/kernel/osrelease" '6.1.0-\xff'
	printf '[parameters]\ndelay = 9\n' >"$ROOT/etc/cmm/cmm.conf.d/$(printf '\xff').conf"
	for form in "report --json" "doctor --json" "doctor --raw" doctor; do
		# shellcheck disable=SC2086  # $form is several words
		"$CMM_ADMIN" $form --sysroot "$ROOT" >"$BATS_TEST_TMPDIR/out" || [[ $form == doctor* ]]
		is_utf8 "$BATS_TEST_TMPDIR/out"
		[[ $form != *--json ]] || jq -e . <"$BATS_TEST_TMPDIR/out" >/dev/null
	done
}

@test "a message is one line of UTF-8, whatever bytes it has to quote" {
	local bytes
	for bytes in "${BAD_BYTES[@]}" 'a\nb' 'a\rb' 'a\tb'; do
		bytes=$(printf '%b' "$bytes")
		fails 2 "unknown command '" "$bytes"
		is_utf8 "$BATS_TEST_TMPDIR/errors"
		fails 2 "unknown name '" get "$bytes"
		is_utf8 "$BATS_TEST_TMPDIR/errors"
		printf '[parameters]\n%s = 3\n' "$bytes" >"$BATS_TEST_TMPDIR/$bytes"
		fails 1 "$BATS_TEST_TMPDIR/" apply --config "$BATS_TEST_TMPDIR/$bytes"
		is_utf8 "$BATS_TEST_TMPDIR/errors"
	done
}
