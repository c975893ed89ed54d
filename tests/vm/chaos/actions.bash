# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2034  # some of the names are for the script that reads this
# What can happen to the driver. An action NAME is drawn by draw_NAME, which sets ARGS
# and is the only one to use RANDOM, and done by do_NAME, at the same time as others:
# what it wants may be gone, or refused, by then. It ends with a status: whether it
# went through.

ACTIONS=(loan flip disable interrupt_disable parameter junk forget_oom hog oom compact offline slow
	slow_loans refuse_loans refuse_returns refuse_all_returns fail_once silence use_memory
	fail_allocations confine move suspend reload read)

# pick VALUE...: PICKED is one of them
pick() {
	local n=$((RANDOM % $# + 1))
	PICKED=${!n}
}

# A parameter that is set back when the cycle ends, and the values for it
declare -A VALUES=(
	[delay]="0 1 2 4294967295"
	[hotplug_delay]="0 1 3"
	[oom_kb]="0 1 1024 65536 4194304 4294967295"
	[min_mem_mb]="0 256 1024 17592186044416"
	[min_avail_mb]="0 64 512 1048576"
	[loan_policy]="0 1 2"
	[debug]="0 1"
)
declare -A DEFAULTS=([delay]=1 [hotplug_delay]=5 [oom_kb]=1024 [min_mem_mb]=256 [min_avail_mb]=0
	[loan_policy]=2 [debug]=0 [disable]=0)
PARAMETER_NAMES=(delay hotplug_delay oom_kb min_mem_mb min_avail_mb loan_policy debug)

# A goal in KiB: in steps of 4 MiB up to 1.2 GiB
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

# The writer is killed while it waits; its disable stays, and is ended later.
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
	pick ${VALUES[$name]}
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

draw_forget_oom() {
	ARGS=()
}

do_forget_oom() {
	for _ in 1 2 3; do
		echo 0 >"$OOM_FREED"
		sleep 0.5
	done
}

draw_hog() {
	ARGS=()
}

# More memory than there is, in one process
do_hog() {
	local status=0
	echo 1000 >/proc/self/oom_score_adj
	timeout $((60 * PATIENCE)) tail -n 1 /dev/zero || status=$?
	[ "$status" -eq 137 ]
}

draw_oom() {
	pick 0 1 all
	ARGS=($((RANDOM % 5 + 1)) "$PICKED")
}

# do_oom COUNT NODE: events of a process that is bound to the node; with "all", on the kernel's request,
# and all processes that matter are spared
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

# One block at a time: with all of them gone the guest has too little for itself.
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

# A page of 64 KiB takes 16 calls: with more refusals no page would ever get through.
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

# Module exit leaves behind what it can't get in ten seconds, so this is shorter, and
# not at the same time as that.
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

draw_silence() {
	pick 1 2 3
	ARGS=("$PICKED")
}

do_silence() {
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

# The worker's only, where the kernel can do it.
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

# The worker's memory is to come from the second node for a while.
do_confine() {
	confine_worker
	sleep 2
	free_worker
}

draw_move() {
	ARGS=("IBM,02$((RANDOM % 90000 + 10000))")
}

do_move() {
	system_id update "$1"
}

draw_suspend() {
	ARGS=()
}

# What hibernation begins with, where the kernel can do it
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
