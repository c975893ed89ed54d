#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016  # the script given to two expands there
# How the lab runs things side by side.

bats_require_minimum_version 1.5.0

TOP=$BATS_TEST_DIRNAME/../..

# two SCRIPT ITEM...: SCRIPT, a command's body, with each of them, in an empty folder
two() {
	cd "$BATS_TEST_TMPDIR" || return
	run timeout 20 bash -euc '
		TOP=$1
		. "$TOP/tests/lib/common.sh"
		. "$TOP/tests/vm/guests.sh"
		eval "work() { $2; }"
		two_at_a_time work "${@:3}"
		echo end
	' two "$TOP" "$@"
}

@test "two at a time: the next one begins when either has ended" {
	two 'touch $1; [ $1 != first ] || until [ -e third ]; do sleep 0.1; done' first second third
	[ "$status" -eq 0 ]
	[ "$output" = end ]
}

@test "two at a time: never three" {
	two 'mkdir $1; echo [0-9]* | wc -w; sleep 0.2; rmdir $1' {1..6}
	[ "$status" -eq 0 ]
	[ "$(sort -n <<<"${output%$'\n'end}" | tail -n 1)" -eq 2 ]
	[ "$(wc -l <<<"$output")" -eq 7 ]
}

@test "two at a time: of those that end at once none is lost" {
	two ':' {1..40}
	[ "$status" -eq 0 ]
	[ "$output" = end ]
}

@test "two at a time: after one that fails the other ends, and none begins" {
	two 'touch $1; [ $1 != second ] || exit 3; sleep 1; touch $1-ended' first second third
	[ "$status" -eq 3 ]
	[ "$output" = "" ]
	[ -e first-ended ]
	[ ! -e third ]
}
