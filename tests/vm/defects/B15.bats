#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# B15: OOM events while the machine restarts
# ends with: reboot: Restarting system
# in-tree may pass: the event has to come between its last page and the end

bats_require_minimum_version 1.5.0
load ../lib/defect

# No victims: the driver is asked all the same.
@test "the machine restarts" {
	spare_every_process
	given modprobe cmm
	given hv_loan 131072
	for _ in 1 2; do
		(
			exec 3>&-
			while :; do echo f >/proc/sysrq-trigger; done
		) &
	done
	busybox reboot -f
	sleep 100
}
