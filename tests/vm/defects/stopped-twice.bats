#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A8: the driver is stopped twice at once
# in-tree: kernel: INFO: task (rmmod|bash):.* blocked for more than [0-9]+ seconds\.
# ends with: reboot: Restarting system
# First by disable=1, which a loan of slow calls keeps waiting, then by another.

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

@test "disable=1, then rmmod: both end" {
	begin_disabling
	rmmod cmm
	wait "$WRITER"
}

@test "disable=1, then restart: the machine restarts" {
	begin_disabling
	busybox reboot -f
	sleep 100
}
