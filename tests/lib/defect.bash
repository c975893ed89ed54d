# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the tests of tests/vm/defects share: a guest whose hypervisor has no faults
# and wants nothing, and in the end a driver that unloads and leaves nothing behind.
# shellcheck source=guest.bash
. "${BASH_SOURCE[0]%/*}/guest.bash"
# shellcheck source=hypervisor.bash
. "${BASH_SOURCE[0]%/*}/hypervisor.bash"

setup() {
	given spare_this_process
	given hv_connect
	given hv_relent
	given hv_ask 0
	given remember_memory
}

# given COMMAND...: what a test needs before it gets to the defect. Where that fails the
# test has shown nothing.
given() {
	"$@" || {
		echo "set-up failed: $*"
		return 1
	}
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

# Compaction that has pages of the balloon in hand: it takes up to 32 off the balloon
# and then exchanges one after the other, as slowly as the new page's loan is. Half of
# what was loaned is back before that, since a balloon without gaps isn't compacted;
# where the gaps are not such that compaction has something to do, they are made anew.
# start_slow_compaction KB: what stays on loan
start_slow_compaction() {
	for _ in 1 2 3 4 5; do
		hv_set delay-loan-us 0
		hv_loan $(($1 * 2)) 60
		hv_loan "$1" 60
		hv_set delay-loan-us 300000
		LOANS=$(hv loans)
		(
			exec 3>&-
			for _ in 1 2 3; do echo 1 >/proc/sys/vm/compact_memory; done
		) &
		COMPACTION=$!
		! wait_for 15 loans_are_above "$LOANS" || return 0
	done
	return 1
}

loans_are_above() {
	[ "$(hv loans)" -gt "$1" ]
}

end_compaction() {
	hv_set delay-loan-us 0
	wait "$COMPACTION"
}
