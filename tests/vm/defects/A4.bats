#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A4: unloading while pages of the balloon are being migrated

bats_require_minimum_version 1.5.0
load ../lib/defect

@test "rmmod returns when no page is left" {
	modprobe cmm hotplug_delay=0
	start_migration
	rmmod cmm
	[ "$(balloon_pages)" -eq 0 ]
	[ "$(hv loaned)" -eq 0 ]
	end_migration
}
