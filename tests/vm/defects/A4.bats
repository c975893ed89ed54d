#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A4: unloading while compaction has pages of the balloon in hand
# in-tree may pass: pages have to be in hand at the very end, which this doesn't bring about each time

bats_require_minimum_version 1.5.0
load ../lib/defect

@test "no page stays behind" {
	local i
	for i in 1 2 3; do
		echo "round $i"
		modprobe cmm
		start_compaction 262144
		hv_set delay-us 100
		sleep 1
		rmmod cmm
		stop_compaction
		[ "$(balloon_pages)" -eq 0 ]
		hv_set delay-us 0
	done
}
