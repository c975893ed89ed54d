#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=quick-look
# Loans and returns, with a simulated hypervisor.

load ../lib/guest

setup() {
	remember_memory
	load_driver
}

# After each test the driver is unloaded, and must return every page.
teardown() {
	unload_driver && nothing_is_left
}

@test "a loan is exactly as large as requested, and MemTotal falls by its size" {
	loan 262144
	[ "$(target)" -eq 262144 ]
	[ "$(mem_total_kb)" -eq $((BEFORE_KB - 262144)) ]
	[ $(($(balloon_pages) * $(page_kb))) -eq 262144 ]
}

@test "a target that ends inside a page is rounded down to whole pages" {
	local page
	page=$(page_kb)
	ask $((page * 3 + page / 2))
	wait_for 10 loaned_is $((page * 3))
	[ "$(target)" -eq $((page * 3)) ]
}

@test "a larger target loans pages, a smaller one returns some, 0 returns all" {
	loan 65536
	loan 131072
	loan 32768
	[ "$(mem_total_kb)" -eq $((BEFORE_KB - 32768)) ]
	loan 0
	[ "$(mem_total_kb)" -eq "$BEFORE_KB" ]
}

@test "the target changes often: the loan meets the last target" {
	local i
	for i in $(seq 20); do
		ask $((i % 2 ? 262144 : 1024))
	done
	ask 98304
	wait_for 20 loaned_is 98304
}

@test "min_mem_mb limits the target, and the loan meets the limited target" {
	local floor_mb=$((BEFORE_KB / 1024 - 256))
	echo "$floor_mb" >"$PARAMETERS/min_mem_mb"
	ask $((BEFORE_KB * 2))
	wait_for 20 target_is $((BEFORE_KB - floor_mb * 1024))
	wait_for 20 loaned_is "$(target)"
}

@test "min_mem_mb is raised: the driver returns memory" {
	loan 262144
	echo $((BEFORE_KB / 1024 - 128)) >"$PARAMETERS/min_mem_mb"
	wait_for 20 loaned_is $((BEFORE_KB - (BEFORE_KB / 1024 - 128) * 1024))
}

@test "min_mem_mb is more than all memory: nothing is loaned" {
	echo 1000000 >"$PARAMETERS/min_mem_mb"
	ask 65536
	sleep 2.5
	[ "$(target)" -eq 0 ]
	[ "$(loaned)" -eq 0 ]
}

@test "disable=1 waits until all pages are returned, and disable=0 loans again" {
	loan 262144
	echo 1 >"$PARAMETERS/disable"
	[ "$(loaned)" -eq 0 ]
	[ "$(mem_total_kb)" -eq "$BEFORE_KB" ]
	ask 131072
	sleep 1.5
	[ "$(loaned)" -eq 0 ]
	echo 0 >"$PARAMETERS/disable"
	wait_for 20 loaned_is 131072
}

@test "loaded with disable=1: nothing is loaned until disable=0" {
	unload_driver
	load_driver disable=1
	ask 65536
	sleep 1.5
	[ "$(loaned)" -eq 0 ]
	echo 0 >"$PARAMETERS/disable"
	wait_for 20 loaned_is 65536
}

@test "unloading returns all pages" {
	loan 262144
	unload_driver
	[ "$(mem_total_kb)" -eq "$BEFORE_KB" ]
}

# bats test_tags=ours-only
@test "memory runs out: state 'no-memory', and 'running' after a lower request" {
	confine_worker
	ask 1048576
	wait_for 20 state_is no-memory
	[ "$(cat "$DEVICE/stats/alloc_failures")" -gt 0 ]
	loan 65536
	wait_for 5 state_is running
}

# trace_worker EVENT...: clears the trace. From now on records only EVENTs of the worker that are about a block of more
# than one page
trace_worker() {
	local event
	echo 0 >"$TRACING/events/enable"
	echo >"$TRACING/trace"
	for event in "$@"; do
		echo "order > 0 && common_pid == $(pgrep -x cmmthread)" >"$TRACING/events/$event/filter"
		echo 1 >"$TRACING/events/$event/enable"
	done
}

# bats test_tags=ours-only,slow
@test "allocations of more than one page cause no reclaim or compaction" {
	local traced
	trace_worker kmem/mm_page_alloc
	loan 131072
	grep -q 'mm_page_alloc: .* order=[1-9]' "$TRACING/trace"
	trace_worker vmscan/mm_vmscan_{direct_reclaim_begin,wakeup_kswapd} \
		compaction/mm_compaction_try_to_compact_pages
	confine_worker
	ask 1310720
	wait_for 20 state_is no-memory
	traced=$(grep -v '^#' "$TRACING/trace" || true)
	trace_worker
	is_equal "reclaim and compaction for blocks" "$traced" ""
}

# bats test_tags=ours-only
@test "a return frees 4K pages in blocks of 32, and 64K pages one by one" {
	local blocks
	loan 131072
	trace_worker kmem/mm_page_free
	loan 0
	blocks=$(grep -c 'mm_page_free: .* order=5' "$TRACING/trace" || true)
	trace_worker
	echo "$blocks blocks"
	if [ "$(page_kb)" -eq 4 ]; then
		[ "$blocks" -ge 900 ]
	else
		[ "$blocks" -eq 0 ]
	fi
}

# bats test_tags=ours-only
@test "each node loans the same share of its free memory" {
	local node free=() percent=()
	for node in 0 1; do
		free[node]=$(node_kb "$node" MemFree)
	done
	loan 524288
	for node in 0 1; do
		percent[node]=$((100 - 100 * $(node_kb "$node" MemFree) / free[node]))
		echo "node $node: of ${free[node]} kB, ${percent[node]} %"
	done
	[ $((percent[0] - percent[1])) -le 5 ]
	[ $((percent[1] - percent[0])) -le 5 ]
}

# bats test_tags=ours-only
@test "delay=1000: the loan still meets a new simulated target at once" {
	echo 1000 >"$PARAMETERS/delay"
	loan 65536
	[ "$(cat "$DEVICE/stats/inflated_pages")" -eq $((65536 / $(page_kb))) ]
	loan 0
	[ "$(cat "$DEVICE/stats/deflated_pages")" -eq $((65536 / $(page_kb))) ]
}
