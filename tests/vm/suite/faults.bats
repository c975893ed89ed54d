#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=hypervisor
# The hypervisor refuses calls, does not answer, or is slow. At the end of each test the hypervisor works again, and
# unloading must return every page. A page is "partly held" if the hypervisor has only a part of it. That happens if a
# call in the middle of the page is refused, and then a call that should undo the earlier calls is refused, too.

bats_require_minimum_version 1.5.0
load ../lib/guest
load ../lib/hypervisor

setup_file() {
	hv_connect
}

setup() {
	spare_this_process
	hv_ask 0
	remember_memory
	modprobe "$MODULE"
}

teardown() {
	hv_relent
	stop_using_memory
	remove_gaps
	unload_driver && hypervisor_holds_nothing && nothing_is_left
}

# Prints the number of messages about refused calls in the kernel's log
refusal_messages() {
	dmesg | grep -c 'cmm.*: .*\(refused\|Can not set\)' || true
}

@test "refused loans: nothing is loaned, and no page is lost" {
	hv_set fail-loan-every 1
	hv_ask 65536
	sleep 3
	[ "$(loaned)" -eq 0 ]
	[ "$(hv loaned)" -eq 0 ]
	[ "$(mem_total_kb)" -eq "$BEFORE_KB" ]
	hv_set fail-loan-every 0
	wait_for 10 loaned_is 65536
}

# The in-tree driver lowers the target to the amount on loan.
# bats test_tags=fails-in-tree,slow
@test "refused loans: the target does not change" {
	hv_set fail-loan-every 1
	hv_ask 65536
	sleep 3
	[ "$(target)" -eq 65536 ]
}

# The in-tree driver writes a line for each refused call.
# bats test_tags=fails-in-tree
@test "refused calls: at most one line a minute in the log" {
	local before
	before=$(refusal_messages)
	hv_set fail-loan-every 2
	hv_ask 65536
	sleep 5
	[ $(($(refusal_messages) - before)) -le 1 ]
}

# bats test_tags=ours-only
@test "refused loans: the state is 'refused', and hv_errors counts the refusals" {
	hv_set fail-loan-every 1
	hv_ask 65536
	wait_for 10 state_is refused
	sleep 3
	[ "$(cat "$DEVICE/stats/hv_errors")" -gt 2 ]
	hv_set fail-loan-every 0
	wait_for 10 loaned_is 65536
	wait_for 5 state_is running
}

# The loan of a page of 64 KiB takes 16 calls. The hypervisor refuses the 8th call for the second page. Then the driver
# has to undo the seven earlier calls.
@test "the loan of a page is refused halfway: the driver undoes it and retries" {
	hv_set fail-loan-at 24
	hv_ask 65536
	wait_for 20 loaned_is 65536
	[ "$(hv_loaned_kb)" -eq 65536 ]
}

@test "one of 1000 loan calls is refused: other pages are loaned instead" {
	local refused
	refused=$(hv refused-loans)
	hv_set fail-loan-every 1000
	hv_ask 65536
	wait_for 60 loaned_is 65536
	[ "$(hv refused-loans)" -gt "$refused" ]
	counts_agree
}

counts_agree() {
	is_equal "KiB that the driver counts" "$(loaned)" "$(hv_held_kb)"
}

counts_agree_above() {
	[ "$(loaned)" -ge "$1" ] && counts_agree
}

# bats test_tags=ours-only
@test "refused activations: all pages are returned once calls succeed again" {
	hv_loan 131072
	hv_set fail-activate-every 1
	hv_ask 0
	wait_for 10 state_is refused
	sleep 2
	hv_set fail-activate-every 0
	wait_for 10 loaned_is 0
	[ "$(hv loaned)" -eq 0 ]
	[ "$(mem_total_kb)" -eq "$BEFORE_KB" ]
	wait_for 5 state_is running
}

refusals_reach() {
	[ "$(hv refused-activations)" -ge "$1" ]
}

migrations_reach() {
	[ "$(cat "$DEVICE/stats/migrated_pages")" -ge "$1" ]
}

# loan_meets SIZE_KB: succeeds if the hypervisor has this much, to within a page, and the driver and MemTotal count the
# same pages. The driver counts partly held pages as whole pages, so it can count more than SIZE_KB.
loan_meets() {
	local missing_kb=$(($1 - $(hv_loaned_kb)))
	[ "${missing_kb#-}" -lt "$(page_kb)" ] && counts_agree &&
		mem_total_is $((BEFORE_KB - $(loaned)))
}

is_partly_active() {
	[ "$(hv_partly_active_kb)" -gt 0 ]
}

