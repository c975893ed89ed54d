#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=hypervisor,ours-only,quick-look
# Counts the H_PAGE_INIT calls between two scheduling points, and does not measure time. If the kernel has hash page
# tables, PPC_SMLPAR and cmo_free_hint, freeing a page adds such calls: one for each CMO page in the freed page.

bats_require_minimum_version 1.5.0
load ../lib/guest
load ../lib/hypervisor
load ../lib/defect

MOST_CALLS=100
H_PAGE_INIT=44
# Functions of the driver that make hypercalls in the context of other tasks than the worker
FUNCTIONS=(cmm_oom_event cmm_migrate cmm_balloon_drain)

setup() {
	is_not_preemptible || skip "this kernel can be preempted between any two calls"
	spare_this_process
	hv_connect
	hv_ask 0
	remember_memory
	modprobe "$MODULE"
}

teardown() {
	is_not_preemptible || return 0
	stop_tracing
	remove_gaps
	hv_relent
	unload_driver && hypervisor_holds_nothing && nothing_is_left
}

# Prints the name of the function that implements cond_resched(), or nothing if the kernel is preemptible and has no
# such function
resched_function() {
	awk '$3 == "__cond_resched" || $3 == "_cond_resched" { print $3; exit }' /proc/kallsyms
}

is_not_preemptible() {
	[ -n "$(resched_function)" ]
}

start_tracing() {
	local function
	echo 32768 >"$TRACING/buffer_size_kb"
	{
		echo "p:cmm_test/point $(resched_function)"
		for function in "${FUNCTIONS[@]}"; do
			echo "p:cmm_test/enter $MODULE:$function"
			echo "r:cmm_test/leave $MODULE:$function"
		done
	} >"$TRACING/kprobe_events"
	echo "opcode == $H_PAGE_INIT" >"$TRACING/events/powerpc/hcall_entry/filter"
	echo 1 >"$TRACING/events/powerpc/hcall_entry/enable"
	echo 1 >"$TRACING/events/sched/sched_switch/enable"
	echo 1 >"$TRACING/events/cmm_test/enable"
}

stop_tracing() {
	echo 0 >"$TRACING/events/enable"
	echo >"$TRACING/kprobe_events"
	echo 0 >"$TRACING/events/powerpc/hcall_entry/filter"
	echo >"$TRACING/trace"
	echo 1408 >"$TRACING/buffer_size_kb"
}

# longest_run: prints three numbers: the hypercalls in the trace, how many of these were not made by the worker, and the
# largest number of hypercalls without a scheduling point between them. A call of another task counts only if that task
# is in one of FUNCTIONS. Calls in interrupts do not count.
longest_run() {
	awk '
		/^#/ || $3 ~ /^..[hHsZz]/ { next }
		/ enter: / { inside[$1] = 1; run[$1] = 0 }
		/ leave: / { inside[$1] = 0 }
		/ (point|sched_switch): / { run[$1] = 0 }
		/ hcall_entry: / && ($1 ~ /^cmmthread-/ || inside[$1]) {
			calls++
			others += $1 !~ /^cmmthread-/
			if (++run[$1] > longest)
				longest = run[$1]
		}
		END { print calls + 0, others + 0, longest + 0 }
	' "$TRACING/trace"
}

# makes_few_calls COMMAND...: runs COMMAND, and checks that the driver makes calls, but never more than MOST_CALLS
# between two scheduling points. Sets CALLS to the number of calls, and OTHERS to the number of calls that were not made
# by the worker
makes_few_calls() {
	local longest
	start_tracing
	"$@"
	echo 0 >"$TRACING/events/enable"
	read -r CALLS OTHERS longest < <(longest_run)
	echo "$CALLS calls, $OTHERS by other tasks than the worker, at most $longest between two scheduling points"
	[ "$CALLS" -gt 0 ]
	[ "$longest" -le "$MOST_CALLS" ]
}

# bats test_tags=slow
@test "a loan makes at most 100 hypercalls between scheduling points" {
	makes_few_calls hv_loan 131072
}

# bats test_tags=slow
@test "a return makes at most 100 hypercalls between scheduling points" {
	hv_loan 131072
	makes_few_calls hv_loan 0
}

# The number of calls per page is rounded down, because the worker may also free a little memory that it used for other
# things.
# bats test_tags=slow
@test "a return makes at most one call per CMO page, two with cmo_free_hint" {
	local most=$(($(page_kb) / 4)) pages=$((131072 / $(page_kb)))
	! kernel_sets_unused || most=$((2 * most))
	hv_loan 131072
	makes_few_calls hv_loan 0
	echo "$pages pages, $most calls each are allowed"
	[ $((CALLS / pages)) -le "$most" ]
}

# The worker and the writer return pages at the same time.
# bats test_tags=slow
@test "disable=1 makes at most 100 hypercalls between scheduling points" {
	hv_loan 131072
	makes_few_calls bash -c "echo 1 >$PARAMETERS/disable"
	[ "$OTHERS" -gt 0 ]
}

# bats test_tags=slow
@test "unloading makes at most 100 hypercalls between scheduling points" {
	hv_loan 131072
	makes_few_calls rmmod "$MODULE"
	[ "$OTHERS" -gt 0 ]
}

@test "an OOM event makes at most 100 hypercalls between scheduling points" {
	hv_loan 131072
	makes_few_calls oom_event_for_all
}

# bats test_tags=slow
@test "compaction makes at most 100 hypercalls between scheduling points" {
	lay_loan_and_gaps hv_loan 131072
	makes_few_calls bash -c 'echo 1 >/proc/sys/vm/compact_memory'
}
