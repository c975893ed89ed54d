#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=cmo-64k
# Checks the emulated machine, without the driver. A failure here is a fault of QEMU or the kernel.

bats_require_minimum_version 1.5.0

@test "the emulated MMU never writes back a PTE that the kernel has cleared" {
	for pages in 1 4; do
		touch-unmapped "$pages" 5
	done
	run ! grep -wE 'BUG|Bad page' <(dmesg)
}
