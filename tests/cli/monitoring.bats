#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154  # admin() sets errors
# cmm-admin check and cmm-admin metrics, whose output is for monitoring systems

bats_require_minimum_version 1.5.0
load ../lib/cli

# memory_pressure LINE...: writes these lines to the tree's /proc/pressure/memory
memory_pressure() {
	mkdir -p "$ROOT/proc/pressure"
	put "$ROOT/proc/pressure" memory "$(printf '%s\n' "$@")"
}

# hypervisor_figures LINE...: writes these lines to the tree's /proc/powerpc/lparcfg
hypervisor_figures() {
	mkdir -p "$ROOT/proc/powerpc"
	put "$ROOT/proc/powerpc" lparcfg "$(printf '%s\n' "$@")"
}

# unknown TEXT [ARG...]: runs cmm-admin check, which must exit with status 3 (UNKNOWN), print one line with TEXT on
# stdout, and print nothing on stderr
unknown() {
	local text=$1
	shift
	admin 3 check "$@"
	[ -z "$errors" ]
	[ "$(wc -l <<<"$output")" -eq 1 ]
	[[ $output == "CMM UNKNOWN - "*"$text"* ]]
}

# verdict RANGE AVAILABLE_KB STATUS: makes AVAILABLE_KB of memory available. Then runs check -w available=RANGE, which
# must exit with STATUS
verdict() {
	cat >"$ROOT/proc/meminfo" <<-EOF
		MemTotal:        1835008 kB
		MemAvailable:    $2 kB
	EOF
	echo "available=$1 at $2"
	admin "$3" check -w "available=$1"
}

# states_of_driver: prints the state words in the driver's source
states_of_driver() {
	sed -n '/^const char \*cmm_state_word/,/^}/s/.*\(return\|=\) "\([a-z-]*\)".*/\2/p' \
		"$BATS_TEST_DIRNAME/../../src/state.c"
}

@test "check prints OK and performance data" {
	admin 0 check
	[ "$output" = "CMM OK - the loan meets the target; 256 MiB of 2 GiB on loan | loaned=262144KB;;;0;2097152 target=262144KB;;;0 available=1310720KB;;;0 short=0KB;;;0 oom_freed=0KB;;;0" ]
}

@test "check accepts --verbose, and prints the same line" {
	local plain
	admin 0 check
	plain=$output
	admin 0 check --verbose
	[ "$output" = "$plain" ]
	admin 0 check -vvv
	[ "$output" = "$plain" ]
}

@test "check: thresholds lead to WARNING and CRITICAL" {
	admin 1 check -w available=2G
	[[ $output == "CMM WARNING - MemAvailable is too low: 1.3 GiB; "*" available=1310720KB;2097152:;;0 "* ]]
	admin 2 check -w available=2G -c available=1.5G
	[[ $output == "CMM CRITICAL - MemAvailable is too low"*"available=1310720KB;2097152:;1572864:;0"* ]]
	admin 0 check -w available=1G -c available=512M
	put "$FIXTURE_DEVICE" loaned_target_kb 300000 oom_freed_kb 64
	admin 1 check --warning short=1M
	admin 2 check --critical oom_freed=0
	admin 0 check -w short=1G -w oom_freed=64
}

@test "check: warns if the report has a warning" {
	put "$FIXTURE_DEVICE" state refused
	admin 1 check
	[[ $output == "CMM WARNING - the hypervisor refuses pages"* ]]
	fixture_in_tree
	put "$FIXTURE_DEVICE" loaned_kb 0
	admin 1 check
	[[ $output == "CMM WARNING - this driver crashes the machine"* ]]
}

@test "check: OK if loan_policy holds the loan back" {
	put "$FIXTURE_DEVICE" state pressure loaned_target_kb 300000
	admin 0 check
	[[ $output == "CMM OK - loan_policy 1 holds the rest of the loan back: programs would lose memory they use; "* ]]
	put "$FIXTURE_DEVICE" state no-loans
	admin 0 check
	[[ $output == "CMM OK - loan_policy 0 allows no loans, whatever the request is; "* ]]
}

