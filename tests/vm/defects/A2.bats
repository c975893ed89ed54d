#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A2: OOM events while the last pages come back
# Slow calls make both take their time, so that they work on the same pages.

bats_require_minimum_version 1.5.0
load ../lib/defect

@test "each takes what the other leaves, to the last page" {
	given modprobe cmm oom_kb=16384
	given hv_loan 131072
	hv_set delay-us 100
	hv_ask 0
	wait_for 10 loaned_is_below 131072
	while [ "$(loaned)" -gt 0 ]; do
		oom_event
	done
	[ "$(cat "$OOM_FREED")" -gt 0 ]
}
