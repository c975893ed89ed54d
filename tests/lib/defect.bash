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
	unload_driver && bring_memory_online && hypervisor_holds_nothing && nothing_is_left && no_task_is_stuck
}

loaned_is_below() {
	[ "$(loaned)" -lt "$1" ]
}

loaned_is_above() {
	[ "$(loaned)" -gt "$1" ]
}

# Has most of a balloon of 192 MiB isolated, and migrated by slow calls, for some
# seconds: all movable memory but a block is taken offline before it is loaned, and
# then that block. More surely than compaction, which takes 32 pages at a time.
# Wants a driver that has nothing on loan.
start_migration() {
	local last block moved
	last=$(movable_block)
	for block in "$MEMORY"/memory*; do
		[ "$block" != "$last" ] || continue
		! grep -q Movable "$block/valid_zones" || echo offline >"$block/state" || true
	done 2>/dev/null
	sleep 1
	hv_loan 196608 60
	moved=$(vmstat balloon_migrate)
	hv_set delay-us 100
	(
		exec 3>&-
		echo offline >"$last/state"
	) &
	MIGRATION=$!
	wait_for 20 migrated_more_than "$moved"
}

end_migration() {
	wait "$MIGRATION"
	hv_set delay-us 0
	bring_memory_online
}

migrated_more_than() {
	[ "$(vmstat balloon_migrate)" -gt "$1" ]
}
