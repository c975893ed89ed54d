# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2034  # some of the names are for the tests only
# Helpers of the tests that run inside the guest, on whichever cmm.ko it has, or cmm_dkms.ko
# where the in-tree driver is built in.

MODULE=cmm
[ ! -e "/lib/modules/$(uname -r)/updates/cmm_dkms.ko" ] || MODULE=cmm_dkms
DEVICE=/sys/devices/system/cmm/cmm0
PARAMETERS=/sys/module/$MODULE/parameters
OOM_FREED=$DEVICE/oom_freed_kb
MEMORY=/sys/devices/system/memory
TRACING=/sys/kernel/tracing
# So much of the movable memory that each block of it has loaned pages, while the second node still has
# room for a whole block of the first one's.
NEARLY_ALL_KB=1245184

load_driver() {
	modprobe "$MODULE" simulate=1 "$@"
}

# From now on the driver is loaded with loan_policy=2, if it has that parameter: tests ask for more
# than the guest has unused.
loan_at_any_price() {
	! modinfo -F parm "$MODULE" | grep '^loan_policy:' >/dev/null ||
		echo "options $MODULE loan_policy=2" >/etc/modprobe.d/tests.conf
}

unload_driver() {
	[ ! -e "/sys/module/$MODULE" ] || rmmod "$MODULE"
}

# probe NAME: loads the module of tests/vm/probes
probe() {
	insmod "/cmm/probes/$(uname -r)/$1.ko"
}

# What the bats processes are to the OOM killer; a victim offers itself instead.
spare_this_process() {
	echo -1000 >/proc/self/oom_score_adj
}

spare_every_process() {
	local process
	for process in /proc/[0-9]*/oom_score_adj; do
		echo -1000 >"$process" || true
	done 2>/dev/null
}

start_victim() {
	(
		echo 1000 >/proc/self/oom_score_adj
		exec sleep 600 3>&- 4>&-
	) &
	VICTIM=$!
	disown "$VICTIM"
	wait_for 10 victim_offers_itself
}

victim_offers_itself() {
	[ "$(cat "/proc/$VICTIM/oom_score_adj")" -eq 1000 ]
}

# One out-of-memory event that a loan on the second node can help: a process that is bound to the node
# exhausts it. The in-tree driver returns pages of any node, so the kernel makes an event on request for it.
oom_event() {
	if has_attribute state; then
		exhaust 1 "$OOM_FREED" || [ $? -eq 137 ]
	else
		oom_event_now
	fi
}

# The same, for as much as is on loan, by the kernel's request: with memory to spare, our driver returns
# nothing for less.
oom_event_for_all() {
	! has_attribute state || echo 4294967295 >"$PARAMETERS/oom_kb"
	oom_event_now
}

# An event that the kernel makes on request, whether there is free memory or not. Returns when the kernel has
# killed the victim, which it does after it has called the driver. Older kernels spare the victim if the
# driver freed something.
oom_event_now() {
	local freed
	freed=$(oom_freed)
	start_victim
	echo f >/proc/sysrq-trigger
	wait_for 20 event_is_over "$freed"
	kill -9 "$VICTIM" 2>/dev/null || true
}

has_attribute() {
	[ -e "$DEVICE/$1" ]
}

oom_freed() {
	cat "$OOM_FREED" 2>/dev/null || true
}

event_is_over() {
	victim_is_dead || { [[ $(uname -r) == 5.10.* ]] && [ "$(oom_freed)" != "$1" ]; }
}

victim_is_dead() {
	! kill -0 "$VICTIM" 2>/dev/null
}

loaned() {
	cat "$DEVICE/loaned_kb"
}

target() {
	cat "$DEVICE/loaned_target_kb"
}

ask() {
	echo "$1" >"$DEVICE/simulate_loan_target_kb"
}

loaned_is() {
	[ "$(loaned)" -eq "$1" ]
}

