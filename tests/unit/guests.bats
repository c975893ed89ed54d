#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016  # lab expands the variables of a script
# Tests how the lab runs commands at the same time, and which test files, kernels and machines its guests get.

bats_require_minimum_version 1.5.0

TOP=$BATS_TEST_DIRNAME/../..

# lab SCRIPT: runs SCRIPT with the lab's functions and two slots, in an empty directory
lab() {
	cd "$BATS_TEST_TMPDIR" || return
	run env -u CMM_SLOTS -u CMM_IN_SLOT timeout 20 bash -euc '
		TOP=$1
		. "$TOP/tests/lab/common.sh"
		nproc() { echo 1; }
		slots_open
		eval "$2"
	' lab "$TOP" "$1"
}

@test "side_by_side: two commands run in parallel; a third starts when one ends" {
	lab 'work() { touch $1; [ $1 != first ] || until [ -e third ]; do sleep 0.1; done; }
		side_by_side "slot work first" "slot work second" "slot work third"; echo end'
	[ "$status" -eq 0 ]
	[ "$output" = end ]
}

@test "side_by_side: with two slots, never more than two commands run" {
	lab 'work() { mkdir $1; echo [0-9]* | wc -w; sleep 0.2; rmdir $1; }
		side_by_side "slot work "{1..6}; echo end'
	[ "$status" -eq 0 ]
	[ "$(sort -n <<<"${output%$'\n'end}" | tail -n 1)" -eq 2 ]
	[ "$(wc -l <<<"$output")" -eq 7 ]
}

@test "side_by_side: if a command fails, the others finish, then the call fails" {
	lab 'work() { [ $1 != second ] || exit 3; sleep 0.2; touch $1; }
		side_by_side "slot work first" "slot work second" "slot work third"'
	[ "$status" -eq 3 ]
	[ -e first ]
	[ -e third ]
}

@test "slot: a slot is free again after its command fails" {
	lab 'side_by_side "slot false" "slot false" "slot false" || true; slot echo end'
	[ "$status" -eq 0 ]
	[ "$output" = end ]
}

@test "slot: a command that has a slot does not wait for a second slot" {
	lab 'inner() { slot echo end; }; side_by_side "slot inner" "slot inner" "slot inner"'
	[ "$status" -eq 0 ]
	[ "$(grep -c end <<<"$output")" -eq 3 ]
}

@test "once: the first caller runs the command, and the others wait for its end" {
	lab 'work() { sleep 0.3; echo x >>done; }
		ask() { once work work; wc -l <done; }
		side_by_side ask ask ask'
	[ "$status" -eq 0 ]
	[ "$output" = $'1\n1\n1' ]
}

@test "suites_for: each test file runs in at least one kind of guest" {
	run bash -euc '
		TOP=$1
		. "$TOP/tests/lab/common.sh"
		. "$TOP/tests/lab/guests.sh"
		for kind in "${SUITE_KINDS[@]}"; do
			suites_for "$kind" "${SUITE_NEEDS[@]}"
		done | tr " " "\n" | sed "/^$/d; s|suite/||" | sort -u' suites "$TOP"
	[ "$status" -eq 0 ]
	[ "$output" = "$(cd "$TOP/tests/vm/suite" && ls -- *.bats)" ]
}

# suites_of KIND [NEED...]: sets output to the test files that a guest of this KIND runs. Each NEED is a tag of
# SUITE_NEEDS, and says what the guest has, such as a debug kernel
suites_of() {
	run bash -euc 'TOP=$1; . "$TOP/tests/lab/common.sh"; . "$TOP/tests/lab/guests.sh"; suites_for "${@:2}"' \
		suites "$TOP" "$@"
}

@test "suites_for: lists a guest's test files, files tagged 'last' at the end" {
	suites_of simulate
	[[ $output == *suite/loan.bats* ]]
	[[ $output != *suite/faults.bats* ]]
	[[ $output != *suite/unreferenced.bats* ]]
	suites_of hypervisor
	[[ $output == *suite/faults.bats* ]]
	[[ $output != *suite/loan.bats* ]]
	[[ $output == *" suite/unload-refused.bats" ]]
	suites_of simulate debug
	[[ $output == *" suite/unreferenced.bats" ]]
}

