# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2034  # only tests use some of the variables
# Helpers of the tests that run inside the guest. They work with each module that a guest can have: our cmm.ko, the
# in-tree cmm.ko, and our cmm_dkms.ko if the in-tree driver is built in.
# shellcheck source=trace.bash
. "${BASH_SOURCE[0]%/*}/trace.bash"

MODULE=cmm
[ ! -e "/lib/modules/$(uname -r)/updates/cmm_dkms.ko" ] || MODULE=cmm_dkms
DEVICE=/sys/devices/system/cmm/cmm0
PARAMETERS=/sys/module/$MODULE/parameters
OOM_FREED=$DEVICE/oom_freed_kb
MEMORY=/sys/devices/system/memory
TRACING=/sys/kernel/tracing
# With a loan of this size, each movable memory block contains pages on loan. The second node still has enough free
# memory for all pages of one block of the first node.
NEARLY_ALL_KB=1245184
GAPS=/run/gaps

load_driver() {
	modprobe "$MODULE" simulate=1 "$@"
}

# Makes modprobe load the driver with loan_policy=2, if the driver has that parameter. With the default policy the
# driver loans only memory that programs don't use, but many tests request more.
loan_at_any_price() {
	! modinfo -F parm "$MODULE" | grep '^loan_policy:' >/dev/null ||
		echo "options $MODULE loan_policy=2" >/etc/modprobe.d/tests.conf
}

unload_driver() {
	[ ! -e "/sys/module/$MODULE" ] || rmmod "$MODULE"
}

# probe NAME: loads the module NAME of tests/vm/probes
probe() {
	insmod "/cmm/probes/$(uname -r)/$1.ko"
}

# Keeps the OOM killer from killing the test's own processes. start_victim starts a process that the OOM killer can kill
# instead.
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

# Causes one OOM event at which the driver returns pages. For our driver, a process that is bound to the second node
# uses up that node's memory. The in-tree driver returns pages at any OOM event, so sysrq is enough for the in-tree
# driver.
oom_event() {
	if has_attribute state; then
		exhaust 1 "$OOM_FREED" || [ $? -eq 137 ]
	else
		oom_event_now
	fi
}

# Causes one OOM event by sysrq, at which our driver returns the whole loan. Our driver returns at most oom_kb, and
# nothing if more than oom_kb of memory is free. So this function raises oom_kb to its maximum.
oom_event_for_all() {
	! has_attribute state || echo 4294967295 >"$PARAMETERS/oom_kb"
	oom_event_now
}

# Causes one OOM event by sysrq, which works even if memory is free, and waits for its end. The kernel first calls the
# driver, and then kills the victim. So the event is over when the victim is dead. With kernel 5.10 a change of
# oom_freed_kb also shows the end, because that kernel kills no process if the driver returned pages.
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

# read_line FILE: prints the first line of FILE. Needs no process, and so is much faster than cat in a guest.
read_line() {
	local line
	read -r line <"$1" && echo "$line"
}

loaned() {
	read_line "$DEVICE/loaned_kb"
}

target() {
	read_line "$DEVICE/loaned_target_kb"
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
	[ "$(read_line "$DEVICE/state")" = "$1" ]
}

loan() {
	ask "$1"
	wait_for 20 loaned_is "$1"
}

# lay_loan_and_gaps COMMAND KB: loans KB so that compaction finds pages on loan that it can move. Calls COMMAND with
# growing sizes: "COMMAND SIZE" must make the loan SIZE KiB. Compaction moves pages from the low end of a zone into gaps
# further up, and each gap must be smaller than a huge page. So this function loans in steps, and writes small files
# after each step. At the end it removes every second file. After that, each zone has gaps above pages that are on loan.
lay_loan_and_gaps() {
	local kb i size_kb
	size_kb=$(page_kb)
	mkdir -p "$GAPS"
	mount -t tmpfs gaps "$GAPS" || return
	for ((kb = 32768; kb <= $2; kb += 32768)); do
		"$1" "$kb" || return
		for ((i = 0; i < 32768 / size_kb; i++)); do
			printf '%*s' $((size_kb * 1024)) '' >"$GAPS/$kb-$i" || return
		done
	done
	rm "$GAPS"/*[02468]
}

# Removes the files of lay_loan_and_gaps
remove_gaps() {
	! mountpoint -q "$GAPS" || umount "$GAPS"
}

inflated_pages() {
	cat "$DEVICE/stats/inflated_pages"
}

mem_total_kb() {
	awk '$1 == "MemTotal:" { print $2 }' /proc/meminfo
}

mem_total_is() {
	[ "$(mem_total_kb)" -eq "$1" ]
}

# node_kb NODE NAME: prints the value in the line NAME of this node's meminfo
node_kb() {
	awk -v name="$2:" '$3 == name { print $4 }' "/sys/devices/system/node/node$1/meminfo"
}

available_mb() {
	awk '$1 == "MemAvailable:" { print int($2 / 1024) }' /proc/meminfo
}

available_is_above() {
	[ "$(available_mb)" -ge "$1" ]
}

# use_memory MB: uses MB of memory for a file in a tmpfs
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

# Prints the number of pages in the balloon, from the kernel's counters. These counters keep their values when the
# driver is unloaded
balloon_pages() {
	echo $(($(vmstat balloon_inflate) - $(vmstat balloon_deflate)))
}

# Records MemTotal for nothing_is_left. Tests call this function before they load the driver.
remember_memory() {
	BEFORE_KB=$(mem_total_kb)
}

# is_equal WHAT VALUE WANTED: succeeds if VALUE is WANTED, or else prints a message that begins with WHAT
is_equal() {
	[ "$2" = "$3" ] || {
		echo "$1: '$2', not '$3'"
		return 1
	}
}

# Succeeds if every page has been returned. bats takes only the status of the last command of teardown(). So all checks
# in teardown() are one command, joined by &&.
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

# Lets the worker allocate from the second node only. Then the worker can run out of memory while the rest of the guest
# still has memory.
confine_worker() {
	make_cpuset /run/cgroup/cmm 1
	pgrep -x cmmthread >/run/cgroup/cmm/cgroup.procs
}

# make_cpuset GROUP NODE: makes the cgroup GROUP, which is a directory below /run/cgroup. Tasks in this cgroup can use
# memory of NODE only
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

# system_id add|update VALUE: adds the property system-id to the device tree, or updates it, as the kernel does after a
# migration to another machine
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

# uevents NAME [VARIABLE]: finds the recorded change events in which CMM_EVENT is NAME. For each of these events, prints
# a line with the value of VARIABLE, or with NAME if there is no VARIABLE. If VARIABLE is TIME, the line has the time in
# seconds at which udevadm received the event.
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

# accepts FILE WRITTEN READ: succeeds if FILE contains READ after WRITTEN is written to it
accepts() {
	echo "writing '$2' to $1"
	printf '%s\n' "$2" >"$1"
	[ "$(cat "$1")" = "$3" ] || {
		echo "reads '$(cat "$1")', not '$3'"
		return 1
	}
}

# refuses FILE WRITTEN ERROR: succeeds if writing WRITTEN to FILE fails with ERROR, as strerror() spells it, and leaves
# the content of FILE unchanged
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

# is_decimal_line FILE: succeeds if FILE contains a decimal number and a newline, and nothing else
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

# Succeeds if no task is stuck. A task is stuck if it is in state D (uninterruptible sleep) or I (idle) both now and
# three seconds later, except that a kernel thread in state I is not stuck, because it only has no work. Other tasks are
# in state I while they wait for our driver.
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
