#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=quick-look
# OOM events, memory hotplug and compaction while memory is on loan

load ../lib/guest

setup_file() {
	BLOCK=$(movable_block)
	export BLOCK
}

setup() {
	spare_this_process
	remember_memory
	load_driver
}

teardown() {
	[ "$(cat "$BLOCK/state")" = online ] || echo online_movable >"$BLOCK/state"
	remove_gaps
	unload_driver && nothing_is_left
}

# With oom_kb at 8 MiB, one event returns enough pages to lift the node's free memory above the node's watermark. So no
# second event follows.
@test "an OOM event returns oom_kb of memory, and the target falls by oom_kb" {
	loan 131072
	echo 8192 >"$PARAMETERS/oom_kb"
	oom_event
	wait_for 5 loaned_is $((131072 - 8192))
	[ "$(cat "$OOM_FREED")" -eq 8192 ]
	sleep 2
	[ "$(target)" -eq $((131072 - 8192)) ]
	[ "$(loaned)" -eq $((131072 - 8192)) ]
	echo 0 >"$OOM_FREED"
	wait_for 10 loaned_is 131072
}

@test "oom_freed_kb is the sum of the memory that OOM events returned" {
	loan 131072
	echo 8192 >"$PARAMETERS/oom_kb"
	oom_event
	oom_event
	wait_for 5 loaned_is $((131072 - 16384))
	[ "$(cat "$OOM_FREED")" -eq 16384 ]
}

@test "an OOM event with oom_kb=0 returns nothing" {
	loan 65536
	echo 0 >"$PARAMETERS/oom_kb"
	oom_event
	[ "$(cat "$OOM_FREED")" -eq 0 ]
	[ "$(loaned)" -eq 65536 ]
}

moved_pages() {
	echo $(($(vmstat balloon_migrate) + $(vmstat balloon_deflate)))
}

# The block that goes offline is in the first node, and nearly all of that node's movable zone is on loan. Loaned pages
# that would have to move to the second node are returned instead. After hotplug_delay the driver loans other pages in
# their place.
@test "a block with loaned pages goes offline, and the loan keeps its size" {
	local size_kb moved
	size_kb=$((0x$(cat "$MEMORY/block_size_bytes") / 1024))
	moved=$(moved_pages)
	loan "$NEARLY_ALL_KB"
	echo offline >"$BLOCK/state"
	[ "$(cat "$BLOCK/state")" = offline ]
	wait_for 20 loaned_is "$NEARLY_ALL_KB"
	[ "$(mem_total_kb)" -eq $((BEFORE_KB - NEARLY_ALL_KB - size_kb)) ]
	[ "$(moved_pages)" -gt "$moved" ]
	[ $(($(balloon_pages) * $(page_kb))) -eq "$NEARLY_ALL_KB" ]
	echo online_movable >"$BLOCK/state"
	[ "$(mem_total_kb)" -eq $((BEFORE_KB - NEARLY_ALL_KB)) ]
}

@test "after memory goes offline, the next loan waits for hotplug_delay" {
	echo $((4 * PATIENCE)) >"$PARAMETERS/hotplug_delay"
	echo offline >"$BLOCK/state"
	ask 65536
	sleep 2
	[ "$(loaned)" -eq 0 ]
	wait_for 10 loaned_is 65536
}

# bats test_tags=ours-only
@test "after memory goes offline, in state 'hotplug', pages can be returned" {
	echo 1000 >"$PARAMETERS/hotplug_delay"
	loan 65536
	echo offline >"$BLOCK/state"
	[ "$(cat "$DEVICE/state")" = hotplug ]
	loan 32768
	[ "$(cat "$DEVICE/state")" = hotplug ]
}

# bats test_tags=ours-only
@test "after memory goes online, a loan does not wait for hotplug_delay" {
	echo 0 >"$PARAMETERS/hotplug_delay"
	echo offline >"$BLOCK/state"
	echo 1000 >"$PARAMETERS/hotplug_delay"
	unload_driver
	load_driver hotplug_delay=1000
	echo online_movable >"$BLOCK/state"
	loan 65536
}

# bats test_tags=slow
@test "compaction moves loaned pages, and the loan keeps its size" {
	local moved
	moved=$(vmstat balloon_migrate)
	lay_loan_and_gaps loan 131072
	echo 1 >/proc/sys/vm/compact_memory
	[ "$(vmstat balloon_migrate)" -gt "$moved" ]
	[ "$(loaned)" -eq 131072 ]
	[ "$(mem_total_kb)" -eq $((BEFORE_KB - 131072)) ]
	[ $(($(balloon_pages) * $(page_kb))) -eq 131072 ]
}

# bats test_tags=ours-only,slow
@test "constant compaction: disabling and unloading still return all pages" {
	local compactor i
	(
		exec 3>&-
		while :; do echo 1 >/proc/sys/vm/compact_memory; done
	) &
	compactor=$!
	for i in 1 2 3 4 5; do
		echo "round $i"
		loan 262144
		echo 1 >"$PARAMETERS/disable"
		[ "$(loaned)" -eq 0 ]
		echo 0 >"$PARAMETERS/disable"
		wait_for 20 loaned_is 262144
		unload_driver
		[ "$(balloon_pages)" -eq 0 ]
		load_driver
	done
	kill "$compactor"
	wait "$compactor" || true
}

# bats test_tags=ours-only
@test "statistics: a loan, an OOM event and a return are counted" {
	local stats=$DEVICE/stats pages
	loan 131072
	echo 8192 >"$PARAMETERS/oom_kb"
	oom_event
	loan 0
	[ "$(cat "$stats/oom_events")" -eq 1 ]
	[ "$(cat "$stats/hv_errors")" -eq 0 ]
	pages=$((131072 / $(page_kb)))
	[ "$(cat "$stats/inflated_pages")" -eq "$pages" ]
	[ "$(cat "$stats/deflated_pages")" -eq "$pages" ]
}
