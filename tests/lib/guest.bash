# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2034  # some of the names are for the tests only
# Helpers of the tests that run inside the guest. They work with each module that a guest can have: our cmm.ko, the
# in-tree cmm.ko, and our cmm_dkms.ko if the in-tree driver is built in.

MODULE=cmm
[ ! -e "/lib/modules/$(uname -r)/updates/cmm_dkms.ko" ] || MODULE=cmm_dkms
DEVICE=/sys/devices/system/cmm/cmm0
PARAMETERS=/sys/module/$MODULE/parameters
OOM_FREED=$DEVICE/oom_freed_kb
MEMORY=/sys/devices/system/memory
TRACING=/sys/kernel/tracing
# With this loan each movable memory block has loaned pages. The second node still has enough free memory for all pages
# of a block of the first node.
NEARLY_ALL_KB=1245184

load_driver() {
	modprobe "$MODULE" simulate=1 "$@"
}

# Makes modprobe load the driver with loan_policy=2, if the driver has that parameter. With its default the driver loans
# only memory that programs don't use, and many tests request more.
loan_at_any_price() {
	! modinfo -F parm "$MODULE" | grep '^loan_policy:' >/dev/null ||
		echo "options $MODULE loan_policy=2" >/etc/modprobe.d/tests.conf
}

unload_driver() {
	[ ! -e "/sys/module/$MODULE" ] || rmmod "$MODULE"
}

# probe NAME: loads this module of tests/vm/probes
probe() {
	insmod "/cmm/probes/$(uname -r)/$1.ko"
}

# Keeps the OOM killer from killing the test's own processes. start_victim starts a process for it to kill.
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
	wait_for 10 victim_is_marked
}

victim_is_marked() {
	[ "$(cat "/proc/$VICTIM/oom_score_adj")" -eq 1000 ]
}

# Causes one OOM event at which the driver returns pages. For our driver a process that is bound to the second node
# uses up that node. The in-tree driver returns pages at any OOM event, so sysrq is enough there.
oom_event() {
	if has_attribute state; then
		exhaust 1 "$OOM_FREED" || [ $? -eq 137 ]
	else
		oom_event_now
	fi
}

# Causes one OOM event by sysrq, for which our driver returns the whole loan. If there is free memory, our driver
# returns pages only if oom_kb is at least the amount on loan. So this function raises oom_kb.
oom_event_for_all() {
	! has_attribute state || echo 4294967295 >"$PARAMETERS/oom_kb"
	oom_event_now
}

# Causes one OOM event by sysrq, whether there is free memory or not. Returns when the kernel has killed the victim,
# because the kernel calls the driver before that. Kernel 5.10 does not kill the victim if the driver returned pages. So
# on that kernel a change of oom_freed_kb shows that the event is over.
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

# node_kb NODE NAME: prints the figure NAME of the node's meminfo
node_kb() {
	awk -v name="$2:" '$3 == name { print $4 }' "/sys/devices/system/node/node$1/meminfo"
}

available_mb() {
	awk '$1 == "MemAvailable:" { print int($2 / 1024) }' /proc/meminfo
}

available_is_above() {
	[ "$(available_mb)" -ge "$1" ]
}

# use_memory MB: uses this much memory, for a file in a tmpfs
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

# vmstat COUNTER: prints this counter of /proc/vmstat
vmstat() {
	awk -v name="$1" '$1 == name { print $2 }' /proc/vmstat
}

# Prints the number of pages in the balloon, by counters of the kernel. These are still there after the driver is
# unloaded
balloon_pages() {
	echo $(($(vmstat balloon_inflate) - $(vmstat balloon_deflate)))
}

# Records MemTotal for nothing_is_left. Tests call this function before they load the driver.
remember_memory() {
	BEFORE_KB=$(mem_total_kb)
}

# is_equal WHAT VALUE WANTED: fails with a message about WHAT if VALUE is not WANTED
is_equal() {
	[ "$2" = "$3" ] || {
		echo "$1: '$2', not '$3'"
		return 1
	}
}

