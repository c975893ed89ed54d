#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# B6: oom_kb changes during an OOM event
#
# Expected result on the in-tree driver (tests/vm/defects/run explains these lines):
# in-tree: the test "oom_kb changes during an OOM event: freed pages are counted" fails

bats_require_minimum_version 1.5.0
load ../lib/defect

@test "oom_kb changes during an OOM event: freed pages are counted" {
	given modprobe cmm oom_kb=65536
	given hv_loan 131072
	! has_attribute state || echo 4294967295 >"$PARAMETERS/oom_kb"
	hv_set delay-us 100
	given start_victim
	echo f >/proc/sysrq-trigger
	given wait_for 10 loaned_is_below 131072
	echo 0 >"$PARAMETERS/oom_kb"
	wait_for 20 victim_is_dead
	hv_set delay-us 0
	[ "$(oom_freed)" -gt 0 ]
	[ "$(oom_freed)" -eq $((131072 - $(loaned))) ]
}