@test "check: wrong usage is UNKNOWN, with one line on stdout" {
	local known="known: available short oom_freed faults psi_some_avg10 psi_some_avg60 psi_full_avg10 psi_full_avg60 state"
	unknown "unknown name 'free'; $known" -w free=1
	unknown "unknown name 'loaned'; $known" -w loaned=1G
	unknown "unknown name 'avail'; is 'available' meant?" -w avail=1G
	unknown "unknown name 'Short'; is 'short' meant?" -c Short=1G
	unknown "unknown name ''; known: " -w =1
	unknown "'short' is not NAME=RANGE" -w short
	unknown "short 'x' is not a size" -c short=x
	unknown "psi_some_avg10 'x' is not a number such as 10 or 0.25" -c psi_some_avg10=x
	unknown "unknown state 'runing'; is 'running' meant?" -w state=runing
	unknown "unknown option '--frobnicate'" --frobnicate
	unknown "unexpected argument 'x'" x
	unknown "unexpected argument 'a/b'" 'a|b'
	unknown "--timeout 'x' is not a number of seconds" -t x
	run -3 --separate-stderr "$CMM_ADMIN" check --sysroot /nonexistent
	[[ $output == "CMM UNKNOWN - --sysroot '/nonexistent': No such file"* && -z $stderr ]]
	run -3 --separate-stderr "$CMM_ADMIN" check --timeout
	[[ $output == "CMM UNKNOWN - --timeout needs a value after it" && -z $stderr ]]
}

@test "check: UNKNOWN with the file's name if a file cannot be read" {
	put "$FIXTURE_DEVICE" loaned_kb x
	unknown "loaned_kb holds 'x'"
	rm "$FIXTURE_PARAMETERS/delay"
	put "$FIXTURE_DEVICE" loaned_kb 0
	unknown "parameters/delay: No such file"
	rm -r "$FIXTURE_DEVICE"
	unknown "no cmm driver here"
}

@test "check --help and --version exit with status 3, as plugins have to" {
	admin 3 check --help
	[[ $output == "Usage: cmm-admin check"* ]]
	admin 3 check -h
	admin 3 check --version
	[[ $output == "cmm-admin "[0-9]* ]]
	admin 3 check -V
}

@test "check: a value at either end of a range raises no alert" {
	verdict 10: 9 1
	verdict 10: 10 0
	verdict 10: 99999999 0
	verdict '~:10' 0 0
	verdict '~:10' 10 0
	verdict '~:10' 11 1
	verdict 10:20 9 1
	verdict 10:20 10 0
	verdict 10:20 20 0
	verdict 10:20 21 1
	verdict 0:0 0 0
	verdict 1K:1M 1024 0
	verdict 1K:1M 1025 1
	verdict '~:' 5 0
}

@test "check: a value at either end of a range with @ raises an alert" {
	verdict @10:20 9 0
	verdict @10:20 10 1
	verdict @10:20 20 1
	verdict @10:20 21 0
	verdict @~:10 10 1
	verdict @~:10 11 0
	verdict @10: 9 0
	verdict @10: 10 1
	verdict @5 4 0
	verdict @5 5 1
}

@test "check: available=N allows N or more, and short=N allows N or less" {
	verdict 10 9 1
	verdict 10 10 0
	put "$FIXTURE_DEVICE" loaned_target_kb 262154
	admin 0 check -w short=10
	admin 1 check -w short=9
}

@test "check: a malformed range is UNKNOWN" {
	local range
	for range in '' : @ 10:5 10:20:30 :10 -5: 10:~ @@5 '10: 20x' ' 10:20' 1e3: 99999999999999999999:; do
		unknown "available '$range' " -w "available=$range"
	done
	unknown "short '10:5' has a start above its end" -c short=10:5
	range=$(printf '0%.0s' {1..127})99999999999
	unknown "available '${range:0:64}' has a start that is too long" -w "available=$range:"
}

@test "check: performance data contain the ranges" {
	admin 0 check -w available=1G: -c available=512M -w 'short=~:1M' -c short=2M:3M -c short=@2M:3M -w oom_freed=0:64
	[[ $output == *" available=1310720KB;1048576:;524288:;0 short=0KB;~:1024;@2048:3072;0 oom_freed=0KB;64;;0" ]]
}

@test "check has thresholds and performance data for the memory pressure" {
	memory_pressure 'some avg10=12.50 avg60=0.87 avg300=0.30 total=4185763' \
		'full avg10=0.50 avg60=0.09 avg300=0.00 total=250000'
	admin 0 check -w psi_some_avg10=12.5 -c psi_full_avg10=0.5
	[[ $output == *" psi_some_avg10=12.50%;12.50;;0;100 psi_some_avg60=0.87%;;;0;100 psi_full_avg10=0.50%;;0.50;0;100 psi_full_avg60=0.09%;;;0;100" ]]
	admin 1 check -w psi_some_avg10=12.49
	[[ $output == "CMM WARNING - the share of the last 10 s in which some tasks waited for memory is too high: 12.50 %; "* ]]
	admin 2 check -c psi_full_avg60=0.08 -w psi_some_avg10=1
	[[ $output == "CMM CRITICAL - the share of the last 60 s in which all tasks that could run waited for memory is too high: 0.09 %; "* ]]
}

