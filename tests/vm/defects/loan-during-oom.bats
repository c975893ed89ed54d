#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# B10: a loan goes on through an OOM event, and takes again what that freed
# in-tree: fails: (a loan under way doesn't take what the event frees|an answer from before .*)
# command line: isolcpus=1 nowatchdog

bats_require_minimum_version 1.5.0
load ../lib/defect

BATCH_KB=4096

# no_more_than KB SECONDS: and not at a single look in this time
no_more_than() {
	local end=$((SECONDS + $2)) now
	while [ "$SECONDS" -lt "$end" ]; do
		now=$(loaned)
		[ "$now" -le "$1" ] || {
			echo "on loan: $now KiB, and $1 are allowed"
			return 1
		}
	done
}

@test "a loan under way doesn't take what the event frees" {
	given modprobe cmm oom_kb=65536
	hv_set delay-us 100
	hv_ask 131072
	given wait_for 60 loaned_is_above 98304
	oom_event_for_all
	no_more_than $((131072 - $(oom_freed) + BATCH_KB)) 3
	hv_set delay-us 0
	wait_for 20 loaned_is $((131072 - $(oom_freed)))
}

@test "an answer from before the event isn't followed after it" {
	given modprobe cmm oom_kb=32768 delay=1
	given leave_a_cpu_to_the_worker
	given hv_loan 65536
	hv_set delay-us 17000000
	given wait_for 8 the_worker_asks
	ANSWERS=$(hv mpp-calls)
	LOANS=$(hv loans)
	hv_set delay-us 0
	oom_event_for_all
	given is_equal "answers, at the end of the event" "$(hv mpp-calls)" "$ANSWERS"
	given [ "$(oom_freed)" -ge 32768 ]
	wait_for 19 answered_again
	is_equal "pages loaned since the event" $(($(hv loans) - LOANS)) 0
	loaned_is $((65536 - $(oom_freed)))
}

# A CPU that waits for the hypervisor does nothing else: no interrupt is taken, nor another CPU's
# request to forget a process's addresses, for which that waits. So from the start no process
# may have been there. And the kernel is not to look for a CPU that takes none for so long.
leave_a_cpu_to_the_worker() {
	local affinity
	for affinity in /proc/irq/*/smp_affinity; do
		echo 1 >"$affinity" || true
	done 2>/dev/null
	taskset -pc 1 "$(pgrep -x cmmthread)"
}

# The late answer, and two more
answered_again() {
	[ "$(hv mpp-calls)" -ge $((ANSWERS + 3)) ]
}

# It has asked what is wanted, and the answer is to come.
the_worker_asks() {
	[ "$(hv delayed)" -eq 1 ]
}
