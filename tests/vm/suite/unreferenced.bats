#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=simulate,hypervisor,cmo-64k,debug,last
# After everything else, and with the driver gone: what it has lost track of. Only
# in a kernel that looks for it.

load ../lib/guest

# It looks at what is five seconds old, and tells what two of its looks agree on.
# When it has given up, for want of memory say, it refuses to look.
@test "kmemleak finds nothing that was lost" {
	local lost
	unload_driver
	for _ in 1 2 3; do
		sleep 6
		echo scan >/sys/kernel/debug/kmemleak
	done
	lost=$(cat /sys/kernel/debug/kmemleak)
	is_equal "lost objects" "$lost" ""
}