@test "check has thresholds for the rate of page faults, and prints the count" {
	hypervisor_figures cmo_faults=1000 cmo_fault_time_usec=70
	admin 0 check
	[[ $output != *" faults="* && $output == *" cmo_faults=1000c;;;0 cmo_fault_time_usec=70c;;;0" ]]
	(sleep 0.5 && hypervisor_figures cmo_faults=1200) 3>&- &
	admin 1 check -w faults=100 -c faults=300
	[[ $output == "CMM WARNING - the rate of page faults that the hypervisor serves is too high: "[12][0-9][0-9].[0-9][0-9]" per second; "* ]]
	admin 0 check -w faults=0
	[[ $output == *" faults=0.00;0.00;;0 "* ]]
	# A count can fall: after a migration it starts at 0 again.
	(sleep 0.5 && hypervisor_figures cmo_faults=5) 3>&- &
	admin 0 check -w faults=10
}

@test "check: a missing value is UNKNOWN, but another value's alert comes first" {
	unknown "faults is unknown: /proc/powerpc/lparcfg does not have it, or cannot be read; " -w faults=1
	unknown "psi_full_avg60 is unknown: /proc/pressure/memory does not have it, or cannot be read; " -c psi_full_avg60=1
	admin 2 check -w faults=1 -c available=2G
	fixture_in_tree
	unknown "the state is unknown: this driver does not report it; " -w state=refused
}

@test "check, metrics: a file of other figures may be forbidden" {
	memory_pressure 'some avg10=12.50 avg60=0.87 avg300=0.30 total=4185763'
	hypervisor_figures cmo_faults=5
	chmod go-rwx "$ROOT"/proc/{pressure,powerpc/lparcfg}
	as_user 0 check
	[[ $output == "CMM OK - the loan meets the target; "* && $output != *psi_* && $output != *cmo_faults* ]]
	as_user 3 check -w psi_some_avg10=5
	[[ $output == "CMM UNKNOWN - psi_some_avg10 is unknown: /proc/pressure/memory does not have it, or cannot be read; "* ]]
	as_user 3 check -w faults=5
	as_user 0 metrics
	[[ $output == *cmm_loaned_bytes* && $output != *pressure_some* && $output != *cmo_faults* ]]
}

@test "check: a state of the driver can raise an alert" {
	put "$FIXTURE_DEVICE" state pressure
	admin 0 check -w state=low-memory -c state=refused
	admin 1 check -w state=low-memory -w state=pressure
	[[ $output == "CMM WARNING - the state is pressure: loan_policy 1 holds the rest of the loan back"* ]]
	admin 2 check -w state=pressure -c state=pressure
	put "$FIXTURE_DEVICE" state refused
	admin 1 check
	admin 2 check -c state=refused
}

@test "check: a time-out is UNKNOWN" {
	hypervisor_figures cmo_faults=1000
	unknown "no answer within 0.2 s" -w faults=1 -t 0.2
}

@test "check: UNKNOWN if a read blocks, or if the process crashes" {
	on_open loaned_kb 'pause()'
	LD_PRELOAD=$SHIM run -3 "$CMM_ADMIN_PLAIN" check --timeout 0.2 --sysroot "$ROOT"
	[ "$output" = "CMM UNKNOWN - no answer within 0.2 s" ]
	# check reads from the pipe of its child process in parts of 8 KiB. The time-out must also hold after one part.
	on_open loaned_kb 'if (write(1, (char[9000]){ 0 }, 9000)) sleep(20)'
	LD_PRELOAD=$SHIM run -3 timeout 10 "$CMM_ADMIN_PLAIN" check --timeout 0.2 --sysroot "$ROOT"
	[ "$output" = "CMM UNKNOWN - no answer within 0.2 s" ]
	on_open loaned_kb 'abort()'
	LD_PRELOAD=$SHIM run -3 "$CMM_ADMIN_PLAIN" check --sysroot "$ROOT"
	[ "$output" = "CMM UNKNOWN - the check was killed, or could not be started" ]
}

@test "check is killed: its child ends, too" {
	local check
	on_open loaned_kb 'pause()'
	LD_PRELOAD=$SHIM "$CMM_ADMIN_PLAIN" check --sysroot "$ROOT" >"$BATS_TEST_TMPDIR/out" 3>&- &
	check=$!
	until pgrep -P "$check" >"$BATS_TEST_TMPDIR/child"; do sleep 0.1; done
	sleep 0.3
	kill -KILL "$check"
	for _ in {1..50}; do
		kill -0 "$(cat "$BATS_TEST_TMPDIR/child")" || return 0
		sleep 0.1
	done
	false
}

