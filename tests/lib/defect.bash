# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the tests of tests/vm/defects share: a guest whose hypervisor has no faults
# and wants nothing, and in the end a driver that unloads and leaves nothing behind.
# shellcheck source=guest.bash
. "${BASH_SOURCE[0]%/*}/guest.bash"
# shellcheck source=hypervisor.bash
. "${BASH_SOURCE[0]%/*}/hypervisor.bash"

GAPS=/run/gaps

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

# loan_has_ended KB: more than that is on loan, and it has got no further in a second.
loan_has_ended() {
	local before
	before=$(loaned)
	[ "$before" -gt "$1" ] || return 1
	sleep 1
	[ $(($(loaned) - before)) -lt 4096 ]
}

# Compaction moves what is low in a zone into gaps further up; a free block of huge-page size is
# no gap. Loaned pages and gaps are laid in turns, so that wherever in a zone the kernel's next
# memory is, there are loaned pages below gaps.
# lay_loan_and_gaps KB: how much is on loan in the end
lay_loan_and_gaps() {
	local kb i size_kb
	size_kb=$(page_kb)
	mkdir -p "$GAPS"
	mount -t tmpfs gaps "$GAPS" || return
	for ((kb = 32768; kb <= $1; kb += 32768)); do
		hv_loan "$kb" || return
		for ((i = 0; i < 32768 / size_kb; i++)); do
			printf '%*s' $((size_kb * 1024)) '' >"$GAPS/$kb-$i" || return
		done
	done
	rm "$GAPS"/*[02468]
}

# Compaction that has pages of the balloon in hand: it takes up to 32 off the balloon
# and then exchanges one after the other, as slowly as the new page's loan is.
# start_slow_compaction KB: what is on loan
start_slow_compaction() {
	lay_loan_and_gaps "$1" || return
	hv_set delay-loan-us 300000 || return
	(
		exec 3>&-
		for _ in 1 2 3; do echo 1 >/proc/sys/vm/compact_memory; done
	) &
	COMPACTION=$!
	wait_for 15 a_loan_is_under_way
}

# Under delay-loan-us, for the hypervisor counts what it delays only
a_loan_is_under_way() {
	[ "$(hv delayed)" -gt 0 ]
}

end_compaction() {
	hv_set delay-loan-us 0
	wait "$COMPACTION"
	umount "$GAPS"
}
