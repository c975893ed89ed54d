#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# B15: OOM events while the machine reboots
#
# Expected result on the in-tree driver, and settings of the guest (tests/vm/defects/run explains these lines):
# ends with: reboot: Restarting system
# in-tree may pass: the driver fails only if an OOM event occurs after the return of the last page and before the reset

bats_require_minimum_version 1.5.0
load ../lib/defect

# The kernel can kill no process, but still calls the driver at each OOM event. oom_kb is 0 until the reboot begins to
# return memory. From then on each event asks the in-tree driver for one page, but our driver for all pages. Our driver
# returns nothing if more memory than oom_kb is free, so a small oom_kb would have no effect.
@test "OOM events during a reboot: the machine reboots" {
	spare_every_process
	given modprobe cmm oom_kb=0
	given hv_loan 131072
	(
		exec 3>&-
		until loaned_is_below 131072; do :; done
		if has_attribute state; then
			echo 4294967295 >"$PARAMETERS/oom_kb"
		else
			page_kb >"$PARAMETERS/oom_kb"
		fi
		while :; do echo f >/proc/sysrq-trigger; done
	) &
	busybox reboot -f
	sleep 100
}