@test "tagged: prints the files that have the tag" {
	mkdir -p "$BATS_TEST_TMPDIR/tests/vm"
	cd "$BATS_TEST_TMPDIR/tests/vm"
	printf '%s\n' '# bats file_tags=hypervisor,quick-look' | tee a >c
	printf '%s\n' '# bats file_tags=quick' '# quick-look' >b
	run bash -euc '
		TOP=$1
		. "$TOP/tests/lab/common.sh"
		. "$TOP/tests/lab/guests.sh"
		TOP=$2
		tagged quick-look a b c
		tagged none a b c' tagged "$TOP" "$BATS_TEST_TMPDIR"
	[ "$status" -eq 0 ]
	[ "$output" = "a c" ]
}

@test "need_on_ours: a new file with the tag runs, in a guest of its kind" {
	mkdir -p "$BATS_TEST_TMPDIR/tests/vm/suite"
	cd "$BATS_TEST_TMPDIR/tests/vm/suite"
	printf '%s\n' '# bats file_tags=in-tree-alive' | tee a.bats >b.bats
	printf '%s\n' '# bats file_tags=cmo-64k,in-tree-alive' >c.bats
	printf '%s\n' '# bats file_tags=in-tree-module' >d.bats
	: >e.bats
	run bash -euc '
		TOP=$1
		. "$TOP/tests/lab/common.sh"
		. "$TOP/tests/lab/guests.sh"
		TOP=$2 SUITES=$2/tests/vm/suite
		suite_on_ours() { echo "$@"; }
		need_on_ours name in-tree-alive' needs "$TOP" "$BATS_TEST_TMPDIR"
	[ "$status" -eq 0 ]
	[ "$output" = "name-in-tree-alive-simulate suite/a.bats suite/b.bats --timeout 300 --append cmm.simulate=1
name-in-tree-alive-cmo-64k suite/c.bats --timeout 300 --append cmm.simulate=1 --hypervisor cmo-page-size=64K" ]
}

@test "defects.sh: each file in vm/defects can be found by its number" {
	run bash -euc '
		TOP=$1
		. "$TOP/tests/lab/common.sh"
		. "$TOP/tests/lab/guests.sh"
		. "$TOP/tests/vm/defects/defects.sh"
		for number in $(known); do
			basename "$(file_of "$number")"
		done | sort' defects "$TOP"
	[ "$status" -eq 0 ]
	[ "$output" = "$(cd "$TOP/tests/vm/defects" && ls -- *.bats)" ]
}

@test "defects.sh: other_fatal() prints all numbers with A except A1" {
	mkdir "$BATS_TEST_TMPDIR/defects"
	cd "$BATS_TEST_TMPDIR/defects"
	cp "$TOP"/tests/vm/defects/*.bats .
	rm "$(grep -l '^# A10: ' -- *.bats)"
	printf '%s\n' '#!/usr/bin/env bats' '# SPDX-License-Identifier: GPL-2.0-or-later' '# A11: new' >new.bats
	run bash -euc '
		TOP=$1
		. "$TOP/tests/lab/common.sh"
		. "$TOP/tests/lab/guests.sh"
		. "$TOP/tests/vm/defects/defects.sh"
		ROWS=.
		other_fatal | paste -sd " "' defects "$TOP"
	[ "$status" -eq 0 ]
	[ "$output" = "A2 A3 A4 A5 A6 A7 A8 A9 A11" ]
}

@test "slow_suites: finds the tag 'slow' of a test or of a whole file" {
	mkdir -p "$BATS_TEST_TMPDIR/tests/vm"
	cd "$BATS_TEST_TMPDIR/tests/vm"
	printf '%s\n' '# bats test_tags=ours-only,slow' >of-a-test
	printf '%s\n' '# bats file_tags=slow,hypervisor' >of-a-file
	printf '%s\n' '# bats test_tags=ours-only' '# slow' >not
	run bash -euc '
		TOP=$1
		. "$TOP/tests/lab/common.sh"
		. "$TOP/tests/lab/guests.sh"
		TOP=$2
		echo not of-a-file of-a-test | slow_suites' slow "$TOP" "$BATS_TEST_TMPDIR"
	[ "$status" -eq 0 ]
	[ "$output" = 'of-a-file of-a-test' ]
}

# packages CALL: CALL is a function of tests/packages/suites.sh, with its arguments. Calls this function for the test
# files in the present directory, and sets output to its output
packages() {
	run bash -euc '
		TOP=$1
		. "$TOP/tests/lab/common.sh"
		. "$TOP/tests/lab/guests.sh"
		. "$TOP/tests/packages/suites.sh"
		PACKAGES_HOST=.
		$2 | paste -sd " "' packages "$TOP" "$1"
}

@test "packages: the tags of a new file decide when it runs" {
	cd "$BATS_TEST_TMPDIR"
	: >a.bats
	printf '%s\n' '# bats file_tags=all' >b.bats
	printf '%s\n' '# bats file_tags=dkms' >c.bats
	packages "packages_suites some"
	[ "$status" -eq 0 ]
	[ "$output" = a ]
	packages "packages_suites all"
	[ "$status" -eq 0 ]
	[ "$output" = "a b" ]
	printf '%s\n' '# bats test_tags=slow' >d.bats
	packages "packages_suites all slow"
	[ "$status" -eq 0 ]
	[ "$output" = d ]
	packages packages_suites_of_dkms
	[ "$status" -eq 0 ]
	[ "$output" = c ]
}

# checked PART...: runs tests/check with each PART. A script that prints a line replaces the script of each part. Prints
# these lines: the variables KERNEL and MACHINE, the directory of the guests, and the first CHOICE of the PART, or "all"
checked() {
	local tree=$BATS_TEST_TMPDIR/tree
	mkdir -p "$tree/tests/part"
	cp "$TOP/tests/check" "$tree/tests/"
	cp -r "$TOP/tests/lab" "$tree/tests/"
	printf '%s\n' '#!/bin/sh' 'echo "got $KERNEL $MACHINE ${GUESTS##*/build/} ${2:-all}"' \
		'printf "ok 1\n1..1\n" >"$1/part.tap"' >"$tree/tests/part/run"
	chmod +x "$tree/tests/part/run"
	env -u KERNEL -u MACHINE -u GUESTS -u CMM_SLOTS "$tree/tests/check" "$@" | sed -n 's/^.*: got //p' | sort
}

