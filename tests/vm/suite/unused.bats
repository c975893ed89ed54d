#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=hypervisor,quick-look
# Checks the emulated hypervisor and the kernel, without the driver: pages that the kernel frees become Unused (see
# "Unused pages" in docs/hypervisor.md). A failure here is a fault of the hypervisor or the kernel.

bats_require_minimum_version 1.5.0
load ../lib/guest
load ../lib/hypervisor

FILE_KB=131072

setup() {
	hv_connect
	mkdir -p /mnt
	mount -t tmpfs -o size=100% unused /mnt
	head -c "${FILE_KB}K" /dev/zero >/mnt/file
}

teardown() {
	umount /mnt
}

# When the file is truncated, the kernel makes a call for each CMO page of the file. The kernel may make more calls, for
# pages of other programs.
@test "freed pages become Unused only with hash page tables and cmo_free_hint" {
	local before calls
	before=$(hv unused-calls)
	: >/mnt/file
	calls=$(($(hv unused-calls) - before))
	if kernel_sets_unused; then
		[ "$calls" -ge $((FILE_KB / 4)) ]
	else
		[ "$calls" -eq 0 ]
	fi
}

@test "drop-unused on: the host gets the memory of Unused pages" {
	local before
	before=$(hv host-resident)
	: >/mnt/file
	if kernel_sets_unused; then
		[ $((before - $(hv host-resident))) -ge $((FILE_KB * 1024 * 95 / 100)) ]
	else
		[ $((before - $(hv host-resident))) -lt $((FILE_KB * 1024 / 20)) ]
	fi
}

@test "drop-unused off: the host does not get the memory of Unused pages" {
	local before
	hv_set drop-unused false
	before=$(hv host-resident)
	: >/mnt/file
	[ $((before - $(hv host-resident))) -lt $((FILE_KB * 1024 / 20)) ]
	hv_set drop-unused true
}