# compact_until COMMAND: compacts the memory until COMMAND succeeds, but at most ten times. Compaction skips pages that
# are in use at the moment, so a single compaction may move no page of the balloon
compact_until() {
	for _ in {1..10}; do
		echo 1 >/proc/sys/vm/compact_memory
		! "$@" || return 0
	done
	return 1
}

# When compaction moves a page of the balloon, the driver activates the old page and loans the new page. In this test,
# the hypervisor refuses the 8th of the 16 calls that activate the old page. The in-tree driver frees a page even if the
# activation of the page is refused. Then the tests after this one would fail, so this test runs on our driver only.
# bats test_tags=ours-only,slow
@test "compaction: if an activation is refused halfway, the loan keeps its size" {
	local refused migrated
	lay_loan_and_gaps hv_loan 131072
	refused=$(hv refused-activations)
	migrated=$(cat "$DEVICE/stats/migrated_pages")
	hv_set fail-activate-at 8
	compact_until refusals_reach $((refused + 1))
	[ "$(hv refused-activations)" -eq $((refused + 1)) ]
	compact_until migrations_reach $((migrated + 1))
	# A poll can come when the old page is active, and the new page is not on loan yet. Then the hypervisor requests
	# one page more than is needed, until the next poll.
	wait_for 5 loaned_is 131072
	wait_for 5 hv_loaned_is 131072
}

# Compaction replaces a page on loan by a new page. First, 16 calls should activate the old page. In this test the
# hypervisor refuses the 8th call. Then seven calls should loan the activated part again, but the hypervisor refuses
# these calls, too. So a part of each page that compaction tries to move stays active.
# bats test_tags=ours-only,slow
@test "compaction: if the old page is partly activated, it stays on loan" {
	[ "$(page_kb)" -eq 64 ] || skip "a page takes only one call"
	lay_loan_and_gaps hv_loan 131072
	hv_set fail-activate-every 8
	hv_set fail-loan-every 1
	compact_until is_partly_active
	# The hypervisor counts the active parts as not on loan, and requests more. The driver tries to loan more. Until
	# these calls are refused, its count is higher.
	wait_for 10 loaned_is 131072
	# The kernel may go on compacting for a moment.
	wait_for 10 counts_agree
	hv_relent
	wait_for 20 loan_meets 131072
	hv_ask 0
	wait_for 30 loaned_is 0
}

# The hypervisor refuses the 8th call that loans the new page. Before that, 16 calls have activated the old page. So the
# first call that undoes the loan of the new page is the 17th activation. The hypervisor refuses this call, too.
# bats test_tags=ours-only,slow
@test "compaction: if the new page is partly loaned, it replaces the old page" {
	local migrated
	lay_loan_and_gaps hv_loan 131072
	migrated=$(cat "$DEVICE/stats/migrated_pages")
	hv_set fail-loan-at 8
	hv_set fail-activate-at 17
	compact_until migrations_reach $((migrated + 1))
	is_equal "active KiB of the partly held page" "$(hv_partly_active_kb)" 36
	wait_for 20 loan_meets 131072
	hv_ask 0
	wait_for 30 loaned_is 0
}

# bats test_tags=ours-only,slow
@test "compaction, many refused calls: counts agree, and disable=1 returns all" {
	local errors
	lay_loan_and_gaps hv_loan 131072
	errors=$(cat "$DEVICE/stats/hv_errors")
	hv_set fail-loan-every 2
	hv_set fail-activate-every 8
	for _ in 1 2 3; do
		echo 1 >/proc/sys/vm/compact_memory
	done
	hv_set fail-activate-every 1
	sleep 3
	[ "$(cat "$DEVICE/stats/hv_errors")" -gt "$errors" ]
	hv_relent
	wait_for 20 counts_agree_above 131072
	echo 1 >"$PARAMETERS/disable"
	[ "$(loaned)" -eq 0 ]
	[ "$(hv partly-active)" -eq 0 ]
}

# bats test_tags=ours-only
@test "refused activations: the write of disable=1 gets EIO; disable stays 1" {
	hv_loan 65536
	hv_set fail-activate-every 1
	run bash -c "echo 1 >$PARAMETERS/disable"
	[ "$status" -ne 0 ]
	[[ $output == *"Input/output error" ]]
	[ "$(cat "$PARAMETERS/disable")" -eq 1 ]
	[ "$(loaned)" -eq 65536 ]
	hv_set fail-activate-every 0
	wait_for 10 loaned_is 0
}

