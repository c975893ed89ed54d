#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A7: disable=1 disable=0 as options when the module is loaded
#
# Expected result on the in-tree driver (tests/vm/defects/run explains these lines):
# in-tree: the kernel reports "BUG: Unable to handle kernel .*"

bats_require_minimum_version 1.5.0
load ../lib/defect

@test "loading with disable=1 disable=0 and a bad option leaves nothing behind" {
	run modprobe cmm disable=1 disable=0 min_mem_mb=junk
	[ "$status" -ne 0 ]
	[ ! -e /sys/module/cmm ]
	run ! pgrep -x cmmthread
	sleep 3
}

@test "loaded with disable=1 disable=0, the driver has one thread and loans" {
	modprobe cmm disable=1 disable=0
	[ "$(pgrep -c -x cmmthread)" -eq 1 ]
	hv_loan 65536
}
