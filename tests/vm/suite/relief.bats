#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=hypervisor,ours-only
# If tasks need memory, the driver returns memory in time, and no task hangs meanwhile.

bats_require_minimum_version 1.5.0
load ../lib/guest
load ../lib/hypervisor

NODES=/sys/devices/system/node

setup_file() {
	hv_connect
}

setup() {
	spare_this_process
	hv_ask 0
	remember_memory
	modprobe "$MODULE"
}

teardown() {
	touch /run/storm-ends
	hv_relent
	unload_driver && remove_third_node && hypervisor_holds_nothing && nothing_is_left
}

# node_loaned_kb NODE: prints by how many KiB the MemTotal of NODE has fallen since remember_nodes was called
node_loaned_kb() {
	echo $((NODE_BEFORE_KB[$1] - $(node_kb "$1" MemTotal)))
}

remember_nodes() {
	local node
	for node in 0 1 2; do
		[ ! -e "$NODES/node$node" ] || NODE_BEFORE_KB[node]=$(node_kb "$node" MemTotal)
	done
}

# Removes the memory that a test added to the third node
remove_third_node() {
	[ ! -e "$NODES/node2" ] || {
		unplug_dimm third
		wait_for 30 mem_total_is "$BEFORE_KB"
	}
}

# bats test_tags=slow
@test "OOM of a task bound to a node: only pages of that node are returned" {
	local first
	[ "$(getconf PAGESIZE)" -gt 4096 ] ||
		skip "with 4K pages, the node has no room for page tables when the OOM occurs; a loan can't help"
	remember_nodes
	hv_loan 716800 60
	first=$(node_loaned_kb 0)
	[ "$first" -gt 0 ]
	[ "$(node_loaned_kb 1)" -gt 0 ]
	echo 65536 >"$PARAMETERS/oom_kb"
	# exhaust ends when the kernel kills it.
	run exhaust 1 /dev/null
	[ "$status" -eq 137 ]
	[ "$(node_loaned_kb 1)" -eq 0 ]
	[ "$(node_loaned_kb 0)" -eq "$first" ]
	[ "$(loaned)" -eq "$first" ]
	[ "$(oom_freed)" -eq $((716800 - first)) ]
}

# bats test_tags=slow
@test "OOM of a task in a cpuset: only pages of the cpuset's node are returned" {
	local first group=/run/cgroup/hog
	remember_nodes
	hv_loan 716800 60
	first=$(node_loaned_kb 0)
	echo 65536 >"$PARAMETERS/oom_kb"
	make_cpuset "$group" 1
	run bash -c "echo \$\$ >$group/cgroup.procs; echo 1000 >/proc/self/oom_score_adj; exec tail -n 1 /dev/zero"
	[ "$status" -eq 137 ]
	[ "$(node_loaned_kb 1)" -eq 0 ]
	[ "$(loaned)" -eq "$first" ]
}

# bats test_tags=slow
@test "memory is added to an empty node: an OOM there returns that node's pages" {
	local first second
	[ ! -e "$NODES/node2" ]
	plug_dimm third 2
	remember_nodes
	hv_loan 716800 60
	first=$(node_loaned_kb 0)
	second=$(node_loaned_kb 1)
	[ "$(node_loaned_kb 2)" -gt 0 ]
	run exhaust 2 /dev/null
	[ "$status" -eq 137 ]
	[ "$(node_loaned_kb 2)" -eq 0 ]
	[ "$(node_loaned_kb 0)" -eq "$first" ]
	[ "$(node_loaned_kb 1)" -eq "$second" ]
	[ "$(oom_freed)" -eq $((716800 - first - second)) ]
	echo 0 >"$OOM_FREED"
	wait_for 60 loaned_is 716800
	[ "$(node_loaned_kb 2)" -gt 0 ]
	unload_driver
	[ "$(node_loaned_kb 2)" -eq 0 ]
}

