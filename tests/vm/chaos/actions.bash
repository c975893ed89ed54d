# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2034  # the script that sources this file uses some of the variables
# The random actions of tests/vm/chaos. For each action NAME, draw_NAME sets ARGS to random arguments, and do_NAME does
# the action with these arguments. Only draw_NAME may use RANDOM. do_NAME returns whether the action succeeded. An
# action may fail, because other actions run at the same time. For example, another action may have unloaded the driver.

ACTIONS=(loan flip disable interrupt_disable parameter junk reset_oom exhaust_memory oom compact offline slow
	slow_loans refuse_loans refuse_returns refuse_all_returns fail_once no_answers use_memory
	fail_allocations confine migrate_system suspend reload read)

# pick VALUE...: sets PICKED to one of the values
pick() {
	local n=$((RANDOM % $# + 1))
	PICKED=${!n}
}

# The values that the action "parameter" picks from. A parameter that is not here gets one of OTHER_VALUES.
declare -A VALUES=(
	[delay]="0 1 2 4294967295"
	[hotplug_delay]="0 1 3"
	[oom_kb]="0 1 1024 65536 4194304 4294967295"
	[min_mem_mb]="0 256 1024 17592186044416"
	[min_avail_mb]="0 64 512 1048576"
	[loan_policy]="0 1 2"
	[debug]="0 1"
)
OTHER_VALUES="0 1 1024 4294967295"
# PARAMETER_NAMES: all parameters that can be written, except for disable, which has actions of its own. SETTLED: the
# values that settle() writes after the actions of a cycle. These are the defaults, except that loan_policy is 2. With
# another loan_policy, the loan would not have to meet the request.
PARAMETER_NAMES=()
declare -A SETTLED
for name in $(interface_names P); do
	[ "$(interface_mode "$name")" = RW ] || continue
	SETTLED[$name]=$(interface_initial "$name")
	[ "$name" = disable ] || PARAMETER_NAMES+=("$name")
done
SETTLED[loan_policy]=2

# Sets ARGS to a random request in KiB: a multiple of 4 MiB, less than 1.2 GiB
draw_goal() {
	ARGS=($((RANDOM % 300 * 4096)))
}

draw_loan() {
	draw_goal
}

do_loan() {
	hv_ask "$1"
}

draw_flip() {
	ARGS=($((RANDOM % 300 * 4096)) $((RANDOM % 300 * 4096)))
}

do_flip() {
	for _ in 1 2 3 4; do
		hv_ask "$1"
		sleep 0.4
		hv_ask "$2"
		sleep 0.4
	done
}

draw_disable() {
	ARGS=(0."$((RANDOM % 10))")
}

do_disable() {
	echo 1 >"$PARAMETERS/disable"
	sleep "$1"
	echo 0 >"$PARAMETERS/disable"
}

draw_interrupt_disable() {
	ARGS=(0."$((RANDOM % 10))")
}

# Writes disable=1 in another process, and kills that process after a while. If the write still waits for returns, it is
# interrupted. The driver stays disabled until this function writes 0.
do_interrupt_disable() {
	timeout -s KILL "$1" bash -c "echo 1 >$PARAMETERS/disable" || true
	sleep 0.3
	echo 0 >"$PARAMETERS/disable"
}

draw_parameter() {
	local name
	pick "${PARAMETER_NAMES[@]}"
	name=$PICKED
	# shellcheck disable=SC2086  # one word a value
	pick ${VALUES[$name]:-$OTHER_VALUES}
	ARGS=("$name" "$PICKED")
}

do_parameter() {
	echo "$2" >"$PARAMETERS/$1"
}

draw_junk() {
	local name
	pick "${PARAMETER_NAMES[@]}" disable oom_freed_kb
	name=$PICKED
	pick abc -1 "" 1junk 99999999999999999999 0x
	ARGS=("$name" "$PICKED")
}

do_junk() {
	local file=$PARAMETERS/$1
	[ "$1" != oom_freed_kb ] || file=$OOM_FREED
	[ -e "$file" ]
	! echo "${2:-}" >"$file" || echo "$1=${2:-}" >>"$ACCEPTED"
}

draw_reset_oom() {
	ARGS=()
}

do_reset_oom() {
	for _ in 1 2 3; do
		echo 0 >"$OOM_FREED"
		sleep 0.5
	done
}

draw_exhaust_memory() {
	ARGS=()
}

# Starts a process that uses more and more memory until the kernel kills it
do_exhaust_memory() {
	local status=0
	echo 1000 >/proc/self/oom_score_adj
	timeout $((60 * PATIENCE)) tail -n 1 /dev/zero || status=$?
	[ "$status" -eq 137 ]
}

draw_oom() {
	pick 0 1 all
	ARGS=($((RANDOM % 5 + 1)) "$PICKED")
}

# do_oom COUNT NODE: causes COUNT OOM events, one after the other. A process that is bound to the node NODE uses up that
# node's memory. If NODE is "all", sysrq causes the events instead. The OOM killer spares the processes that the test
# needs.
do_oom() {
	local i
	for ((i = 0; i < $1; i++)); do
		if [ "$2" = all ]; then
			echo f >/proc/sysrq-trigger
		else
			timeout $((60 * PATIENCE)) exhaust "$2" "$OOM_FREED" || true
		fi
		sleep 0.2
	done
	sleep 2
}

draw_compact() {
	ARGS=($((RANDOM % 4 + 1)))
}

do_compact() {
	local i
	for ((i = 0; i < $1; i++)); do
		echo 1 >/proc/sys/vm/compact_memory
	done
}

draw_offline() {
	ARGS=($((RANDOM % 10)))
}

# The lock lets only one memory block at a time be offline. If all movable blocks were offline at the same time, the
# guest would run out of memory.
do_offline() {
	local block=${BLOCKS[$1 % ${#BLOCKS[@]}]}
	exec 7>/run/offline-lock
	flock 7
	timeout $((20 * PATIENCE)) bash -c "echo offline >$block/state"
	sleep 0.5
	echo online_movable >"$block/state"
}

draw_slow() {
	pick 5 20 100
	ARGS=("$PICKED")
}

do_slow() {
	hv_set delay-us "$1"
}

draw_slow_loans() {
	pick 100 1000
	ARGS=("$PICKED")
}

do_slow_loans() {
	hv_set delay-loan-us "$1"
}

# A loan of a page of 64 KiB takes 16 calls. If one of these calls is refused, the page is not loaned. So at most every
# 50th call is refused, because hardly any page could be loaned if more calls were refused.
draw_refuse_loans() {
	pick 50 200 1000
	ARGS=("$PICKED")
}

do_refuse_loans() {
	hv_set fail-loan-every "$1"
}

draw_refuse_returns() {
	pick 50 200 1000
	ARGS=("$PICKED")
}

do_refuse_returns() {
	hv_set fail-activate-every "$1"
}

draw_refuse_all_returns() {
	ARGS=()
}

# If the hypervisor refuses activations for ten seconds while the module is unloaded, the driver leaks the pages. So
# this action lets the hypervisor refuse activations for only three seconds, and a lock keeps the module from being
# unloaded meanwhile.
do_refuse_all_returns() {
	exec 7>/run/exit-lock
	flock 7
	hv_set fail-activate-every 1
	sleep 3
	hv_set fail-activate-every 0
}

draw_fail_once() {
	pick loan activate mpp
	ARGS=("$PICKED" $((RANDOM % 3000 + 1)))
}

do_fail_once() {
	hv_set "fail-$1-at" "$2"
}

draw_no_answers() {
	pick 1 2 3
	ARGS=("$PICKED")
}

do_no_answers() {
	hv_set fail-mpp-every "$1"
}

draw_use_memory() {
	ARGS=($((RANDOM % 600 + 50)))
}

do_use_memory() {
	echo 1000 >/proc/self/oom_score_adj
	{ head -c "$1M" /dev/zero && sleep 1; } | tail -n 1
}

draw_fail_allocations() {
	pick fail_page_alloc failslab
	ARGS=("$PICKED" $((RANDOM % 40 + 10)))
}

# do_fail_allocations KIND PERCENT: for two seconds, makes PERCENT of the worker's allocations fail. KIND is the kind of
# fault injection: fail_page_alloc or failslab. Fails if the kernel does not have this kind
do_fail_allocations() {
	local faults=/sys/kernel/debug/$1 worker
	[ -d "$faults" ]
	worker=$(pgrep -x cmmthread)
	echo 1 >"/proc/$worker/make-it-fail"
	echo Y >"$faults/task-filter"
	echo N >"$faults/ignore-gfp-wait"
	[ ! -e "$faults/ignore-gfp-highmem" ] || echo N >"$faults/ignore-gfp-highmem"
	echo 0 >"$faults/verbose"
	[ ! -e "$faults/min-order" ] || echo 0 >"$faults/min-order"
	echo "$2" >"$faults/probability"
	echo -1 >"$faults/times"
	sleep 2
	echo 0 >"$faults/probability"
}

draw_confine() {
	ARGS=()
}

# Lets the worker allocate from the second node only, for two seconds
do_confine() {
	confine_worker
	sleep 2
	free_worker
}

draw_migrate_system() {
	ARGS=("IBM,02$((RANDOM % 90000 + 10000))")
}

do_migrate_system() {
	system_id update "$1"
}

draw_suspend() {
	ARGS=()
}

# Does the first step of a hibernation, if the kernel supports hibernation
do_suspend() {
	[ -c /dev/snapshot ]
	exec 7</dev/snapshot
	sleep 0.5
}

draw_reload() {
	pick "" "disable=1" "disable=1 disable=0" "oom_kb=65536 delay=0" "min_mem_mb=junk"
	ARGS=("$PICKED")
}

do_reload() {
	exec 7>/run/exit-lock
	flock 7
	rmmod cmm
	# shellcheck disable=SC2086  # one word a parameter
	modprobe cmm $1
}

draw_read() {
	ARGS=()
}

do_read() {
	for _ in 1 2 3; do
		cat "$DEVICE"/{loaned_kb,loaned_target_kb,oom_freed_kb,state} "$DEVICE"/stats/* \
			"$PARAMETERS"/*
		sleep 0.3
	done
}