# bats test_tags=ours-only
@test "some activations refused: the other pages are returned at once" {
	hv_loan 65536
	hv_set fail-activate-every 100
	hv_ask 0
	wait_for 30 loaned_is 0
	[ "$(hv loaned)" -eq 0 ]
}

# The loan is not a multiple of the batch size. So even after batches have grown, one batch is smaller than the others.
# bats test_tags=ours-only
@test "all activations refused: the driver tries the pages in whole batches" {
	local pages=$((65536 / $(page_kb) + 5)) refused
	hv_loan $((pages * $(page_kb)))
	refused=$(hv refused-activations)
	hv_set fail-activate-every 1
	trace_batches deflate
	hv_ask 0
	wait_for 30 refusals_reach $((refused + pages))
	[ "$(batches | wc -l)" -lt $((20 + 2 * pages / 64)) ]
}

# bats test_tags=ours-only,slow
@test "one activation call per page is refused: all pages stay wholly on loan" {
	local before
	hv_loan 65536
	hv_set fail-activate-every $(($(page_kb) / 4))
	hv_ask 0
	wait_for 10 state_is refused
	sleep 3
	wait_for 5 hv_loaned_is 65536
	[ "$(loaned)" -eq 65536 ]
	before=$(inflated_pages)
	hv_set fail-activate-every 0
	wait_for 10 loaned_is 0
	sleep 3
	is_equal "pages loaned since" $(($(inflated_pages) - before)) 0
}

# Succeeds if the amount on loan, as the hypervisor counts it, does not change for a second
hv_loan_is_stable() {
	local before
	before=$(hv loaned)
	sleep 1
	[ "$(hv loaned)" -eq "$before" ]
}

# bats test_tags=ours-only,slow
@test "pages activated only in part are later returned, not loaned again" {
	local before
	hv_loan 65536
	hv_set fail-loan-every 1
	hv_set fail-activate-every $(($(page_kb) / 4))
	hv_ask 0
	wait_for 10 state_is refused
	wait_for 30 hv_loan_is_stable
	[ "$(hv_loaned_kb)" -lt 65536 ]
	counts_agree
	before=$(inflated_pages)
	hv_set fail-loan-every 0
	hv_set fail-activate-every 0
	wait_for 10 loaned_is 0
	sleep 3
	is_equal "pages loaned since" $(($(inflated_pages) - before)) 0
}


# With delay=1000, the driver waits a long time before it tries again to return the refused pages. So it has to return
# other pages to keep min_avail_mb.
# bats test_tags=ours-only,slow
@test "min_avail_mb: while refused pages wait for a retry, others are returned" {
	local refused
	hv_loan 524288
	refused=$(hv refused-activations)
	hv_set fail-activate-every 1
	hv_ask 131072
	wait_for 30 refusals_reach $((refused + 393216 / $(page_kb)))
	echo 1000 >"$PARAMETERS/delay"
	echo $(($(available_mb) - 64)) >"$PARAMETERS/min_avail_mb"
	sleep 3
	hv_set fail-activate-every 0
	use_memory 100
	wait_for 10 available_is_above "$(cat "$PARAMETERS/min_avail_mb")"
}

# bats test_tags=ours-only,slow
@test "activations refused while min_avail_mb is raised: pages stay on loan" {
	local before
	hv_loan 524288
	before=$(inflated_pages)
	hv_set fail-activate-every 1
	echo 1000000 >"$PARAMETERS/min_avail_mb"
	sleep 5
	echo 0 >"$PARAMETERS/min_avail_mb"
	hv_set fail-activate-every 0
	sleep 3
	wait_for 10 loaned_is 524288
	[ $(($(inflated_pages) - before)) -lt $((262144 / $(page_kb))) ]
}

# bats test_tags=ours-only
@test "a loan is refused halfway, its undo also: the page is returned later" {
	[ "$(page_kb)" -eq 64 ] || skip "a page takes only one call"
	hv_set fail-loan-at 8
	hv_set fail-activate-every 1
	hv_ask "$(page_kb)"
	wait_for 10 loaned_is "$(page_kb)"
	is_equal "active KiB of the partly held page" "$(hv_partly_active_kb)" $((64 - 7 * 4))
	counts_agree
	hv_set fail-activate-every 0
	hv_ask 0
	wait_for 10 loaned_is 0
	[ "$(hv loaned)" -eq 0 ]
}

# The first step of a hibernation is to open the snapshot device.
# bats test_tags=ours-only
@test "activations refused: no hibernation can begin, and the loan goes on" {
	[ -c /dev/snapshot ] || skip "a kernel that can't hibernate"
	hv_loan 65536
	hv_set fail-activate-every 1
	run bash -c ': </dev/snapshot'
	[[ $output == *"Device or resource busy"* ]]
	hv_set fail-activate-every 0
	wait_for 20 loaned_is 65536
	wait_for 10 state_is running
}

