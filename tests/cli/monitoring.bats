#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154  # admin() sets errors
# check and metrics: what monitoring systems get.

bats_require_minimum_version 1.5.0
load ../lib/cli

@test "check: OK, with performance data" {
	admin 0 check
	[ "$output" = "CMM OK - the loan is what was asked for; 262144 of 2097152 KiB on loan | loaned=262144KB;;;0;2097152 target=262144KB;;;0 available=1310720KB;;;0 short=0KB;;;0 oom_freed=0KB;;;0" ]
}

@test "check: warning and critical by thresholds" {
	admin 1 check -w available=2G
	[[ $output == "CMM WARNING - MemAvailable is less: 1310720 KiB; "*" available=1310720KB;2097152:;;0 "* ]]
	admin 2 check -w available=2G -c available=1.5G
	[[ $output == "CMM CRITICAL - MemAvailable is less"*"available=1310720KB;2097152:;1572864:;0"* ]]
	admin 0 check -w available=1G -c available=512M
	put "$FIXTURE_DEVICE" loaned_target_kb 300000 oom_freed_kb 64
	admin 1 check --warning short=1M
	admin 2 check --critical oom_freed=0
	admin 0 check -w short=1G -w oom_freed=64
}

@test "check: a warning where the report has one" {
	put "$FIXTURE_DEVICE" state refused
	admin 1 check
	[[ $output == "CMM WARNING - the hypervisor refuses pages"* ]]
	fixture_in_tree
	put "$FIXTURE_DEVICE" loaned_kb 0
	admin 1 check
	[[ $output == "CMM WARNING - this driver stops the machine"* ]]
}

@test "check: a loan_policy that holds the loan back is no warning" {
	put "$FIXTURE_DEVICE" state pressure loaned_target_kb 300000
	admin 0 check
	[[ $output == "CMM OK - loan_policy 1 holds the rest of the loan back: programs would lose memory they use; "* ]]
	put "$FIXTURE_DEVICE" state no-loans
	admin 0 check
	[[ $output == "CMM OK - loan_policy 0 allows no loans, whatever is asked for; "* ]]
}

@test "check: unknown is status 3, whatever the reason" {
	fails 3 "unknown name 'free'; known: available short oom_freed" check -w free=1
	fails 3 "unknown name 'loaned'; known: available short oom_freed" check -w loaned=1G
	fails 3 "unknown name 'avail'; is 'available' meant?" check -w avail=1G
	fails 3 "unknown name 'Short'; is 'short' meant?" check -c Short=1G
	fails 3 "unknown name ''; known: " check -w =1
	fails 3 "'short' is not NAME=SIZE" check -w short
	fails 3 "short 'x' is not a size" check -c short=x
	fails 3 "cannot take '--frobnicate'" check --frobnicate
	fails 3 "unexpected argument 'x'" check x
	put "$FIXTURE_DEVICE" loaned_kb x
	admin 3 check
	[[ $errors == *"loaned_kb holds 'x'"* ]]
	[ "$output" = "CMM UNKNOWN - the partition or its driver cannot be read" ]
	rm -r "$FIXTURE_DEVICE"
	admin 3 check
	[[ $errors == *"no cmm driver here"* && $output == "CMM UNKNOWN - "* ]]
}

@test "check: its line has one line, and a full disk is no OK" {
	admin 0 check
	[ "$(wc -l <<<"$output")" -eq 1 ]
	run -3 bash -c "'$CMM_ADMIN' check --sysroot '$ROOT' >/dev/full"
}

