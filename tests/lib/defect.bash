# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the tests of tests/vm/defects share: a guest whose hypervisor has no faults
# and wants nothing, and in the end a driver that unloads and leaves nothing behind.
# shellcheck source=guest.bash
. "${BASH_SOURCE[0]%/*}/guest.bash"
# shellcheck source=hypervisor.bash
. "${BASH_SOURCE[0]%/*}/hypervisor.bash"

setup() {
	spare_this_process
	hv_connect
	hv_relent
	hv_ask 0
	remember_memory
}

teardown() {
	hv_relent
	unload_driver && hypervisor_holds_nothing && nothing_is_left && no_task_is_stuck
}

loaned_is_below() {
	[ "$(loaned)" -lt "$1" ]
}

loaned_is_above() {
	[ "$(loaned)" -gt "$1" ]
}

# Compaction without end, of a balloon with gaps: half of what was loaned is back.
# start_compaction KB: what stays on loan
start_compaction() {
	hv_loan $(($1 * 2)) 60
	hv_loan "$1" 60
	(
		exec 3>&-
		while :; do echo 1 >/proc/sys/vm/compact_memory; done
	) &
	COMPACTION=$!
	disown "$COMPACTION"
}

stop_compaction() {
	kill "$COMPACTION"
}
