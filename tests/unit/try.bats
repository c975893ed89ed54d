#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Tests tests/try, the script of make try, with functions that stand for builds and guests.

bats_require_minimum_version 1.5.0

TOP=$BATS_TEST_DIRNAME/../..

# try NAME=VALUE...: runs tests/try with these variables. No guest boots: a function in its place prints KERNEL, and the
# results of two tests, of which one passed and one was skipped
try() {
	local tree=$BATS_TEST_TMPDIR/tree
	mkdir -p "$tree/tests/vm"
	cp -r "$TOP"/tests/{try,lab,lib} "$tree/tests/"
	cp -r "$TOP"/tests/vm/{suite,defects} "$tree/tests/vm/"
	cat >>"$tree/tests/lab/guests.sh" <<-'END'
		debian_use_apt() { :; }
		build_for_guests() { :; }
		kernel_faults() { :; }
		guest() { printf '%s\n' "# guest with $KERNEL, $*" 'ok 1 a' 'ok 2 b # skip' 1..2 | tee "$OUT/try.out"; }
	END
	run env -u KERNEL -u MACHINE -u DEBUG -u TEST -u DRIVER -u GUEST_SHELL -u CMM_SLOTS "$@" "$tree/tests/try"
}

# refused TEXT: checks that the last call of try() failed with status 2, and printed only the line "try: TEXT". A guest
# would have printed more
refused() {
	[ "$status" -eq 2 ]
	[ "$output" = "try: $1" ]
}

@test "try: the last line has the number of skipped tests" {
	try SUITE=loan.bats
	[ "$status" -eq 0 ]
	[ "${lines[-1]}" = "1 passed, 0 failed, 1 skipped" ]
}

@test "try: TEST that matches no test is refused" {
	try SUITE=loan.bats TEST=nosuch
	refused "TEST is 'nosuch', which no test in suite/loan.bats matches"
}

@test "try: refuses a file that ends the guest, and names the command to use" {
	try SUITE=stopped-twice.bats
	refused "the tests in defects/stopped-twice.bats end the guest, so only make check-defects DEFECTS=A8 can judge them"
}

@test "try: only DEBUG=1 selects the debug kernel" {
	try SUITE=loan.bats DEBUG=1
	[[ $output == *"guest with debug"* ]]
	try SUITE=loan.bats DEBUG=0 KERNEL=7.2-4k
	[[ $output == *"guest with 7.2-4k"* ]]
}

@test "try: DEBUG=1 together with another kernel is refused" {
	try SUITE=loan.bats DEBUG=1 KERNEL=7.2-4k
	refused "DEBUG=1 selects the kernel debug, but KERNEL is '7.2-4k'; set only one of them"
}

@test "try: DEBUG must be 0 or 1" {
	try SUITE=loan.bats DEBUG=yes
	refused "DEBUG is 'yes'; known are 0 and 1"
}

@test "try: the tags of a file decide the hypervisor and the kernel parameters" {
	try SUITE=in-tree-built-in.bats
	[[ $output == *"--hypervisor cmo-page-size=4K "*"--append  initcall_blacklist=cmm_init"* ]]
	try SUITE=in-tree-alive.bats
	[[ $output == *"--append  cmm.simulate=1"* ]]
	[[ $output != *--hypervisor* ]]
}
