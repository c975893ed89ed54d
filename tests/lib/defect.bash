# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Helpers for the tests of tests/vm/defects. At the start of each test the hypervisor has no faults, and requests no
# loan. At the end of each test the driver must unload and leave nothing behind.
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

# given COMMAND...: runs COMMAND, which prepares the test. If COMMAND fails, the test can't show the defect. So the
# verdict (see defects.sh) is then "does not begin", and not that the test fails.
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

# loan_stopped_growing KB: succeeds if more than KB is on loan, and the loan grows by less than 4 MiB within a second
loan_stopped_growing() {
	local before
	before=$(loaned)
	[ "$before" -gt "$1" ] || return 1
	sleep 1
	[ $(($(loaned) - before)) -lt 4096 ]
}

# start_slow_compaction KB: loans KB, and starts a compaction that takes seconds. Compaction isolates up to 32 pages of
# the balloon. Then the driver replaces these pages by new pages, one after the other. Each replacement takes long,
# because the hypervisor delays the loan of the new page.
start_slow_compaction() {
	lay_loan_and_gaps hv_loan "$1" || return
	hv_set delay-loan-us 300000 || return
	(
		exec 3>&-
		for _ in 1 2 3; do echo 1 >/proc/sys/vm/compact_memory; done
	) &
	COMPACTION=$!
	wait_for 15 a_loan_is_under_way
}

# Succeeds while the hypervisor delays a loan. The hypervisor counts only calls that it delays, so its property
# cmo-delay-loan-us must not be 0
a_loan_is_under_way() {
	[ "$(hv delayed)" -gt 0 ]
}

end_compaction() {
	hv_set delay-loan-us 0
	wait "$COMPACTION"
	remove_gaps
}
