#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# B10: a loan goes on during an OOM event, and loans the freed pages again
#
# Expected result on the in-tree driver, and settings of the guest (tests/vm/defects/run explains these lines):
# in-tree: the test "(an OOM event ends a loan .*|a poll that began before .*)" fails
# command line: isolcpus=1 nowatchdog

bats_require_minimum_version 1.5.0
load ../lib/defect

BATCH_KB=4096

# no_more_than KB SECONDS: checks for SECONDS, again and again, that loaned_kb is at most KB
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

@test "an OOM event ends a loan under way: freed pages are not loaned again" {
	given modprobe cmm oom_kb=65536
	hv_set delay-us 100
	hv_ask 131072
	given wait_for 60 loaned_is_above 98304
	oom_event_for_all
	no_more_than $((131072 - $(oom_freed) + BATCH_KB)) 3
	hv_set delay-us 0
	wait_for 20 loaned_is $((131072 - $(oom_freed)))
}

@test "a poll that began before an OOM event: its answer is ignored" {
	local answers loans
	given modprobe cmm oom_kb=32768 delay=1
	given leave_a_cpu_to_the_worker
	given hv_loan 65536
	hv_set delay-us 17000000
	given wait_for 8 the_worker_asks
	answers=$(hv mpp-calls)
	loans=$(hv loans)
	hv_set delay-us 0
	oom_event_for_all
	given is_equal "answers by the end of the event" "$(hv mpp-calls)" "$answers"
	given [ "$(oom_freed)" -ge 32768 ]
	# Waits for the late answer and for two more answers
	wait_for 19 answers_are $((answers + 3))
	is_equal "pages loaned since the event" $(($(hv loans) - loans)) 0
	loaned_is $((65536 - $(oom_freed)))
}

# Together with the boot parameter isolcpus=1, this function gives the second CPU to the worker alone. While a hypercall
# lasts, the CPU that makes it handles no interrupts. If a process had run on the second CPU, other CPUs would send
# interrupts there to flush the process's TLB entries, and would wait until these interrupts are handled. The boot
# parameter nowatchdog keeps the kernel from reporting the second CPU as locked up.
leave_a_cpu_to_the_worker() {
	local affinity
	for affinity in /proc/irq/*/smp_affinity; do
		echo 1 >"$affinity" || true
	done 2>/dev/null
	taskset -pc 1 "$(pgrep -x cmmthread)"
}

# answers_are COUNT: succeeds if the hypervisor has answered at least COUNT polls
answers_are() {
	[ "$(hv mpp-calls)" -ge "$1" ]
}

# Succeeds while the worker waits for the answer to a poll
the_worker_asks() {
	[ "$(hv delayed)" -eq 1 ]
}