@test "check prints one line, and is not OK if that line can't be written" {
	admin 0 check
	[ "$(wc -l <<<"$output")" -eq 1 ]
	run -3 bash -c "'$CMM_ADMIN' check --sysroot '$ROOT' >/dev/full"
}

@test "metrics prints all figures, with sizes in bytes" {
	admin 0 metrics
	grep -qx 'cmm_loaned_bytes 268435456' <<<"$output"
	grep -qx 'cmm_loaned_target_bytes 268435456' <<<"$output"
	grep -qx 'cmm_assigned_bytes 2147483648' <<<"$output"
	grep -qx 'cmm_available_bytes 1342177280' <<<"$output"
	grep -qx 'cmm_parameter{name="min_mem_mb"} 268435456' <<<"$output"
	grep -qx 'cmm_parameter{name="delay"} 1' <<<"$output"
	grep -qx 'cmm_oom_events_total 2' <<<"$output"
	grep -qx 'cmm_healthy 1' <<<"$output"
	grep -qx 'cmm_info{version="2.0.0",mode="hypervisor"} 1' <<<"$output"
}

@test "metrics has a series for each state, and only the present one is 1" {
	local state now value
	[ "$(states_of_driver | wc -l)" -ge 10 ]
	for now in running pressure no-loans; do
		put "$FIXTURE_DEVICE" state "$now"
		admin 0 metrics
		for state in pressure no-loans $(states_of_driver); do
			echo "$now: $state"
			value=0
			[ "$state" != "$now" ] || value=1
			grep -qx "cmm_state{state=\"$state\"} $value" <<<"$output"
		done
		[ "$(grep -c '^cmm_state{.* 1$' <<<"$output")" -eq 1 ]
	done
}

@test "metrics has a series for an unknown state, too" {
	put "$FIXTURE_DEVICE" state dancing
	admin 0 metrics
	[ "$(grep '^cmm_state{.* 1$' <<<"$output")" = 'cmm_state{state="dancing"} 1' ]
}

@test "metrics prints the hypervisor's figures in bytes and seconds" {
	hypervisor_figures cmo_enabled=1 cmo_faults=1234 cmo_fault_time_usec=1500000 'backing_memory=1879048192 bytes' \
		entitled_memory_loan_request=-65536 'entitled_memory_pool_size=8589934592 bytes' \
		entitled_memory_pool_number=3 entitled_memory_group_number=32769 pool_coalesced_bytes=4096
	admin 0 metrics
	grep -qx 'cmm_cmo_faults_total 1234' <<<"$output"
	grep -qx 'cmm_cmo_fault_seconds_total 1.500000' <<<"$output"
	grep -qx 'cmm_backing_memory_bytes 1879048192' <<<"$output"
	grep -qx 'cmm_loan_request_bytes -65536' <<<"$output"
	grep -qx 'cmm_pool_size_bytes 8589934592' <<<"$output"
	grep -qx 'cmm_pool_info{pool="3",group="32769"} 1' <<<"$output"
	grep -qx 'cmm_pool_coalesced_bytes 4096' <<<"$output"
}

@test "metrics prints the memory pressure in seconds" {
	memory_pressure 'some avg10=1.53 avg60=0.87 avg300=0.30 total=4185763' \
		'full avg10=0.50 avg60=0.10 avg300=0.00 total=250000'
	admin 0 metrics
	grep -qx 'cmm_memory_pressure_some_seconds_total 4.185763' <<<"$output"
	grep -qx 'cmm_memory_pressure_full_seconds_total 0.250000' <<<"$output"
}

@test "metrics leaves out figures that are unknown" {
	local line
	admin 0 metrics
	[[ $output != *cmo* && $output != *pool* && $output != *memory_pressure* ]]
	hypervisor_figures cmo_faults=many cmo_fault_time_usec= backing_memory=9223372036854775808
	admin 0 metrics
	[[ $output != *cmo* && $output != *pool* && $output != *backing* ]]
	for line in some 'some avg10=x avg60=0.00 avg300=0.00 total=1' 'some avg10=0.00 avg60=0.00 total=-1' \
		'some avg10=0.00 avg60=0.00' 'something avg10=0.00 avg60=0.00 avg300=0.00 total=1' ''; do
		memory_pressure "$line"
		admin 0 metrics
		[[ $output != *memory_pressure* ]]
	done
}