# bats test_tags=slow
@test "OOM event with enough free memory: nothing is returned" {
	local events
	hv_loan 65536
	hv_set delay-us 100
	hv_ask 524288
	wait_for 20 loaned_is_above 70000
	events=$(cat "$DEVICE/stats/oom_events")
	oom_event_now
	[ "$(cat "$DEVICE/stats/oom_events")" -gt "$events" ]
	[ "$(oom_freed)" -eq 0 ]
	[ "$(target)" -eq 524288 ]
	hv_set delay-us 0
	wait_for 20 loaned_is 524288
}

# The return of a page of 64 KiB takes 16 calls of 50 ms, which is 0.8 s. The return of the whole loan would take 14
# minutes.
@test "OOM event with slow calls: at least one page is returned, but not all" {
	# This fast return makes the next batches of returns larger. But the OOM event must begin with one page.
	hv_loan 131072
	hv_loan 65536
	hv_set delay-us 50000
	echo 4294967295 >"$PARAMETERS/oom_kb"
	oom_event_now
	[ "$(oom_freed)" -ge "$(page_kb)" ]
	[ "$(oom_freed)" -le 256 ]
}

# The return of a page of 64 KiB takes 16 calls of 0.06 ms and the time of the emulation, and a batch should take about
# 5 ms. So a batch should have about three pages. With this oom_kb, the event returns memory although much is free.
# bats test_tags=slow
@test "OOM event with slow calls: a batch has at most six pages" {
	local pages
	# This fast return makes the next batches larger.
	hv_loan 131072
	hv_loan 65536
	hv_set delay-us 60
	echo 4294967295 >"$PARAMETERS/oom_kb"
	echo >"$TRACING/trace"
	echo "common_pid != $(pgrep -x cmmthread)" >"$TRACING/events/cmm/cmm_deflate/filter"
	echo 1 >"$TRACING/events/cmm/cmm_deflate/enable"
	oom_event_now
	echo 0 >"$TRACING/events/cmm/cmm_deflate/enable"
	echo 0 >"$TRACING/events/cmm/cmm_deflate/filter"
	pages=$(grep -oP 'cmm_deflate: .*done=\K[0-9]+' "$TRACING/trace")
	echo "pages in each batch: ${pages//$'\n'/ }"
	[ "$(wc -l <<<"$pages")" -gt 2 ]
	[ "$(sort -n <<<"$pages" | tail -n 1)" -le 6 ]
}

# oom_kb is 1 MiB. The hypervisor refuses to activate any page, so each OOM event takes pages off the balloon, but
# returns none. The worker tries the refused pages again, but only the attempts of OOM events count.
# bats test_tags=slow
@test "OOM event with refused activations: at most twice oom_kb is tried" {
	local events tried
	hv_loan 716800 60
	events=$(cat "$DEVICE/stats/oom_events")
	hv_set fail-activate-every 1
	echo >"$TRACING/trace"
	echo "common_pid != $(pgrep -x cmmthread)" >"$TRACING/events/cmm/cmm_deflate/filter"
	echo 1 >"$TRACING/events/cmm/cmm_deflate/enable"
	run exhaust 1 /dev/null
	echo 0 >"$TRACING/events/cmm/cmm_deflate/enable"
	echo 0 >"$TRACING/events/cmm/cmm_deflate/filter"
	[ "$status" -eq 137 ]
	events=$(($(cat "$DEVICE/stats/oom_events") - events))
	tried=$(awk -F refused= '/cmm_deflate:/{ pages += $2 } END { print pages + 0 }' "$TRACING/trace")
	echo "$tried pages in $events events"
	[ "$tried" -gt 0 ]
	[ $((tried * $(page_kb))) -le $((2 * 1024 * events)) ]
}

# start_storm KB: loans KB, and starts a background process that causes OOM events until end_storm is called. Each event
# takes a second, because calls are slow. The next event follows at once. Events do not stop, because the kernel can kill
# no process.
start_storm() {
	spare_every_process
	rm -f /run/storm-ends
	hv_loan "$1"
	echo 4294967295 >"$PARAMETERS/oom_kb"
	hv_set delay-us 2000
	(
		exec 3>&-
		while [ ! -e /run/storm-ends ]; do echo f >/proc/sysrq-trigger; done
	) &
	STORM=$!
}

