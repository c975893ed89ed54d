#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A7: disable set and reset while the module is loaded
# in-tree: kernel: BUG: Unable to handle kernel .*

bats_require_minimum_version 1.5.0
load ../lib/defect

@test "when loading fails nothing stays, and the machine lives" {
	run modprobe cmm disable=1 disable=0 min_mem_mb=junk
	[ "$status" -ne 0 ]
	[ ! -e /sys/module/cmm ]
	run ! pgrep -x cmmthread
	sleep 3
}

@test "when it succeeds there is one thread, and it works" {
	modprobe cmm disable=1 disable=0
	[ "$(pgrep -c -x cmmthread)" -eq 1 ]
	hv_loan 65536
}
