#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A2: OOM events while the last pages are returned
#
# Hypercalls are slow, so the worker and the OOM event work on the same pages at the same time. In the first test the
# OOM event asks for one page. At that time the worker has already removed the last page from the balloon, but loaned_kb
# still counts that page.
#
# Expected result on the in-tree driver (tests/vm/defects/run explains these lines):
# in-tree: the kernel reports "kernel BUG at mm/balloon_compaction\.c.*"

bats_require_minimum_version 1.5.0
load ../lib/defect

@test "OOM event while the worker returns the last page: it is not freed twice" {
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

@test "OOM events while the worker returns pages: all pages are returned" {
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