# On RHEL, /proc/pressure/memory exists, but cannot be read without the boot parameter psi=1.
@test "metrics leaves out memory pressure if the kernel does not measure it" {
	memory_pressure 'some avg10=0.00 avg60=0.00 avg300=0.00 total=1'
	on_open /proc/pressure/ 'errno = EOPNOTSUPP; return -1'
	LD_PRELOAD=$SHIM run -0 "$CMM_ADMIN_PLAIN" metrics --sysroot "$ROOT"
	[[ $output == *cmm_loaned_bytes* && $output != *memory_pressure* ]]
}

@test "metrics prints one HELP and one TYPE line before each metric" {
	admin 0 metrics
	[ "$(grep -c '^# HELP' <<<"$output")" -eq "$(grep '^# HELP' <<<"$output" | sort -u | wc -l)" ]
	awk '
		$1 == "#" && $2 == "HELP" { help[$3] = 1 }
		$1 == "#" && $2 == "TYPE" && help[$3] { type[$3] = 1 }
		$1 != "#" { sub(/\{.*/, "", $1); if (!type[$1]) { print "no TYPE: " $1; bad = 1 } }
		END { exit bad }
	' <<<"$output"
}

@test "metrics quotes labels, and works with the in-tree driver" {
	put "$FIXTURE_DEVICE" state 'a"b\c'
	admin 0 metrics
	grep -qxF 'cmm_state{state="a\"b\\c"} 1' <<<"$output"
	fixture_in_tree
	admin 0 metrics
	[[ $output != *_total* && $output != *min_avail_mb* ]]
	[[ $output != *cmm_state* ]]
}

@test "metrics --output replaces the file as a whole" {
	local file=$BATS_TEST_TMPDIR/cmm.prom
	echo old >"$file"
	admin 0 metrics --output "$file"
	[ -z "$output" ]
	grep -q cmm_loaned_bytes "$file"
	[ "$(stat -c %a "$file")" = 644 ]
	[ "$(ls "$BATS_TEST_TMPDIR"/cmm.prom*)" = "$file" ]
	admin 0 metrics
	[ "$output" = "$(cat "$file")" ]
}

@test "metrics --output removes the file if no figures can be read" {
	local file=$BATS_TEST_TMPDIR/cmm.prom
	admin 0 metrics --output "$file"
	put "$FIXTURE_DEVICE" loaned_kb x
	fails 1 "loaned_kb holds 'x'" metrics --output "$file"
	[ ! -e "$file" ]
	fixture
	admin 0 metrics --output "$file"
	rm "$ROOT/proc/meminfo"
	fails 1 "meminfo: No such file" metrics --output "$file"
	[ ! -e "$file" ]
	fixture
	admin 0 metrics --output "$file"
	rm -r "$FIXTURE_DEVICE"
	fails 3 "no cmm driver here" metrics --output "$file"
	[ ! -e "$file" ]
	fails 3 "no cmm driver here" metrics --output "$file"
	ln -s target "$BATS_TEST_TMPDIR/link"
	fails 3 "no cmm driver here" metrics --output "$BATS_TEST_TMPDIR/link"
	[ -L "$BATS_TEST_TMPDIR/link" ]
}

@test "metrics --output removes the old file if it cannot write the new one" {
	local file=$BATS_TEST_TMPDIR/cmm.prom
	echo old >"$file"
	run -1 limited 1 metrics --output "$file" --sysroot "$ROOT"
	[[ $output == *"cmm.prom: File too large" ]]
	[ -z "$(find "$BATS_TEST_TMPDIR" -name 'cmm.prom*')" ]
}

@test "metrics --output leaves no temporary file if writing fails" {
	fails 1 "cannot write /nonexistent/cmm.prom: No such file" metrics --output /nonexistent/cmm.prom
	ln -s target "$BATS_TEST_TMPDIR/link"
	fails 1 "link: it exists and is not a regular file" metrics --output "$BATS_TEST_TMPDIR/link"
	[ -L "$BATS_TEST_TMPDIR/link" ]
	mkfifo "$BATS_TEST_TMPDIR/pipe"
	fails 1 "pipe: it exists and is not a regular file" metrics --output "$BATS_TEST_TMPDIR/pipe"
	mkdir "$BATS_TEST_TMPDIR/directory"
	fails 1 "directory: it exists and is not a regular file" metrics --output "$BATS_TEST_TMPDIR/directory"
	[ "$(ls -d "$BATS_TEST_TMPDIR"/directory*)" = "$BATS_TEST_TMPDIR/directory" ]
}
