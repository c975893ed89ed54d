#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=simulate,hypervisor,cmo-64k,debug,last
# Looks for memory that the driver has leaked. Runs after all other files, unloads the driver, and needs a kernel with
# kmemleak.

load ../lib/guest

# kmemleak ignores objects younger than five seconds, and reports objects that two scans find. If kmemleak has disabled
# itself, because memory ran out for example, writing "scan" fails, and so does the test.
@test "kmemleak finds no leaked memory" {
	local lost
	unload_driver
	for _ in 1 2 3; do
		sleep 6
		echo scan >/sys/kernel/debug/kmemleak
	done
	lost=$(cat /sys/kernel/debug/kmemleak)
	is_equal "lost objects" "$lost" ""
}
