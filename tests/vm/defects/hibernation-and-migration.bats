#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# B16: hibernation, and migration to another machine
# in-tree: fails: after a migration all pages are loaned anew
# in-tree on debug: fails: hibernation: all pages are active during the snapshot, .*
# Opening the snapshot device is the first step of a hibernation. No migration takes place: the test changes the
# device tree as the kernel does after one.

bats_require_minimum_version 1.5.0
load ../lib/defect

@test "hibernation: all pages are active during the snapshot, then loaned" {
	[ -c /dev/snapshot ] || skip "a kernel that can't hibernate"
	given modprobe cmm
	given hv_loan 131072
	exec 7</dev/snapshot
	[ "$(loaned)" -eq 0 ]
	[ "$(hv loaned)" -eq 0 ]
	exec 7<&-
	wait_for 20 loaned_is 131072
}

@test "after a migration all pages are loaned anew" {
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

loans_are() {
	[ "$(hv loans)" -eq "$1" ]
}