@test "tests/check sets kernel, machine and guest directory for each part" {
	[ "$(checked part:quick part@6.12-64k part:quick@5.10-64k@p8-hash)" = "5.10-64k p8-hash guest/5.10-64k@p8-hash quick
6.12-64k p9 guest/6.12-64k all
stock p9 guest quick" ]
}

# machine NAME: sets output to the QEMU options and kernel parameters of this machine
machine() {
	run env "MACHINE=$1" bash -euc '. "$1/tests/lab/common.sh"; . "$1/tests/lab/machines.sh"
		echo "pseries$(machine_options) $(machine_parameters)"' machine "$TOP"
}

@test "machines.sh: each machine has its QEMU options and kernel parameters" {
	machine p9
	[ "$output" = "pseries " ]
	machine p9-hash
	[ "$output" = "pseries disable_radix" ]
	machine p8-hash
	[ "$output" = "pseries,max-cpu-compat=power8 " ]
	machine p9-hash-no-hint
	[ "$output" = "pseries disable_radix cmo_free_hint=off" ]
	machine p8-hash-no-hint
	[ "$output" = "pseries,max-cpu-compat=power8 cmo_free_hint=off" ]
}

@test "machines.sh: an unknown machine is refused, and known ones are listed" {
	local known
	known=$(sed -n 's/^MACHINES=(\(.*\))$/\1/p' "$TOP/tests/lab/machines.sh")
	[[ $known == p9\ * ]]
	machine p10
	[ "$status" -eq 1 ]
	[ "$output" = "machine: MACHINE is p10; known are $known" ]
}
