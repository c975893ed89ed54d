#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=simulate,hypervisor,cmo-64k,debug,last
# Looks for memory that the driver has leaked. Runs after all other files, unloads the driver, and needs a kernel with
# kmemleak.

load ../lib/guest

# kmemleak ignores objects younger than five seconds, and reports an object only if two scans find it. If kmemleak has
# disabled itself, for example because memory ran out, writing "scan" fails, and then the test fails, too.
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
