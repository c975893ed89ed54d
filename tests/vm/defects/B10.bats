#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# B10: a loan goes on through an OOM event, and takes again what that freed
# in-tree may pass: what it loans too much is seen for a moment only

bats_require_minimum_version 1.5.0
load ../lib/defect

@test "no more is loaned than was asked, less what the event took" {
	local most=0 now
	given modprobe cmm oom_kb=32768
	hv_set delay-us 100
	hv_ask 131072
	given wait_for 20 loaned_is_above 65536
	oom_event
	hv_set delay-us 0
	while now=$(loaned) && [ "$now" -lt $((131072 - 32768)) ]; do
		[ "$now" -le "$most" ] || most=$now
	done
	sleep 3
	[ "$(loaned)" -eq $((131072 - 32768)) ]
	[ "$most" -le $((131072 - 32768)) ]
}
