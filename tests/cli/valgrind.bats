#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs each command under valgrind, because valgrind finds reads of uninitialized memory. The sanitizers do not find
# these.

bats_require_minimum_version 1.5.0
load ../lib/cli

# clean STATUS ARG...: runs cmm-admin under valgrind. Checks that valgrind finds no error, and that cmm-admin exits with
# STATUS
clean() {
	local wanted=$1
	shift
	run "-$wanted" valgrind --quiet --error-exitcode=99 --leak-check=full \
		--errors-for-leak-kinds=definite,indirect --trace-children=no \
		"$CMM_ADMIN_PLAIN" "$@" --sysroot "$ROOT"
}

# bats test_tags=slow
@test "valgrind finds no memory error in any command" {
	put "$FIXTURE_DEVICE" simulate_loan_target_kb 262144
	fixture_module 0123456789ABCDEF 6.1.0-fixture
	mkdir -p "$ROOT/etc/cmm"
	printf '[parameters]\ndelay = 3 ; s\nmin_mem_mb = 1.5G\n' >"$ROOT/etc/cmm/cmm.conf"
	clean 0 report
	clean 0 report --json
	clean 0 report --all
	LC_ALL=C.UTF-8 clean 0 report --bytes
	clean 0 get --pairs
	clean 0 get --json
	clean 0 set oom_kb=1.5M --persist
	clean 2 set dealy=5
	clean 2 set oom_kb=99999999999G
	clean 0 apply
	clean 0 enable
	clean 0 wait
	clean 0 loan 256M --wait
	clean 0 reset-oom
	clean 0 monitor -c 3 -i 0.01
	clean 0 monitor -c 2 -i 0.01 --json
	clean 0 doctor
	clean 0 doctor --json
	clean 0 check -w available=1M
	clean 0 metrics
	clean 0 metrics -o "$BATS_TEST_TMPDIR/cmm.prom"
	put "$FIXTURE_DEVICE" loaned_kb 0
	clean 0 disable
	clean 2 rapport
}
