#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A10: the hypervisor refuses to activate pages
#
# Expected result on the in-tree driver (tests/vm/defects/run explains these lines):
# in-tree: the test "refused activations: pages stay on loan until .*" fails

bats_require_minimum_version 1.5.0
load ../lib/defect

@test "refused activations: pages stay on loan until the hypervisor allows it" {
	given modprobe cmm
	given hv_loan 65536
	hv_set fail-activate-every 1
	hv_ask 0
	sleep 3
	[ "$(loaned)" -eq 65536 ]
	[ "$(hv_loaned_kb)" -eq 65536 ]
	[ "$(mem_total_kb)" -eq $((BEFORE_KB - 65536)) ]
	hv_relent
	wait_for 10 loaned_is 0
}
