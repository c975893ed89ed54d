#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=hypervisor
# A hypervisor that refuses, is silent, or slow. In the end it relents, and
# then every page must be back with nothing lost.

bats_require_minimum_version 1.5.0
load ../lib/guest
load ../lib/hypervisor

setup_file() {
	hv_connect
}

setup() {
	spare_this_process
	hv_relent
	hv_ask 0
	remember_memory
	modprobe "$MODULE"
}

teardown() {
	hv_relent
	stop_using_memory
	unload_driver && hypervisor_holds_nothing && nothing_is_left
}

# How often the driver has complained of the hypervisor since boot
complaints() {
	dmesg | grep -c 'cmm.*: .*\(refused\|Can not set\)' || true
}

@test "refused loans: nothing is loaned, nothing leaks" {
	hv_set fail-loan-every 1
	hv_ask 65536
	sleep 3
	[ "$(loaned)" -eq 0 ]
	[ "$(hv loaned)" -eq 0 ]
	[ "$(mem_total_kb)" -eq "$BEFORE_KB" ]
	hv_set fail-loan-every 0
	wait_for 10 loaned_is 65536
}

# In-tree the target becomes the amount on loan.
# bats test_tags=fails-in-tree
@test "refused loans: the target stays" {
	hv_set fail-loan-every 1
	hv_ask 65536
	sleep 3
	[ "$(target)" -eq 65536 ]
}

# In-tree it is a line for each refused call.
# bats test_tags=fails-in-tree
@test "refused calls: a line in the log a minute at most" {
	local before
	before=$(complaints)
	hv_set fail-loan-every 2
	hv_ask 65536
	sleep 5
	[ $(($(complaints) - before)) -le 1 ]
}

# bats test_tags=ours-only
@test "refused loans: the state says so, and the statistics" {
	hv_set fail-loan-every 1
	hv_ask 65536
	wait_for 10 state_is refused
	sleep 3
	[ "$(cat "$DEVICE/stats/hv_errors")" -gt 2 ]
	hv_set fail-loan-every 0
	wait_for 10 loaned_is 65536
	wait_for 5 state_is running
}

@test "a loan refused in the middle of a page is undone" {
	hv_set fail-loan-at 24
	hv_ask 65536
	wait_for 20 loaned_is 65536
	[ "$(hv_loaned_kb)" -eq 65536 ]
}

# bats test_tags=ours-only
@test "every seventh loan refused: the rest is loaned all the same" {
	hv_set fail-loan-every 7
	hv_ask 4096
	wait_for 30 counts_agree_above 0
}

counts_agree() {
	is_equal "KiB that the driver counts" "$(loaned)" "$(hv_held_kb)"
}

counts_agree_above() {
	[ "$(loaned)" -ge "$1" ] && counts_agree
}

