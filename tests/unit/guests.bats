#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016  # scripts given to lab expand there
# How the lab runs commands at the same time, and which suites, kernels and machines its guests get.

bats_require_minimum_version 1.5.0

TOP=$BATS_TEST_DIRNAME/../..

# lab SCRIPT: runs a script with the lab's functions and two slots, in an empty directory
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

@test "side_by_side: two run at once; the next starts when one ends" {
	lab 'work() { touch $1; [ $1 != first ] || until [ -e third ]; do sleep 0.1; done; }
		side_by_side "slot work first" "slot work second" "slot work third"; echo end'
	[ "$status" -eq 0 ]
	[ "$output" = end ]
}

@test "side_by_side: two slots never run three commands" {
	lab 'work() { mkdir $1; echo [0-9]* | wc -w; sleep 0.2; rmdir $1; }
		side_by_side "slot work "{1..6}; echo end'
	[ "$status" -eq 0 ]
	[ "$(sort -n <<<"${output%$'\n'end}" | tail -n 1)" -eq 2 ]
	[ "$(wc -l <<<"$output")" -eq 7 ]
}

@test "side_by_side: a failure is reported, and the others still finish" {
	lab 'work() { [ $1 != second ] || exit 3; sleep 0.2; touch $1; }
		side_by_side "slot work first" "slot work second" "slot work third"'
	[ "$status" -eq 3 ]
	[ -e first ]
	[ -e third ]
}

@test "slot: it is free again after its command fails" {
	lab 'side_by_side "slot false" "slot false" "slot false" || true; slot echo end'
	[ "$status" -eq 0 ]
	[ "$output" = end ]
}

@test "slot: a command in a slot needs no second one" {
	lab 'inner() { slot echo end; }; side_by_side "slot inner" "slot inner" "slot inner"'
	[ "$status" -eq 0 ]
	[ "$(grep -c end <<<"$output")" -eq 3 ]
}

@test "once: the first caller runs the command, the others wait for its end" {
	lab 'work() { sleep 0.3; echo x >>done; }
		ask() { once work work; wc -l <done; }
		side_by_side ask ask ask'
	[ "$status" -eq 0 ]
	[ "$output" = $'1\n1\n1' ]
}

@test "suites: each runs in at least one kind of guest" {
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

# suites_of KIND [NEED...]: sets output to the suites that such a guest runs
suites_of() {
	run bash -euc 'TOP=$1; . "$TOP/tests/lab/common.sh"; . "$TOP/tests/lab/guests.sh"; suites_for "${@:2}"' \
		suites "$TOP" "$@"
}

@test "suites: a guest runs those of its kind and needs, 'last' ones last" {
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

@test "defects: each file is known and found by its number" {
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

@test "slow_suites: finds the tag of a test or of a file" {
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
	[ "$output" = $'of-a-file\nof-a-test' ]
}

# checked PART...: runs these parts by tests/check, with a script that prints what it is given, and prints that
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

@test "check: a part gets its kernel, machine and guests' directory" {
	[ "$(checked part:quick part@6.12-64k part:quick@5.10-64k@p8-hash)" = "5.10-64k p8-hash guest/5.10-64k@p8-hash quick
6.12-64k p9 guest/6.12-64k all
stock p9 guest quick" ]
}

# machine NAME: sets output to the machine's options for QEMU and its parameters for the kernel
machine() {
	run env "MACHINE=$1" bash -euc '. "$1/tests/lab/common.sh"; . "$1/tests/lab/machines.sh"
		echo "pseries$(machine_options) $(machine_parameters)"' machine "$TOP"
}

@test "machines: each has its options of QEMU and parameters of the kernel" {
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

@test "machines: an unknown one is named, with those that are known" {
	machine p10
	[ "$status" -eq 1 ]
	[ "$output" = "machine: MACHINE is p10; known are p9 p9-hash p8-hash p9-hash-no-hint p8-hash-no-hint" ]
}