loaned_is_below() {
	[ "$(loaned)" -lt "$1" ]
}

loaned_is_above() {
	[ "$(loaned)" -gt "$1" ]
}

target_is() {
	[ "$(target)" -eq "$1" ]
}

state_is() {
	[ "$(cat "$DEVICE/state")" = "$1" ]
}

loan() {
	ask "$1"
	wait_for 20 loaned_is "$1"
}

inflated_pages() {
	cat "$DEVICE/stats/inflated_pages"
}

mem_total_kb() {
	awk '$1 == "MemTotal:" { print $2 }' /proc/meminfo
}

# node_kb NODE NAME
node_kb() {
	awk -v name="$2:" '$3 == name { print $4 }' "/sys/devices/system/node/node$1/meminfo"
}

available_mb() {
	awk '$1 == "MemAvailable:" { print int($2 / 1024) }' /proc/meminfo
}

available_is_above() {
	[ "$(available_mb)" -ge "$1" ]
}

# use_memory MB: what is in a tmpfs counts as used
use_memory() {
	mkdir -p /mnt
	mountpoint -q /mnt || mount -t tmpfs -o size=100% used /mnt
	head -c "$1M" /dev/zero >"/mnt/$1"
}

stop_using_memory() {
	! mountpoint -q /mnt || umount /mnt
}

page_kb() {
	awk '$1 == "KernelPageSize:" { print $2; exit }' /proc/self/smaps
}

# vmstat COUNTER
vmstat() {
	awk -v name="$1" '$1 == name { print $2 }' /proc/vmstat
}

# Pages in the balloon, by the kernel's own counters; they outlive the module.
balloon_pages() {
	echo $(($(vmstat balloon_inflate) - $(vmstat balloon_deflate)))
}

# What nothing_is_left() compares with; to be called before the driver is loaded.
remember_memory() {
	BEFORE_KB=$(mem_total_kb)
}

# is_equal WHAT VALUE WANTED
is_equal() {
	[ "$2" = "$3" ] || {
		echo "$1: '$2', not '$3'"
		return 1
	}
}

# The driver has gone and every page is back.
# Of a teardown only the status of its last command counts, so that all its
# checks have to be one command.
nothing_is_left() {
	is_equal MemTotal "$(mem_total_kb)" "$BEFORE_KB" &&
		is_equal "pages in the balloon" "$(balloon_pages)" 0
}

# How many times slower than the stock kernel ours is, as the host says
PATIENCE=$(sed -n 's/.*cmm_patience=\([0-9]*\).*/\1/p' /proc/cmdline)

# wait_for SECONDS COMMAND...: until the command succeeds
wait_for() {
	local deadline=$((SECONDS + $1 * PATIENCE))
	shift
	until "$@"; do
		[ "$SECONDS" -lt "$deadline" ] || {
			echo "waited in vain: $*; loaned $(loaned) target $(target)"
			return 1
		}
		sleep 0.1
	done
}

# Lets the worker allocate from the second node only, so that a loan falls
# short there while the rest of the guest has memory in plenty.
confine_worker() {
	make_cpuset /run/cgroup/cmm 1
	pgrep -x cmmthread >/run/cgroup/cmm/cgroup.procs
}

# make_cpuset GROUP NODE: a cgroup below /run/cgroup whose tasks have the memory of this node
make_cpuset() {
	mkdir -p /run/cgroup
	mountpoint -q /run/cgroup || mount -t cgroup2 cgroup /run/cgroup
	echo +cpuset >/run/cgroup/cgroup.subtree_control
	mkdir -p "$1"
	echo "$2" >"$1/cpuset.mems"
}

free_worker() {
	pgrep -x cmmthread >/run/cgroup/cgroup.procs
}

# What the kernel does to the device tree when the partition comes to another machine.
# system_id add|update VALUE
system_id() {
	local phandle
	phandle=$(od -An -tu4 --endian=big /proc/device-tree/phandle | xargs)
	printf '%s_property %s system-id %d %s' "$1" "$phandle" "${#2}" "$2" >/proc/powerpc/ofdt
}

