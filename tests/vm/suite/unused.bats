#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=hypervisor
# The emulated hypervisor and the kernel, without a driver: pages that the kernel frees become Unused. A failure
# here is not the driver's.

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

# The kernel sets freed pages to Unused: it has hash page tables, CONFIG_PPC_SMLPAR, and cmo_free_hint as it is by default.
kernel_sets_unused() {
	grep -qE '^MMU[[:space:]]*: Hash' /proc/cpuinfo && grep -q ' arch_free_page$' /proc/kallsyms &&
		! grep -q cmo_free_hint=off /proc/cmdline
}

# The calls are as many as CMO pages, and some of other programs.
@test "freed pages are set to Unused only with hash page tables, and not with cmo_free_hint=off" {
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

@test "the host gets the memory of a page that becomes Unused" {
	local before
	before=$(hv host-resident)
	: >/mnt/file
	if kernel_sets_unused; then
		[ $((before - $(hv host-resident))) -ge $((FILE_KB * 1024 * 95 / 100)) ]
	else
		[ $((before - $(hv host-resident))) -lt $((FILE_KB * 1024 / 20)) ]
	fi
}

@test "a hypervisor that keeps the contents of Unused pages keeps the host's memory" {
	local before
	hv_set drop-unused false
	before=$(hv host-resident)
	: >/mnt/file
	[ $((before - $(hv host-resident))) -lt $((FILE_KB * 1024 / 20)) ]
	hv_set drop-unused true
}
