#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A4: unloading while compaction has isolated pages of the balloon
#
# Expected result on the in-tree driver, and settings of the guest (tests/vm/defects/run explains these lines):
# in-tree: the kernel reports "BUG: Unable to handle kernel .*"
# hypervisor: cmo-page-size=64K

bats_require_minimum_version 1.5.0
load ../lib/defect

@test "unloading during compaction: no page is left on loan" {
	given modprobe cmm
	given start_slow_compaction 196608
	rmmod cmm
	[ "$(balloon_pages)" -eq 0 ]
	end_compaction
}
