#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A5: disable=1 while pages of the balloon are being migrated

bats_require_minimum_version 1.5.0
load ../lib/defect

@test "it returns when every page is back" {
	modprobe cmm hotplug_delay=0
	start_migration
	echo 1 >"$PARAMETERS/disable"
	[ "$(loaned)" -eq 0 ]
	[ "$(balloon_pages)" -eq 0 ]
	[ "$(hv loaned)" -eq 0 ]
	end_migration
}
