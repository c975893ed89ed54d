#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Tests tests/lab/tap.sh: how it splits the output of a guest that tests several defects, and which lines it finds in a
# kernel's log.

bats_require_minimum_version 1.5.0

load ../lab/tap.sh

DIR=$BATS_TEST_TMPDIR

# part NUMBER: prints the part of the output that split_by_defect wrote for this defect
part() {
	cat "$DIR/$1.out"
}

@test "split_by_defect: lines before the first defect go to that defect's part" {
	printf '%s\n' before '# defect A1' 1..1 'ok 1 a' '# defect B10' 1..1 'not ok 1 b' >"$DIR/said"
	split_by_defect "$DIR/said" "$DIR" .out A1 B10
	[ "$(part A1)" = $'before\n# defect A1\n1..1\nok 1 a' ]
	[ "$(part B10)" = $'# defect B10\n1..1\nnot ok 1 b' ]
}

@test "split_by_defect: accepts lines of a console, with a time and a final \r" {
	printf '%s\r\n' '[    0.5] boot' '[   12.3] defect A1' '[   13.0] a' '[  140.9] defect A2' '[  141.0] BUG' >"$DIR/said"
	split_by_defect "$DIR/said" "$DIR" .out A1 A2
	[ "$(part A1)" = $'[    0.5] boot\r\n[   12.3] defect A1\r\n[   13.0] a\r' ]
	[ "$(part A2)" = $'[  140.9] defect A2\r\n[  141.0] BUG\r' ]
}

@test "split_by_defect: tests that did not begin get an empty file" {
	echo 'ok 1 of an earlier run' >"$DIR/A3.out"
	printf '%s\n' '# defect A1' 'ok 1 a' '# defect A2' '# the guest died' >"$DIR/said"
	split_by_defect "$DIR/said" "$DIR" .out A1 A2 A3
	[ "$(part A1)" = $'# defect A1\nok 1 a' ]
	[ "$(part A2)" = $'# defect A2\n# the guest died' ]
	[ -z "$(part A3)" ]
}

@test "split_by_defect: a test without output still has its 'defect' line" {
	printf '%s\r\n' '[    1.0] defect A1' '[    2.0] defect A2' >"$DIR/said"
	split_by_defect "$DIR/said" "$DIR" .out A1 A2 A3
	[ -n "$(part A1)" ]
	[ -n "$(part A2)" ]
	[ -z "$(part A3)" ]
}

@test "split_by_defect: a line that only mentions a defect starts no new part" {
	printf '%s\n' '# defect A1' '# defect A2 is another' 'ok 1 defect A2' >"$DIR/said"
	split_by_defect "$DIR/said" "$DIR" .out A1 A2
	[ "$(part A1)" = $'# defect A1\n# defect A2 is another\nok 1 defect A2' ]
	[ -z "$(part A2)" ]
}

@test "kernel_faults finds a hard lockup in each of the kernel's wordings" {
	printf '%s\r\n' '[    1.0] watchdog: CPU 1 self-detected hard LOCKUP @ plpar_hcall_norets+0x1c/0x28' \
		'[    2.0] watchdog: CPU 0 detected hard LOCKUP on other CPUs 1' '[    3.0] watchdog: CPU 1 Hard LOCKUP' \
		'[    4.0] watchdog: CPU 1 became unstuck TB:1' >"$DIR/console"
	[ "$(kernel_faults "$DIR/console" | wc -l)" -eq 3 ]
}
