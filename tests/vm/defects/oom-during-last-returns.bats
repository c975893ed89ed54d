#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A2: OOM events while the last pages come back
# in-tree: kernel: kernel BUG at mm/balloon_compaction\.c.*
# Slow calls make both take their time, so that they work on the same pages. The first event
# doesn't want more than is on loan: the driver's count goes down after its list.

bats_require_minimum_version 1.5.0
load ../lib/defect

@test "the last page is in the worker's hand: an event takes nothing" {
	given modprobe cmm oom_kb="$(page_kb)"
	given hv_loan "$(page_kb)"
	hv_set delay-us 300000
	hv_ask 0
	given wait_for 10 target_is 0
	given loaned_is "$(page_kb)"
	oom_event_for_all
	[ "$(cat "$OOM_FREED")" -eq 0 ]
	hv_set delay-us 0
	wait_for 20 loaned_is 0
}

@test "each takes what the other leaves, to the last page" {
	given modprobe cmm oom_kb=16384
	given hv_loan 131072
	hv_set delay-us 100
	hv_ask 0
	given wait_for 10 loaned_is_below 131072
	while [ "$(loaned)" -gt 0 ]; do
		oom_event_for_all
	done
	[ "$(cat "$OOM_FREED")" -gt 0 ]
}