end_storm() {
	touch /run/storm-ends
	wait "$STORM"
}

# bats test_tags=slow
@test "a lower request lowers the target even during constant OOM events" {
	start_storm 262144
	hv_ask 0
	wait_for 10 target_is 0
	end_storm
}

# The worker polls once a second, so each poll overlaps an OOM event. If the worker ignored the answer to such a poll, it
# would return nothing until the next poll.
# bats test_tags=slow
@test "a return does not pause for a second if a poll overlaps an OOM event" {
	local events pause
	start_storm 262144
	hv_ask 0
	wait_for 10 target_is 0
	events=$(cat "$DEVICE/stats/oom_events")
	echo >"$TRACING/trace"
	echo 1 >"$TRACING/events/cmm/cmm_deflate/enable"
	echo begin >"$TRACING/trace_marker"
	sleep 8
	echo end >"$TRACING/trace_marker"
	echo 0 >"$TRACING/events/cmm/cmm_deflate/enable"
	[ "$(loaned)" -gt 0 ]
	end_storm
	[ $(($(cat "$DEVICE/stats/oom_events") - events)) -ge 3 ]
	pause=$(longest_pause_ms)
	echo "the worker returned nothing for $pause ms"
	[ "$pause" -lt 900 ]
}

# longest_pause_ms: prints the longest time in the trace, in ms, in which the worker returned no page. The trace has a
# mark at its beginning and at its end
longest_pause_ms() {
	awk '
		/ tracing_mark_write: / || ($1 ~ /^cmmthread-/ && / cmm_deflate: /) {
			if (last && $4 - last > longest)
				longest = $4 - last
			last = $4 + 0
		}
		END { printf "%d\n", longest * 1000 }
	' "$TRACING/trace"
}

# disable_in_background: writes disable=1 in a background process, and sets DISABLER to its process ID. When the process
# ends, /run/disabler has the status of the write and the shell's error message
disable_in_background() {
	(
		exec 3>&-
		status=0
		words=$( (echo 1 >"$PARAMETERS/disable") 2>&1) || status=$?
		echo "$status $words" >/run/disabler
	) &
	DISABLER=$!
	wait_for 10 state_is disabled
}

@test "while a write of disable=1 waits, parameters can be read and written" {
	hv_loan 262144
	hv_set delay-us 1000
	disable_in_background
	[ "$(timeout 5 cat "$PARAMETERS/disable")" -eq 1 ]
	timeout 5 cat "$PARAMETERS/delay"
	timeout 5 bash -c "echo 2 >$PARAMETERS/delay"
	[ "$(loaned)" -gt 0 ]
	kill -0 "$DISABLER"
	hv_set delay-us 0
	wait "$DISABLER"
	[ "$(cat /run/disabler)" = "0 " ]
	[ "$(loaned)" -eq 0 ]
}

@test "while a write of disable=1 waits, disable=0 ends it with ECANCELED" {
	hv_loan 262144
	hv_set delay-us 1000
	disable_in_background
	timeout 5 bash -c "echo 0 >$PARAMETERS/disable"
	wait_for 10 disabler_has_ended
	[[ $(cat /run/disabler) == "1 "*"Operation canceled" ]]
	hv_set delay-us 0
	wait_for 20 loaned_is 262144
}

# bats test_tags=slow
@test "cmm-admin disable fails if somebody enables the driver meanwhile" {
	local admin status=0
	hv_loan 262144
	hv_set delay-us 1000
	(exec cmm-admin disable) >/run/disable.out 2>&1 3>&- &
	admin=$!
	wait_for 10 state_is disabled
	timeout 10 cmm-admin enable
	wait "$admin" || status=$?
	[ "$status" -eq 1 ]
	grep -q '^cmm-admin: disable: the driver was enabled again meanwhile; [0-9.]* [KMG]iB on loan$' /run/disable.out
}

