#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# B16: the driver ignores hibernation and migration to another machine
#
# The first test opens the snapshot device, which is the first step of a hibernation. The second test does not migrate
# the partition, but changes the device tree as the kernel does after a migration.
#
# Expected result on the in-tree driver (tests/vm/defects/run explains these lines):
# in-tree: the test "after a migration the driver loans all its pages again" fails
# in-tree on debug: the test "hibernation: all pages are returned for the snapshot, .*" fails

bats_require_minimum_version 1.5.0
load ../lib/defect

@test "hibernation: all pages are returned for the snapshot, later loaned again" {
	[ -c /dev/snapshot ] || skip "a kernel that can't hibernate"
	given modprobe cmm
	given hv_loan 131072
	exec 7</dev/snapshot
	[ "$(loaned)" -eq 0 ]
	[ "$(hv loaned)" -eq 0 ]
	exec 7<&-
	wait_for 20 loaned_is 131072
}

loans_are() {
	[ "$(hv loans)" -eq "$1" ]
}

@test "after a migration the driver loans all its pages again" {
	local before
	[ -e /proc/device-tree/system-id ] || system_id add IBM,0212345
	given modprobe cmm
	given hv_loan 65536
	before=$(hv loans)
	system_id update IBM,0254321
	wait_for 20 loans_are $((before + 16 * 65536 / $(page_kb)))
	wait_for 20 loaned_is 65536
	[ "$(hv_loaned_kb)" -eq 65536 ]
	system_id update IBM,0254321
	sleep 2
	loans_are $((before + 16 * 65536 / $(page_kb)))
}
