#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A2: OOM events while the last pages are returned
# in-tree: kernel: kernel BUG at mm/balloon_compaction\.c.*
# Slow calls make the worker and the event overlap on the same pages. In the first test the event asks for no more than
# is on loan: the driver has taken the page off its list, but lowers its count later.

bats_require_minimum_version 1.5.0
load ../lib/defect

@test "the worker returns the last page: an OOM event frees nothing" {
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

@test "OOM events while the worker returns pages: all come back" {
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
