#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# B5: a loan that cannot be met overwrites the target
#
# Expected result on the in-tree driver (tests/vm/defects/run explains these lines):
# in-tree: the test "not enough memory for a loan: the target still equals .*" fails

bats_require_minimum_version 1.5.0
load ../lib/defect

@test "not enough memory for a loan: the target still equals the request" {
	given load_driver
	given confine_worker
	ask 1048576
	given wait_for 60 loan_stopped_growing 262144
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		[ "$(target)" -eq 1048576 ]
		sleep 0.2
	done
}

@test "not enough memory for a loan, then H_GET_MPP fails: no page is returned" {
	local before
	given modprobe cmm
	given confine_worker
	hv_ask 1048576
	given wait_for 60 loan_stopped_growing 262144
	before=$(loaned)
	hv_set fail-mpp-every 1
	sleep 4
	[ "$(loaned)" -ge "$before" ]
}
