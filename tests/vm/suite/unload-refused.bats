#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=hypervisor,last,ours-only
# Unloads the driver while the hypervisor refuses to activate the pages on loan. The guest loses these pages for good,
# so this file runs last.

bats_require_minimum_version 1.5.0
load ../lib/guest
load ../lib/hypervisor

# bats test_tags=slow
@test "unloading while activations are refused leaks pages, and logs it" {
	hv_connect
	hv_relent
	spare_this_process
	remember_memory
	modprobe "$MODULE"
	hv_loan 16384
	hv_set fail-activate-every 1
	rmmod "$MODULE"
	dmesg | grep -q 'cmm: leaking 256 pages'
	[ "$(hv_loaned_kb)" -eq 16384 ]
	[ "$(mem_total_kb)" -eq $((BEFORE_KB - 16384)) ]
	hv_relent
	echo 1 >/proc/sys/vm/compact_memory
	modprobe "$MODULE"
	hv_ask $((65536 + 16384))
	wait_for 20 loaned_is 65536
	[ "$(hv_loaned_kb)" -eq $((65536 + 16384)) ]
	rmmod "$MODULE"
	[ -z "$(hv_violations)" ]
}
