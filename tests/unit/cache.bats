#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016,SC2154  # lab and eval expand these strings; run sets stderr
# The cache of the lab (cache_entry in tests/lab/common.sh) keeps no entry that is incomplete or has changed.

bats_require_minimum_version 1.5.0

LIB=$BATS_TEST_DIRNAME/../lab

# lab SCRIPT: runs SCRIPT with the lab's functions and with an empty cache. SCRIPT can also use three functions that
# fill an entry of the cache. make() succeeds. In the other two, a subshell fails after make() has run: make_half()
# calls make() inside this subshell, and make_on_failure() calls make() before the subshell
lab() {
	XDG_CACHE_HOME=$BATS_TEST_TMPDIR run --separate-stderr env -u CMM_RUN bash -euc "
		set -o pipefail
		. '$LIB/common.sh'
		make() { echo made >>'$BATS_TEST_TMPDIR/made'; echo content >\"\$1/file\"; }
		make_half() { (make \"\$1\" && false); echo more >\"\$1/more\"; }
		make_on_failure() { make \"\$1\"; (cd / && false); echo more >\"\$1/more\"; }
		$1"
}

times_made() {
	wc -l <"$BATS_TEST_TMPDIR/made"
}

@test "cache_entry: an entry is made once and then reused" {
	lab 'dir=$(cache_entry name key make); cat "$dir/file"'
	[ "$status" -eq 0 ]
	[ "$output" = content ]
	lab 'dir=$(cache_entry name key make); cat "$dir/file"'
	[ "$status" -eq 0 ]
	[ "$output" = content ]
	[ "$(times_made)" -eq 1 ]
}

@test "cache_entry: an entry that has changed or lacks a file is made again" {
	local change
	lab 'cache_entry name key make'
	for change in 'echo junk >>"$dir/file"' 'rm "$dir/file"' 'rm "$dir/.sums"'; do
		# shellcheck disable=SC2034  # eval uses dir
		dir=$output
		eval "$change"
		lab 'dir=$(cache_entry name key make); cat "$dir/file"; echo "$dir"'
		[ "$status" -eq 0 ]
		[ "${lines[0]}" = content ]
		[[ $stderr == *"name is damaged and is made again"* ]]
		output=${lines[1]}
	done
	[ "$(times_made)" -eq 4 ]
}

@test "cache_entry: another key makes another entry" {
	lab '[ "$(cache_entry name key make)" != "$(cache_entry name other make)" ]'
	[ "$status" -eq 0 ]
	[ "$(times_made)" -eq 2 ]
}

@test "cache_entry: if making an entry fails, no entry is left" {
	local maker
	for maker in make_half make_on_failure; do
		lab "cache_entry name key $maker"
		[ "$status" -ne 0 ]
		[ -z "$output" ]
		lab "dir=\$(cache_entry name key $maker)"
		[ "$status" -ne 0 ]
		[ -z "$(find "$BATS_TEST_TMPDIR/cmm-dkms" -maxdepth 1 -name 'name-*')" ]
	done
}

@test "cache_entry: a call in a place where bash ignores errors is refused" {
	local condition
	for condition in 'cache_entry name key make || true' 'if dir=$(cache_entry name key make); then :; fi'; do
		lab "$condition"
		[[ $stderr == *"cache entry name: requested in a condition or before ||, where bash ignores errors"* ]]
	done
	[ ! -e "$BATS_TEST_TMPDIR/made" ]
}
