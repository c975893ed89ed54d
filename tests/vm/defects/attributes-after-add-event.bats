#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# B17: the attributes appear after the add event
#
# Expected result on the in-tree driver, and settings of the guest (tests/vm/defects/run explains these lines):
# in-tree may pass: udev is usually slower than the driver
# command line: log_buf_len=4M

bats_require_minimum_version 1.5.0
load ../lib/defect

@test "a udev rule for the add event finds the attributes" {
	mkdir -p /run/udev/rules.d
	cat >/run/udev/rules.d/90-cmm-test.rules <<-'EOF'
		ACTION=="add", SUBSYSTEM=="cmm", KERNEL=="cmm0", ATTR{loaned_kb}=="0", ATTR{oom_freed_kb}=="0", RUN+="/usr/bin/touch /run/cmm-seen"
	EOF
	udevadm control --reload
	for _ in 1 2 3 4 5; do
		rm -f /run/cmm-seen
		modprobe cmm
		udevadm settle --timeout=20
		[ -e /run/cmm-seen ]
		rmmod cmm
	done
	rm /run/udev/rules.d/90-cmm-test.rules
	udevadm control --reload
}

# Loads the driver $LOADS times, and makes one allocation fail each time: first the last allocation of a load, then the
# one before it, and so on. The driver's own allocations are near the end of a load, so they are among those that fail.
# The log has a call trace of each failed allocation. The test counts the traces that show the driver's init function.
@test "an allocation fails at load: the driver loads, or leaves nothing behind" {
	local own
	[ -e /proc/self/fail-nth ] || skip "a kernel that can't make allocations fail"
	allocations_may_fail
	dmesg --clear
	fail-loading "/lib/modules/$(uname -r)/updates/cmm.ko" cmm "$LOADS"
	own=$(dmesg | grep -cE '\bcmm_(module_)?init\+')
	echo "$own of $LOADS failed allocations were the driver's own"
	[ "$own" -gt 20 ]
	[ "$own" -lt $((LOADS - 5)) ]
	run ! pgrep -x cmmthread
	modprobe cmm
}

LOADS=120

allocations_may_fail() {
	local faults=/sys/kernel/debug
	echo N >"$faults/failslab/ignore-gfp-wait"
	echo N >"$faults/fail_page_alloc/ignore-gfp-wait"
	echo N >"$faults/fail_page_alloc/ignore-gfp-highmem"
	echo 0 >"$faults/fail_page_alloc/min-order"
}
