#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=in-tree-module
# Runs on a kernel that has the in-tree driver as a module

bats_require_minimum_version 1.5.0
load ../lib/guest

OURS=/lib/modules/$(uname -r)/updates/cmm.ko

teardown() {
	[ ! -e /root/cmm.ko ] || mv /root/cmm.ko "$OURS"
	depmod
}

@test "modprobe cmm loads our module" {
	[ "$(modinfo -n cmm)" = "$OURS" ]
}

@test "without our module modprobe loads the in-tree driver" {
	unload_driver
	mv "$OURS" /root/
	depmod
	load_driver
	[ ! -e "$DEVICE/state" ]
	[ "$(modinfo -F intree cmm)" = Y ]
	unload_driver
}
