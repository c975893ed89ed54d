#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# B13: a CMO page is larger than a page of the kernel
#
# Expected result on the in-tree driver, and settings of the guest (tests/vm/defects/run explains these lines):
# in-tree: the test "a CMO page of 128 KiB: the driver does not load, and says why" fails
# hypervisor: cmo-page-size=128K

bats_require_minimum_version 1.5.0
load ../lib/defect

@test "a CMO page of 128 KiB: the driver does not load, and says why" {
	run modprobe cmm
	[ "$status" -ne 0 ]
	dmesg | grep -q 'cmm: CMO page size of 131072 bytes does not fit'
	[ ! -e /sys/module/cmm ]
}
