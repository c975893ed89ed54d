#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# B15: OOM events while the machine reboots
# ends with: reboot: Restarting system
# in-tree may pass: an event must hit the time between the last page and the reset

bats_require_minimum_version 1.5.0
load ../lib/defect

# All processes are spared, and the kernel still calls the driver at each event. Until the reboot returns memory,
# oom_kb is 0. Then events ask the in-tree driver for a page each, and ours for all: if there is free memory, ours
# returns all or nothing.
@test "the machine reboots" {
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