# Succeeds if every page has been returned. bats counts only the status of the last command of teardown(), so all checks
# there are one command, joined by &&.
nothing_is_left() {
	is_equal MemTotal "$(mem_total_kb)" "$BEFORE_KB" &&
		is_equal "pages in the balloon" "$(balloon_pages)" 0
}

# How many times slower this kernel is than Debian's. tests/lab/boot puts the number on the kernel's command line.
PATIENCE=$(sed -n 's/.*cmm_patience=\([0-9]*\).*/\1/p' /proc/cmdline)

# wait_for SECONDS COMMAND...: repeats the command until it succeeds. Fails after SECONDS times PATIENCE
wait_for() {
	local deadline=$((SECONDS + $1 * PATIENCE))
	shift
	until "$@"; do
		[ "$SECONDS" -lt "$deadline" ] || {
			echo "timed out: $*; loaned $(loaned) target $(target)"
			return 1
		}
		sleep 0.1
	done
}

# Lets the worker allocate from the second node only. Then the worker can run out of memory, but the rest of the guest
# can't.
confine_worker() {
	make_cpuset /run/cgroup/cmm 1
	pgrep -x cmmthread >/run/cgroup/cmm/cgroup.procs
}

# make_cpuset GROUP NODE: makes a cgroup below /run/cgroup. Its tasks can use memory of this node only
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

# system_id add|update VALUE: changes the device tree as the kernel does after a migration to another machine
system_id() {
	local phandle
	phandle=$(od -An -tu4 --endian=big /proc/device-tree/phandle | xargs)
	printf '%s_property %s system-id %d %s' "$1" "$phandle" "${#2}" "$2" >/proc/powerpc/ofdt
}

# Records the uevents of cmm0 until stop_listening is called
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

# uevents NAME [VARIABLE]: prints a line for each recorded change event whose CMM_EVENT is NAME: the value of VARIABLE
# in this event, or NAME if no VARIABLE is given. VARIABLE can be TIME, the second at which udevadm received the event.
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

# uevents_are NAME COUNT: succeeds if exactly COUNT events of this name are recorded so far
uevents_are() {
	[ "$(uevents "$1" | wc -l)" -eq "$2" ]
}

mode_of() {
	stat -c %a "$1"
}

# accepts FILE WRITTEN READ: writes WRITTEN to FILE. Fails unless the content of FILE is then READ
accepts() {
	echo "writing '$2' to $1"
	printf '%s\n' "$2" >"$1"
	[ "$(cat "$1")" = "$3" ] || {
		echo "reads '$(cat "$1")', not '$3'"
		return 1
	}
}

# refuses FILE WRITTEN ERROR: writes WRITTEN to FILE. Fails unless the write fails with ERROR, a text of strerror(), and
# the content of FILE stays
refuses() {
	local before said
	before=$(cat "$1")
	echo "writing '$2' to $1"
	if said=$( (printf '%s\n' "$2" >"$1") 2>&1); then
		echo "the write was accepted"
		return 1
	fi
	[[ $said == *": $3" ]] || {
		echo "error message: $said"
		return 1
	}
	[ "$(cat "$1")" = "$before" ]
}

# is_decimal_line FILE: succeeds if FILE is a decimal number and a newline, and nothing else
is_decimal_line() {
	[[ "$(cat "$1"; echo .)" =~ ^[0-9]+$'\n'\.$ ]]
}

# Prints the movable memory blocks that can go offline. Some blocks can't, because they contain a page that the kernel
# reserved. Tests call this function before anything is loaned.
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

# Fails if a task is in uninterruptible sleep both now and three seconds later. Such a task has state D, or state I
# (idle) if it waits for our driver. Idle kernel threads have state I, too, so for them only state D counts.
no_task_is_stuck() {
	local before after
	before=$(stuck_tasks)
	[ -n "$before" ] || return 0
	sleep 3
	after=$(stuck_tasks)
	is_equal "tasks in uninterruptible sleep, in both samples" \
		"$(comm -12 <(sort <<<"$before") <(sort <<<"$after"))" ""
}

stuck_tasks() {
	ps -eo stat=,ppid=,pid=,comm= |
		awk '$1 ~ /^D/ || ($1 ~ /^I/ && $2 != 2 && $3 != 2) { print $3, $4 }'
}
