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
	grep -qx 'cmm_info{version="2.0.0",mode="hypervisor",state="running"} 1' <<<"$output"
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
	grep -qxF 'cmm_info{version="2.0.0",mode="hypervisor",state="a\"b\\c"} 1' <<<"$output"
	fixture_in_tree
	admin 0 metrics
	[[ $output != *_total* && $output != *min_avail_mb* ]]
	grep -q 'state="unknown"' <<<"$output"
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

@test "metrics --output: what can't be written leaves the file, and nothing else, there" {
	local file=$BATS_TEST_TMPDIR/cmm.prom
	echo old >"$file"
	put "$FIXTURE_DEVICE" loaned_kb x
	fails 1 "loaned_kb holds 'x'" metrics --output "$file"
	holds "$file" old
	fixture
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
