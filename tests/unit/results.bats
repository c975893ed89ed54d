#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016  # lab expands the variables of a script
# Tests how the runs of tests write pages to docs/results.

TOP=$BATS_TEST_DIRNAME/../..

# rows ROW...: calls results_rows, on the commit "abc", and puts the page's table into $output
rows() {
	run bash -euc '
		. "$1/tests/lab/common.sh"
		TOP=$2
		commit_of_tree() { echo abc; }
		date() { echo today; }
		printf "%s\n" "${@:3}" | results_rows page Title "| name | passed |"
		cat "$TOP/docs/results/page.md"
	' lab "$TOP" "$BATS_TEST_TMPDIR" "$@"
	[ "$status" -eq 0 ]
	output=$(sed -n '/^|/p' <<<"$output")
}

@test "results_rows: the first call makes a table with sorted rows" {
	rows '| 6.12-4k | 7 |' '| 6.1-64k | 5 |'
	[ "$output" = '| name | passed | commit | date |
|---|---|---|---|
| 6.1-64k | 5 | abc | today |
| 6.12-4k | 7 | abc | today |' ]
}

@test "results_rows: a new row replaces only the row with the same name" {
	rows '| 6.1-64k | 5 |' '| 6.1-64k@p8 | 6 |' '| a 6.1-64k | 7 |'
	rows '| 6.1-64k | 9 |'
	[ "$output" = '| name | passed | commit | date |
|---|---|---|---|
| 6.1-64k | 9 | abc | today |
| 6.1-64k@p8 | 6 | abc | today |
| a 6.1-64k | 7 | abc | today |' ]
}
