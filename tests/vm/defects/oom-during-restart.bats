#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# B15: OOM events while the machine restarts
# ends with: reboot: Restarting system
# in-tree may pass: the event has to come between its last page and the end

bats_require_minimum_version 1.5.0
load ../lib/defect

# No victims: the driver is called all the same, for nothing until the reboot returns memory, and then for
# a page at a time. With memory to spare, our driver returns nothing for less than all.
@test "the machine restarts" {
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
