#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=hypervisor,cmo-64k,quick-look
# Loans to the emulated hypervisor. After each test the driver is unloaded. Then the hypervisor must hold no page, and
# must not have counted any errors of the guest.

bats_require_minimum_version 1.5.0
load ../lib/guest
load ../lib/hypervisor

setup_file() {
	BLOCK=$(movable_block)
	export BLOCK
	hv_connect
}

setup() {
	spare_this_process
	hv_ask 0
	remember_memory
	modprobe "$MODULE"
}

teardown() {
	[ "$(cat "$BLOCK/state")" = online ] || echo online_movable >"$BLOCK/state"
	unload_driver && hypervisor_holds_nothing && nothing_is_left
}

both_hold() {
	[ "$(loaned)" -eq "$1" ]
	[ "$(hv_loaned_kb)" -eq "$1" ]
}

@test "without simulate=1: the driver loads, and has no simulated target" {
	[ ! -e "$DEVICE/simulate_loan_target_kb" ]
	[ "$(cat "$PARAMETERS/simulate")" = N ]
	run cmm-admin report --all
	[[ $output =~ mode\ +hypervisor ]]
}

@test "driver and hypervisor both count exactly the requested loan" {
	hv_loan 262144
	both_hold 262144
	hv_loan 327680
	both_hold 327680
	hv_loan 65536
	both_hold 65536
}

@test "a negative request returns pages, at most the whole loan" {
	hv_loan 131072
	hv_set loan-request $((-65536 * 1024))
	wait_for 20 loaned_is 65536
	both_hold 65536
	hv_set loan-request $((-1 << 40))
	wait_for 20 loaned_is 0
	both_hold 0
}

@test "a request for more than all memory leaves min_mem_mb to the guest" {
	echo $((BEFORE_KB / 1024 - 300)) >"$PARAMETERS/min_mem_mb"
	hv_ask $((BEFORE_KB * 10))
	wait_for 30 loaned_is $((BEFORE_KB - (BEFORE_KB / 1024 - 300) * 1024))
	both_hold "$(loaned)"
}

# bats test_tags=slow
@test "a request that ends inside a page is rounded toward zero" {
	hv_set loan-goal $((3 * $(page_kb) * 1024 + 1))
	wait_for 20 loaned_is $((3 * $(page_kb)))
	hv_set loan-goal $((2 * $(page_kb) * 1024 + 1))
	sleep 2.5
	both_hold $((3 * $(page_kb)))
}

# bats test_tags=slow
@test "the request changes often: the loan meets the last request" {
	local i
	for i in 1 2 3 4 5 6; do
		hv_ask $((i % 2 ? 262144 : 16384))
		sleep 0.7
	done
	hv_loan 98304
	both_hold 98304
}

# A loan frees memory of the host only if the host has provided memory for the loaned pages. So the guest first writes
# to its pages. drop-unused is off, because otherwise the host would free this memory as soon as the guest frees the
# pages.
# bats test_tags=slow
@test "a loan frees host memory, and use of the returned pages takes it again" {
	local before
	hv_set drop-unused false
	fill_memory
	before=$(hv host-resident)
	hv_loan 524288 60
	[ $((before - $(hv host-resident))) -ge $(((512 - UNTOUCHED_MB) * 1048576 * 95 / 100)) ]
	hv_loan 0 60
	fill_memory
	[ $(($(hv host-resident) - before)) -gt $((-524288 * 1024 / 20)) ]
	hv_set drop-unused true
}

# fill_memory: writes to nearly all of the free memory, so that the host has to provide memory for it. UNTOUCHED_MB of
# the free memory are left out. The driver may loan this part first, so the test does not count it.
UNTOUCHED_MB=160
fill_memory() {
	local kb
	kb=$(awk '$1 == "MemAvailable:" { print $2 }' /proc/meminfo)
	mkdir -p /mnt
	mount -t tmpfs -o size=100% fill /mnt
	dd if=/dev/zero of=/mnt/fill bs=1M count=$((kb / 1024 - UNTOUCHED_MB)) status=none
	umount /mnt
}

@test "disable=1: every page is active when the write ends" {
	hv_loan 262144
	echo 1 >"$PARAMETERS/disable"
	both_hold 0
}

@test "unloading: every page is active afterwards" {
	hv_loan 262144
	unload_driver
	[ "$(hv loaned)" -eq 0 ]
}

# bats test_tags=slow
@test "a block with loaned pages goes offline, and the loan keeps its size" {
	hv_loan "$NEARLY_ALL_KB" 180
	echo offline >"$BLOCK/state"
	wait_for 60 loaned_is "$NEARLY_ALL_KB"
	both_hold "$NEARLY_ALL_KB"
}

@test "the pages that OOM events return are activated" {
	confine_worker
	hv_loan 262144
	echo 32768 >"$PARAMETERS/oom_kb"
	oom_event
	oom_event
	oom_event
	wait_for 10 loaned_is $((262144 - 3 * 32768))
	both_hold $((262144 - 3 * 32768))
}

# bats test_tags=slow
@test "a minute of compaction and changing loans: files stay intact" {
	local i sums compactor
	mkdir -p /mnt
	mount -t tmpfs -o size=400M files /mnt
	head -c 300M /dev/urandom | split -b 4M - /mnt/file
	sums=$(cat /mnt/file* | sha256sum)
	(
		exec 3>&-
		while :; do echo 1 >/proc/sys/vm/compact_memory; done
	) &
	compactor=$!
	for i in $(seq 1 30); do
		hv_ask $((i % 2 ? 786432 : 196608))
		sleep 2
	done
	kill "$compactor"
	wait "$compactor" || true
	[ "$(cat /mnt/file* | sha256sum)" = "$sums" ]
	umount /mnt
	wait_for 30 loaned_is $(($(hv loan-goal) / 1024))
	both_hold "$(loaned)"
	[ "$(vmstat balloon_migrate)" -gt 0 ]
}

second_node_is_used_up() {
	[ "$(node_kb 1 MemFree)" -lt 65536 ]
}

# bats test_tags=slow
@test "a DIMM with loaned pages is unplugged, and the loan keeps its size" {
	local kb
	# The DIMM is in the smaller node, so that the other node has room for the pages of the DIMM.
	plug_dimm loaned 1
	# Both drivers must loan all memory of the smaller node. Without confine_worker, the in-tree driver would begin with
	# the other node, which has the CPUs.
	kb=$(($(node_kb 1 MemTotal) + 524288))
	confine_worker
	hv_ask "$kb"
	wait_for 60 second_node_is_used_up
	free_worker
	hv_loan "$kb" 180
	unplug_dimm loaned
	wait_for 30 mem_total_is $((BEFORE_KB - kb))
	both_hold "$kb"
}