@test "metrics: all the figures, in bytes" {
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

# states_of_driver: the words in the driver's source
states_of_driver() {
	sed -n '/^const char \*cmm_state_word/,/^}/s/.*\(return\|=\) "\([a-z-]*\)".*/\2/p' \
		"$BATS_TEST_DIRNAME/../../src/state.c"
}

@test "metrics: a series for each state, and 1 for the one that is now" {
	local state now
	[ "$(states_of_driver | wc -l)" -ge 10 ]
	for now in running pressure no-loans; do
		put "$FIXTURE_DEVICE" state "$now"
		admin 0 metrics
		for state in pressure no-loans $(states_of_driver); do
			echo "$now: $state"
			grep -qx "cmm_state{state=\"$state\"} $([ "$state" != "$now" ]; echo $?)" <<<"$output"
		done
		[ "$(grep -c '^cmm_state{.* 1$' <<<"$output")" -eq 1 ]
	done
}

@test "metrics: a state that is not known is a series, too" {
	put "$FIXTURE_DEVICE" state dancing
	admin 0 metrics
	[ "$(grep '^cmm_state{.* 1$' <<<"$output")" = 'cmm_state{state="dancing"} 1' ]
}

# hypervisor_figures LINE...: the fixture's /proc/powerpc/lparcfg
hypervisor_figures() {
	mkdir -p "$ROOT/proc/powerpc"
	printf '%s\n' "$@" >"$ROOT/proc/powerpc/lparcfg"
}

# memory_pressure LINE...: the fixture's /proc/pressure/memory
memory_pressure() {
	mkdir -p "$ROOT/proc/pressure"
	printf '%s\n' "$@" >"$ROOT/proc/pressure/memory"
}

@test "metrics: the hypervisor's figures in bytes and seconds" {
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

@test "metrics: memory pressure in seconds" {
	memory_pressure 'some avg10=1.53 avg60=0.87 avg300=0.30 total=4185763' \
		'full avg10=0.50 avg60=0.10 avg300=0.00 total=250000'
	admin 0 metrics
	grep -qx 'cmm_memory_pressure_some_seconds_total 4.185763' <<<"$output"
	grep -qx 'cmm_memory_pressure_full_seconds_total 0.250000' <<<"$output"
}

@test "metrics: figures that are not known are absent" {
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

# The kernels of RHEL have the file, but do not support it without the boot parameter psi=1.
@test "metrics: a kernel that does not measure the memory pressure" {
	memory_pressure 'some avg10=0.00 avg60=0.00 avg300=0.00 total=1'
	cat >"$BATS_TEST_TMPDIR/psi.c" <<-'EOC'
		#define _GNU_SOURCE
		#include <dlfcn.h>
		#include <errno.h>
		#include <string.h>

		int open(const char *path, int flags, int mode)
		{
			int (*next)(const char *, int, int) = dlsym(RTLD_NEXT, "open");

			if (!strstr(path, "/proc/pressure/"))
				return next(path, flags, mode);
			errno = EOPNOTSUPP;
			return -1;
		}
	EOC
	gcc -shared -fPIC -o "$BATS_TEST_TMPDIR/psi.so" "$BATS_TEST_TMPDIR/psi.c" -ldl
	LD_PRELOAD=$BATS_TEST_TMPDIR/psi.so run -0 "$CMM_ADMIN_PLAIN" metrics --sysroot "$ROOT"
	[[ $output == *cmm_loaned_bytes* && $output != *memory_pressure* ]]
}

@test "metrics: each has one HELP and one TYPE, before it" {
	admin 0 metrics
	[ "$(grep -c '^# HELP' <<<"$output")" -eq "$(grep '^# HELP' <<<"$output" | sort -u | wc -l)" ]
	awk '
		$1 == "#" && $2 == "HELP" { help[$3] = 1 }
		$1 == "#" && $2 == "TYPE" && help[$3] { type[$3] = 1 }
		$1 != "#" { sub(/\{.*/, "", $1); if (!type[$1]) { print "no TYPE: " $1; bad = 1 } }
		END { exit bad }
	' <<<"$output"
}

@test "metrics: quotes, and other drivers" {
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

@test "metrics --output removes the file if there are no figures" {
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

@test "metrics --output removes a file that it cannot replace" {
	local file=$BATS_TEST_TMPDIR/cmm.prom
	echo old >"$file"
	run -1 bash -c 'trap "" XFSZ; ulimit -f 1; exec "$@"' limited "$CMM_ADMIN" metrics --output "$file" --sysroot "$ROOT"
	[[ $output == *"cmm.prom: File too large" ]]
	[ -z "$(find "$BATS_TEST_TMPDIR" -name 'cmm.prom*')" ]
}

@test "metrics --output: what can't be written leaves nothing else there" {
	fails 1 "cannot write /nonexistent/cmm.prom: No such file" metrics --output /nonexistent/cmm.prom
	ln -s target "$BATS_TEST_TMPDIR/link"
	fails 1 "link: it is there, and no regular file" metrics --output "$BATS_TEST_TMPDIR/link"
	[ -L "$BATS_TEST_TMPDIR/link" ]
	mkfifo "$BATS_TEST_TMPDIR/pipe"
	fails 1 "pipe: it is there, and no regular file" metrics --output "$BATS_TEST_TMPDIR/pipe"
	mkdir "$BATS_TEST_TMPDIR/folder"
	fails 1 "folder: it is there, and no regular file" metrics --output "$BATS_TEST_TMPDIR/folder"
	[ "$(ls -d "$BATS_TEST_TMPDIR"/folder*)" = "$BATS_TEST_TMPDIR/folder" ]
}
