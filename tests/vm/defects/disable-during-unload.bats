#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A9: the parameter disable is written while the module is unloaded
#
# Expected result on the in-tree driver (tests/vm/defects/run explains these lines):
# in-tree: the kernel reports "INFO: task (rmmod|bash):.* blocked for more than [0-9]+ seconds\."

bats_require_minimum_version 1.5.0
load ../lib/defect

# write_during_unload VALUE: writes disable=VALUE while rmmod returns pages. Both the write and rmmod must end
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

@test "disable=1 is written during rmmod: the write and rmmod both finish" {
	write_during_unload 1
}

@test "disable=0 is written during rmmod: the write and rmmod both finish" {
	write_during_unload 0
}
