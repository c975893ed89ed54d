#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016  # the scripts that stand for programs expand the variables
# Tests the check of the host's programs and libraries, in a PATH that has only links. Links to "true" stand for the
# programs that the check looks for.

bats_require_minimum_version 1.5.0

TOP=$BATS_TEST_DIRNAME/../..
BIN=$BATS_TEST_TMPDIR/bin

# Fills the PATH with links for all programs of needs.list
setup() {
	local name
	mkdir "$BIN"
	sed -n 's/^\([a-z][^ :]*\) .*/\1/p' "$TOP/tests/lab/needs.list" | while read -r name; do
		ln -s "$(type -P true)" "$BIN/$name"
	done
	for name in awk bash date dirname make sed sh uname; do
		ln -sf "$(type -P "$name")" "$BIN/"
	done
}

# instead PROGRAM SCRIPT: replaces the program by a shell script
instead() {
	rm "$BIN/$1"
	printf '#!/bin/sh\n%s\n' "$2" >"$BIN/$1"
	chmod +x "$BIN/$1"
}

# check PURPOSE: runs tests/lab/needs in the PATH that has only links
check() {
	run env "PATH=$BIN" "NEEDS_SBIN=$BIN" "$TOP/tests/lab/needs" "$1"
}

# lists PURPOSE NAME...: checks that tests/lab/needs PURPOSE fails with status 2, and that its lines say that exactly
# these programs and libraries are missing
lists() {
	check "$1"
	[ "$status" -eq 2 ]
	[ "$(sed -n 's/ is missing; packages: .*//p' <<<"$output")" = "$(printf '%s\n' "${@:2}")" ]
	[ "${#lines[@]}" -eq $(($# - 1)) ]
}

@test "needs: if nothing is missing, the check prints nothing" {
	local purpose
	for purpose in tool unit lint; do
		check "$purpose"
		[ "$status" -eq 0 ]
		[ -z "$output" ]
	done
}

@test "needs: a line names the packages of three distributions" {
	instead pkg-config '[ "$2" != libudev ]'
	check tool
	[ "$status" -eq 2 ]
	[ "$output" = "libudev is missing; packages: libudev-dev (Debian, Ubuntu), systemd-devel (Fedora), libudev-devel (SUSE)" ]
}

@test "needs: without gcc, no line says that a library of gcc is missing" {
	rm "$BIN/gcc"
	lists tool gcc
	lists unit gcc
	lists lint gcc
}

@test "needs: without pkg-config, no line says that a library is missing" {
	rm "$BIN/pkg-config"
	lists tool pkg-config
}

@test "needs: without libc's headers, a single line says so" {
	instead gcc 'exit 1'
	lists unit libc
}

@test "needs: the tests on the host need both sanitizers' libraries" {
	instead gcc 'case $* in *-fsanitize=*) exit 1 ;; esac'
	lists unit libasan libubsan
	instead gcc 'case $* in *-fsanitize=undefined*) exit 1 ;; esac'
	lists unit libubsan
	check cli
	[[ $output == *"libubsan is missing; packages: gcc (Debian, Ubuntu), libubsan (Fedora), gcc (SUSE)"* ]]
}

@test "needs: each missing program has a line" {
	rm "$BIN"/{git,mandoc,cppcheck}
	lists lint git cppcheck mandoc
}

@test "needs: each name in needs.sh has a row in needs.list" {
	run bash -euc '
		TOP=$1
		. "$TOP/tests/lab/common.sh"
		. "$TOP/tests/lab/needs.sh"
		for name in "${NEEDED_BY_TOOL[@]}" "${NEEDED_BY_UNIT[@]}" "${NEEDED_BY_CLI[@]}" "${NEEDED_BY_LINT[@]}"; do
			needs_row "$name" >/dev/null
		done' rows "$TOP"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "make: if gcc is missing, the error names its packages; the status is 2" {
	rm "$BIN/gcc"
	run env -u MAKEFLAGS "PATH=$BIN" "NEEDS_SBIN=$BIN" make -C "$TOP" "O=$BATS_TEST_TMPDIR/build"
	[ "$status" -eq 2 ]
	[[ $output == *"gcc is missing; packages: gcc (Debian, Ubuntu), gcc (Fedora), gcc (SUSE)"* ]]
	[[ $output != *"not found"* ]]
}
