#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=ours-only
# From 7.2 on, two calls of adjust_managed_page_count() at the same time can double the reserve that the kernel keeps in
# a node. The driver makes its calls one after the other. On older kernels this test can't fail.

load ../lib/guest

setup() {
	spare_this_process
	remember_memory
	load_driver
}

teardown() {
	! grep -q '^reserve ' /proc/modules || rmmod reserve
	unload_driver && nothing_is_left
}

# The first loan and its return make the kernel compute the reserve from the present number of pages. At disable=1 the
# worker and the writer return pages at the same time.
# bats test_tags=slow
@test "two tasks return pages at the same time: no node's reserve is doubled" {
	local larger
	loan 65536
	loan 0
	probe reserve
	for _ in 1 2 3; do
		loan 524288
		echo 1 >"$PARAMETERS/disable"
		echo 0 >"$PARAMETERS/disable"
	done
	larger=$(cat /sys/module/reserve/parameters/larger)
	echo "the reserve of a node was too large at $larger calls"
	[ "$larger" -eq 0 ]
}