# bats test_tags=slow
@test "while set --persist disable=1 waits, another one saves its value" {
	local admin
	hv_loan 262144
	hv_set delay-us 1000
	(exec cmm-admin set --persist disable=1) >/run/disable.out 2>&1 3>&- &
	admin=$!
	wait_for 10 state_is disabled
	cmm-admin set --persist delay=2
	[ "$(loaned)" -gt 0 ]
	hv_set delay-us 0
	wait "$admin"
	grep -qx 'disable = 1' /etc/cmm/cmm.conf.d/50-cmm-admin.conf
	grep -qx 'delay = 2' /etc/cmm/cmm.conf.d/50-cmm-admin.conf
	rm -r /etc/cmm
}

disabler_has_ended() {
	! kill -0 "$DISABLER" 2>/dev/null
}

# bats test_tags=slow
@test "while a write of disable=1 waits, rmmod can start, and both finish" {
	hv_loan 131072
	hv_set delay-us 1000
	disable_in_background
	(
		exec 3>&-
		rmmod "$MODULE"
	) &
	sleep 2
	hv_set delay-us 0
	wait $!
	wait "$DISABLER"
	[ ! -e "/sys/module/$MODULE" ]
}

# The return of the whole loan would take at least 16 seconds.
@test "a write of loan_policy=0 does not wait for the returns that it causes" {
	hv_loan 131072
	hv_set delay-us 1000
	timeout $((2 * PATIENCE)) bash -c "echo 0 >$PARAMETERS/loan_policy"
	[ "$(loaned)" -gt 65536 ]
	wait_for 10 loaned_is_below 131072
	hv_set delay-us 0
	wait_for 20 loaned_is 0
	state_is no-loans
	target_is 131072
}

@test "tracepoint cmm_inflate counts the refused pages if all are refused" {
	echo >"$TRACING/trace"
	echo 1 >"$TRACING/events/cmm/cmm_inflate/enable"
	hv_set fail-loan-every 1
	hv_ask 65536
	wait_for 10 state_is refused
	sleep 1
	echo 0 >"$TRACING/events/cmm/cmm_inflate/enable"
	grep -qE 'cmm_inflate: asked=[0-9]+ done=0 refused=[1-9]' "$TRACING/trace"
	run ! grep -qE 'cmm_inflate: asked=[1-9][0-9]* done=0 refused=0' "$TRACING/trace"
}

# The worker can allocate from the second node only, and the request is larger than that node. So an allocation of the
# worker would hang in the shrinker if it could enter reclaim.
# bats test_tags=slow
@test "a shrinker hangs: disable=1 still returns all pages" {
	confine_worker
	probe hang_in_reclaim
	hv_ask 1048576
	wait_for 60 state_is no-memory
	sleep 3
	timeout 60 bash -c "echo 1 >$PARAMETERS/disable"
	[ "$(loaned)" -eq 0 ]
	[ "$(target)" -eq 0 ]
	wait_for 20 hv_loaned_is 0
	echo N >/sys/module/hang_in_reclaim/parameters/stuck
	rmmod hang_in_reclaim
}

# The loan takes two minutes, and the worker does not sleep before the loan is complete.
# bats test_tags=slow
@test "an RCU-tasks grace period ends while a slow loan still runs" {
	local before
	hv_set delay-us 1000
	hv_ask 524288
	wait_for 20 loaned_is_above 0
	before=$(loaned)
	dmesg --clear
	probe rcu_tasks || true
	dmesg | grep -o 'rcu_tasks: [0-9]* ms'
	[ "$(loaned)" -lt $((before + 131072)) ]
}

@test "the driver does not load in a crash kernel" {
	unload_driver
	probe crash_kernel
	run modprobe "$MODULE"
	[ "$status" -ne 0 ]
	dmesg | tail -n 20 | grep -q 'cmm: not loaning memory of a crash kernel'
	rmmod crash_kernel
	modprobe "$MODULE"
}