# bats test_tags=ours-only
@test "refused activations: all is back soon after the hypervisor relents" {
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

# Half a balloon comes back first: without gaps compaction finds nothing to do. The
# in-tree driver gives the page away, and isn't fit for the tests after that.
# bats test_tags=ours-only
@test "an activation refused in the middle of a page that is exchanged: the loan stays whole" {
	local refused
	hv_loan 786432 60
	hv_loan 393216 60
	refused=$(hv refused-activations)
	hv_set fail-activate-at 8
	for _ in 1 2 3; do
		echo 1 >/proc/sys/vm/compact_memory
	done
	[ "$(hv refused-activations)" -eq $((refused + 1)) ]
	[ "$(vmstat balloon_migrate)" -gt 0 ]
	[ "$(loaned)" -eq 393216 ]
	[ "$(hv_loaned_kb)" -eq 393216 ]
}

# compaction_is_refused LOANS: once more than before
compaction_is_refused() {
	echo 1 >/proc/sys/vm/compact_memory
	[ "$(hv refused-loans)" -eq $(($1 + 1)) ]
}

# The first call of the activation's undo is refused: one CMO page stays active.
# bats test_tags=ours-only
@test "an exchange leaves the old page partly held: it stays in the balloon until it is returned" {
	hv_loan 786432 60
	hv_loan 393216 60
	hv_set fail-activate-at 8
	hv_set fail-loan-at 1
	echo 1 >/proc/sys/vm/compact_memory
	is_equal "KiB active of a page partly held" "$(hv_partly_active_kb)" 4
	[ "$(loaned)" -eq 393216 ]
	counts_agree
	[ "$(mem_total_kb)" -eq $((BEFORE_KB - 393216)) ]
	hv_ask 0
	wait_for 30 loaned_is 0
}

# The old page takes 16 calls to activate; the 17th is the first one of the loan's undo.
# bats test_tags=ours-only
@test "an exchange leaves the new page partly held: it takes the old one's place" {
	local migrated
	hv_loan 786432 60
	hv_loan 393216 60
	migrated=$(cat "$DEVICE/stats/migrated_pages")
	hv_set fail-loan-at 8
	hv_set fail-activate-at 17
	echo 1 >/proc/sys/vm/compact_memory
	[ "$(cat "$DEVICE/stats/migrated_pages")" -gt "$migrated" ]
	is_equal "KiB active of a page partly held" "$(hv_partly_active_kb)" 36
	[ "$(loaned)" -eq 393216 ]
	counts_agree
	[ "$(mem_total_kb)" -eq $((BEFORE_KB - 393216)) ]
	hv_ask 0
	wait_for 30 loaned_is 0
}

# bats test_tags=ours-only
@test "many exchanges are refused in the middle: the counts agree, and disable=1 returns all" {
	hv_loan 786432 60
	hv_loan 393216 60
	hv_set fail-loan-every 2
	hv_set fail-activate-every 8
	for _ in 1 2 3; do
		echo 1 >/proc/sys/vm/compact_memory
	done
	hv_set fail-activate-every 1
	sleep 3
	state_is refused
	hv_relent
	wait_for 20 counts_agree_above 393216
	echo 1 >"$PARAMETERS/disable"
	[ "$(loaned)" -eq 0 ]
	[ "$(hv partly-active)" -eq 0 ]
}

# bats test_tags=ours-only
@test "refused activations: disable=1 says EIO, stays in force, and is fulfilled in the end" {
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
@test "some activations refused: the others come back at once" {
	hv_loan 65536
	hv_set fail-activate-every 100
	hv_ask 0
	wait_for 30 loaned_is 0
	[ "$(hv loaned)" -eq 0 ]
}

# Once they have grown, a loan that isn't of whole batches has but one that is smaller.
# bats test_tags=ours-only
@test "all activations refused: they are asked for in whole batches" {
	local pages=$((65536 / $(page_kb) + 5)) refused
	hv_loan $((pages * $(page_kb)))
	refused=$(hv refused-activations)
	hv_set fail-activate-every 1
	trace_batches deflate
	hv_ask 0
	wait_for 30 refusals_reach $((refused + pages))
	[ "$(batches | wc -l)" -lt $((20 + 2 * pages / 64)) ]
}

# bats test_tags=ours-only
@test "activations refused in the middle of each page: all stay on loan as a whole until they come back" {
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

# Nothing is being returned for a second
hv_is_left_alone() {
	local before
	before=$(hv loaned)
	sleep 1
	[ "$(hv loaned)" -eq "$before" ]
}

# bats test_tags=ours-only
@test "of each page the hypervisor has a part only: when that comes back, nothing is loaned instead" {
	local before
	hv_loan 65536
	hv_set fail-loan-every 1
	hv_set fail-activate-every $(($(page_kb) / 4))
	hv_ask 0
	wait_for 10 state_is refused
	wait_for 30 hv_is_left_alone
	[ "$(hv_loaned_kb)" -lt 65536 ]
	before=$(inflated_pages)
	hv_set fail-loan-every 0
	hv_set fail-activate-every 0
	wait_for 10 loaned_is 0
	sleep 3
	is_equal "pages loaned since" $(($(inflated_pages) - before)) 0
}

refusals_reach() {
	[ "$(hv refused-activations)" -ge "$1" ]
}

# With the long delay nobody asks for the refused pages again before others have moved.
# bats test_tags=ours-only
@test "refused pages are not available yet: the floor gets others" {
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

# bats test_tags=ours-only
@test "a floor while all is refused: the loan is not taken back as a whole later" {
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
@test "a loan whose undoing is refused too: the page is kept, and comes back later" {
	hv_set fail-loan-at 8
	hv_set fail-activate-at 3
	hv_ask "$(page_kb)"
	sleep 2
	hv_ask 0
	wait_for 10 loaned_is 0
	[ "$(hv loaned)" -eq 0 ]
}

# bats test_tags=ours-only
@test "an OOM event while activations are refused gives nothing, and the machine lives" {
	hv_loan 65536
	hv_set fail-activate-every 1
	oom_event
	[ "$(cat "$OOM_FREED")" -eq 0 ]
	[ "$(loaned)" -eq 65536 ]
	[ "$(hv_loaned_kb)" -eq 65536 ]
}

# bats test_tags=ours-only
@test "refused loans during migration: the balloon gets smaller, nothing is lost" {
	hv_loan 786432 60
	hv_loan 393216 60
	hv_set fail-loan-every 1
	for _ in 1 2 3; do
		echo 1 >/proc/sys/vm/compact_memory
	done
	[ "$(loaned)" -lt 393216 ]
	[ "$(hv_loaned_kb)" -eq "$(loaned)" ]
	[ "$(mem_total_kb)" -eq $((BEFORE_KB - $(loaned))) ]
	hv_set fail-loan-every 0
	wait_for 20 loaned_is 393216
}

@test "no answer to H_GET_MPP: nothing changes" {
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
@test "no answer to H_GET_MPP: the state says so" {
	hv_set fail-mpp-every 1
	wait_for 5 state_is no-answer
	hv_set fail-mpp-every 0
	wait_for 5 state_is running
}

# Whoever waits for memory uses a page as soon as the allocator has it, so that
# a page which isn't active by then is found out.
@test "calls of 100 us: what comes back is used at once, and not too soon" {
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

# What is asked meanwhile counts from the next batch on.
# bats test_tags=ours-only
@test "calls of 2 ms: batches of a few pages, there and back; larger ones again by fast calls" {
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

# trace_batches inflate|deflate: these only, from now on
trace_batches() {
	echo 0 >"$TRACING/events/cmm/enable"
	echo >"$TRACING/trace"
	echo 1 >"$TRACING/events/cmm/cmm_$1/enable"
}

# The pages that each of them moved
batches() {
	sed -nE 's/.* cmm_(in|de)flate: asked=[0-9]+ done=([0-9]+) .*/\2/p' "$TRACING/trace"
}

batches_are_above() {
	[ "$(batches | wc -l)" -gt "$1" ]
}

# largest_batch SKIPPED: the first ones may not know yet what a call costs
largest_batch() {
	batches | tail -n +$(($1 + 1)) | sort -n | tail -n 1
}

# bats test_tags=ours-only
@test "udev is told when the hypervisor refuses, when it is silent, and when it relents" {
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