# Writes down what the kernel tells udev of cmm0, until stop_listening.
listen_to_uevents() {
	UEVENTS=$(mktemp)
	udevadm monitor --kernel --property --subsystem-match=cmm >"$UEVENTS" 3>&- &
	LISTENER=$!
	disown "$LISTENER"
	wait_for 10 grep -q '^KERNEL - ' "$UEVENTS"
}

stop_listening() {
	kill "$LISTENER"
}

# uevents NAME [VARIABLE]: prints the variable, or the name, of each change event of
# this name so far. TIME is when udevadm had it, in seconds.
uevents() {
	awk -v RS='' -v name="$1" -v variable="${2:-CMM_EVENT}" '
		/ACTION=change/ {
			split("", value)
			value["TIME"] = $1
			gsub(/[^0-9.]/, "", value["TIME"])
			for (i = 1; i <= NF; i++) {
				split($i, part, "=")
				value[part[1]] = part[2]
			}
			if (value["CMM_EVENT"] == name)
				print value[variable]
		}
	' "$UEVENTS"
}

# uevents_are NAME COUNT
uevents_are() {
	[ "$(uevents "$1" | wc -l)" -eq "$2" ]
}

mode_of() {
	stat -c %a "$1"
}

# accepts FILE WRITTEN READ
accepts() {
	echo "writing '$2' to $1"
	printf '%s\n' "$2" >"$1"
	[ "$(cat "$1")" = "$3" ] || {
		echo "reads '$(cat "$1")', not '$3'"
		return 1
	}
}

# refuses FILE WRITTEN ERROR: by the words of strerror(); the value stays
refuses() {
	local before said
	before=$(cat "$1")
	echo "writing '$2' to $1"
	if said=$( (printf '%s\n' "$2" >"$1") 2>&1); then
		echo "was accepted"
		return 1
	fi
	[[ $said == *": $3" ]] || {
		echo "said: $said"
		return 1
	}
	[ "$(cat "$1")" = "$before" ]
}

# The value is a decimal number and a newline, nothing else.
is_decimal_line() {
	[[ "$(cat "$1"; echo .)" =~ ^[0-9]+$'\n'\.$ ]]
}

# Memory blocks that can be taken offline while nothing is on loan; some hold a page
# that the kernel reserved. To be called before anything is loaned.
movable_blocks() {
	local block
	for block in "$MEMORY"/memory*; do
		[ -e "$block/state" ] || continue
		[ "$(cat "$block/valid_zones")" = Movable ] || continue
		if echo offline >"$block/state"; then
			echo online_movable >"$block/state"
			echo "$block"
		fi
	done 2>/dev/null
}

movable_block() {
	local blocks
	mapfile -t blocks < <(movable_blocks)
	[ "${#blocks[@]}" -gt 0 ] && echo "${blocks[0]}"
}

bring_memory_online() {
	local block
	for block in "$MEMORY"/memory*/state; do
		[ "$(cat "$block")" = online ] || echo online_movable >"$block"
	done
}

# Nobody sleeps in a way that no signal ends, now and a moment later. Whoever waits for our driver
# so is idle to the kernel (state I), as its own threads are that have nothing to do.
no_task_is_stuck() {
	local before after
	before=$(stuck_tasks)
	[ -n "$before" ] || return 0
	sleep 3
	after=$(stuck_tasks)
	is_equal "tasks that no signal ends, at both looks" \
		"$(comm -12 <(sort <<<"$before") <(sort <<<"$after"))" ""
}

stuck_tasks() {
	ps -eo stat=,ppid=,pid=,comm= |
		awk '$1 ~ /^D/ || ($1 ~ /^I/ && $2 != 2 && $3 != 2) { print $3, $4 }'
}