# bats test_tags=ours-only
@test "OOM event, activations refused: nothing is returned" {
	hv_loan 65536
	hv_set fail-activate-every 1
	oom_event
	[ "$(cat "$OOM_FREED")" -eq 0 ]
	[ "$(loaned)" -eq 65536 ]
	[ "$(hv_loaned_kb)" -eq 65536 ]
}

# bats test_tags=ours-only,slow
@test "compaction with loans refused: the loan shrinks, and no page is lost" {
	lay_loan_and_gaps hv_loan 131072
	hv_set fail-loan-every 1
	compact_until loaned_is_below 131072
	[ "$(hv_loaned_kb)" -eq "$(loaned)" ]
	[ "$(mem_total_kb)" -eq $((BEFORE_KB - $(loaned))) ]
	hv_set fail-loan-every 0
	wait_for 20 loaned_is 131072
}

@test "no answer to H_GET_MPP: target and loan do not change" {
	hv_loan 65536
	hv_set fail-mpp-every 1
	hv_ask 131072
	sleep 3
	[ "$(loaned)" -eq 65536 ]
	[ "$(target)" -eq 65536 ]
	hv_set fail-mpp-every 0
	wait_for 10 loaned_is 131072
}

# bats test_tags=ours-only
@test "no answer to H_GET_MPP: the state is 'no-answer'" {
	hv_set fail-mpp-every 1
	wait_for 5 state_is no-answer
	hv_set fail-mpp-every 0
	wait_for 5 state_is running
}

# A file in a tmpfs uses each page as soon as the driver frees the page. If the page is not active yet, the hypervisor
# notices and counts the use.
# bats test_tags=slow
@test "slow returns: no page is freed before it is activated" {
	local hog
	hv_loan 262144
	mkdir -p /mnt
	mount -t tmpfs -o size=100% hog /mnt
	(
		exec 3>&-
		while [ ! -e /run/hog-ends ]; do
			head -c 1200M /dev/zero >/mnt/hog || true
			rm /mnt/hog
		done
	) &
	hog=$!
	hv_set delay-us 100
	hv_ask 0
	wait_for 60 loaned_is 0
	touch /run/hog-ends
	wait "$hog"
	umount /mnt
	[ -z "$(hv_violations)" ]
}

# A new request takes effect only when the present batch ends. So if calls are slow, the driver must make small batches.
# bats test_tags=ours-only,slow
@test "a batch has few pages if calls take 2 ms, and more if calls are fast" {
	hv_loan 65536
	hv_set delay-us 2000
	trace_batches inflate
	hv_ask 131072
	wait_for 20 batches_are_above 8
	[ "$(largest_batch 1)" -le 4 ]
	trace_batches deflate
	hv_ask 0
	wait_for 20 batches_are_above 8
	[ "$(largest_batch 1)" -le 4 ]
	hv_set delay-us 0
	wait_for 20 loaned_is 0
	[ "$(largest_batch 0)" -ge 8 ]
}

# trace_batches inflate|deflate: clears the trace, and from now on records only the event cmm_inflate or cmm_deflate
trace_batches() {
	echo 0 >"$TRACING/events/cmm/enable"
	echo >"$TRACING/trace"
	echo 1 >"$TRACING/events/cmm/cmm_$1/enable"
}

# Prints the number of pages of each recorded batch
batches() {
	sed -nE 's/.* cmm_(in|de)flate: asked=[0-9]+ done=([0-9]+) .*/\2/p' "$TRACING/trace"
}

batches_are_above() {
	[ "$(batches | wc -l)" -gt "$1" ]
}

# largest_batch SKIPPED: prints the number of pages of the largest recorded batch. Ignores the first SKIPPED batches,
# because the driver adapts the batch size only after a batch
largest_batch() {
	batches | tail -n +$(($1 + 1)) | sort -n | tail -n 1
}

# bats test_tags=ours-only,slow
@test "uevents 'refused' and 'no-answer' are sent, and 'recovered' after each" {
	listen_to_uevents
	hv_set fail-loan-every 1
	hv_ask 65536
	wait_for 10 uevents_are refused 1
	[ "$(uevents refused CMM_STATE)" = refused ]
	hv_set fail-loan-every 0
	wait_for 20 uevents_are recovered 1
	hv_set fail-mpp-every 1
	wait_for 20 uevents_are no-answer 1
	hv_set fail-mpp-every 0
	wait_for 20 uevents_are recovered 2
	stop_listening
}
