#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016,SC2154  # the script given to lab, and what eval is, expand there; stderr is bats's
# What the lab keeps in its cache: nothing that was half made, or that has changed since.

bats_require_minimum_version 1.5.0

LIB=$BATS_TEST_DIRNAME/../lab

# lab SCRIPT: a script of the lab, with makers and a cache of its own
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

@test "an entry is made once, and found again" {
	lab 'dir=$(cache_entry name key make); cat "$dir/file"'
	[ "$status" -eq 0 ]
	[ "$output" = content ]
	lab 'dir=$(cache_entry name key make); cat "$dir/file"'
	[ "$status" -eq 0 ]
	[ "$output" = content ]
	[ "$(times_made)" -eq 1 ]
}

@test "an entry that has changed, or lacks something, is made anew" {
	local change
	lab 'cache_entry name key make'
	for change in 'echo junk >>"$dir/file"' 'rm "$dir/file"' 'rm "$dir/.sums"'; do
		# shellcheck disable=SC2034  # by eval
		dir=$output
		eval "$change"
		lab 'dir=$(cache_entry name key make); cat "$dir/file"; echo "$dir"'
		[ "$status" -eq 0 ]
		[ "${lines[0]}" = content ]
		[[ $stderr == *"name is damaged, made anew"* ]]
		output=${lines[1]}
	done
	[ "$(times_made)" -eq 4 ]
}

@test "another key is another entry" {
	lab '[ "$(cache_entry name key make)" != "$(cache_entry name other make)" ]'
	[ "$status" -eq 0 ]
	[ "$(times_made)" -eq 2 ]
}

@test "what fails half way, in a subshell too, is no entry" {
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

@test "where a failure wouldn't end the script there is no entry to be had" {
	local condition
	for condition in 'cache_entry name key make || true' 'if dir=$(cache_entry name key make); then :; fi'; do
		lab "$condition"
		[[ $stderr == *"cache entry name: wanted where failures don't end the script"* ]]
	done
	[ ! -e "$BATS_TEST_TMPDIR/made" ]
}
