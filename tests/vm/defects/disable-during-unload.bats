#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A9: disable is written while the module is unloaded
# in-tree: kernel: INFO: task (rmmod|bash):.* blocked for more than [0-9]+ seconds\.

bats_require_minimum_version 1.5.0
load ../lib/defect

# write_during_unload VALUE: writes disable=VALUE while rmmod returns pages; both must finish
write_during_unload() {
	local unload
	given modprobe cmm
	given hv_loan 131072
	hv_set delay-us 100
	rmmod cmm &
	unload=$!
	given wait_for 10 loaned_is_below 131072
	(echo "$1" >"$PARAMETERS/disable") || true
	wait "$unload"
}

@test "disable=1 during rmmod: both finish" {
	write_during_unload 1
}

@test "disable=0 during rmmod: both finish" {
	write_during_unload 0
}
