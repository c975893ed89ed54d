#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A hypervisor whose pages are larger than the kernel's

bats_require_minimum_version 1.5.0
load ../lib/guest

@test "a CMO page larger than the kernel's: the driver does not load, and says why (B13)" {
	run modprobe cmm
	[ "$status" -ne 0 ]
	dmesg | grep -q 'cmm: CMO page size of 131072 bytes does not fit'
	[ ! -e /sys/module/cmm ]
}
