#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A8: the driver is stopped twice at the same time
#
# A write of disable=1 stops the driver. That takes long, because a loan is under way and each hypercall is slow.
# Meanwhile rmmod or a reboot stops the driver a second time.
#
# Expected result on the in-tree driver, and settings of the guest (tests/vm/defects/run explains these lines):
# in-tree: the kernel reports "INFO: task (rmmod|bash):.* blocked for more than [0-9]+ seconds\."
# ends with: reboot: Restarting system

bats_require_minimum_version 1.5.0
load ../lib/defect

begin_disabling() {
	given modprobe cmm
	hv_set delay-us 100
	hv_ask 131072
	given wait_for 20 loaned_is_above 16384
	(echo 1 >"$PARAMETERS/disable") &
	WRITER=$!
	sleep 0.5
}

@test "rmmod while a write of disable=1 waits: both finish" {
	begin_disabling
	rmmod cmm
	wait "$WRITER"
}

@test "reboot while a write of disable=1 waits: the machine reboots" {
	begin_disabling
	busybox reboot -f
	sleep 100
}
