#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# B12: loans are refused while memory goes offline
#
# Expected result on the in-tree driver (tests/vm/defects/run explains these lines):
# in-tree: the test "a memory offline succeeds although loans are refused; .*" fails

bats_require_minimum_version 1.5.0
load ../lib/defect

@test "a memory offline succeeds although loans are refused; the loan shrinks" {
	local block size_kb
	block=$(movable_block)
	size_kb=$((0x$(cat "$MEMORY/block_size_bytes") / 1024))
	given modprobe cmm
	given hv_loan 1310720 120
	hv_set fail-loan-every 1
	timeout 60 bash -c "echo offline >$block/state"
	[ "$(loaned)" -lt 1310720 ]
	[ "$(loaned)" -ge $((1310720 - size_kb)) ]
	[ "$(hv_loaned_kb)" -eq "$(loaned)" ]
	echo online_movable >"$block/state"
	hv_relent
	wait_for 60 loaned_is 1310720
}
