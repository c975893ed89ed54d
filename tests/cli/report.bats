#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# cmm-admin report against trees of files: what it shows, and every exit status.

bats_require_minimum_version 1.5.0
load ../lib/cli

# row NAME FIELD...: the row of that name has these fields next
row() {
	local name=$1
	shift
	grep -qE "(^| )$name +$(printf '%s +' "$@" | sed 's/ +$//')" <<<"$output"
}

# number NAME, text NAME: from the JSON document
number() {
	jq -e ".report[] | select(.name == \"$1\").value" <<<"$output"
}

text() {
	jq -re ".report[] | select(.name == \"$1\").text" <<<"$output"
}

@test "report shows driver, loan, memory, parameters and health" {
	admin 0 report
	row version 2.0.0
	row mode hypervisor
	row state running
	row loaned 262144 KiB
	row target 262144 KiB
	row oom_freed 0 KiB
	row assigned 2097152 KiB
	row left 1835008 KiB
	row available 1310720 KiB
	row delay 1 s 1
	row hotplug_delay 5 s 5
	row oom_kb 1024 KiB 1024
	row min_mem_mb 256 MiB 256
	row min_avail_mb 0 MiB 0
	row simulate N N
	row disable 0 0
	[ "$(tail -n 1 <<<"$output")" = "health: ok: the loan is what was asked for" ]
}

@test "cmm-admin alone is report, with its options too" {
	admin 0 report
	local report=$output
	admin 0
	[ "$output" = "$report" ]
	admin 0 --json
	jq -e .report <<<"$output"
}

@test "--json: one document, numbers are numbers, the same as the text" {
	admin 0 report --json
	[ "$(jq -s length <<<"$output")" -eq 1 ]
	[ "$(jq '[.report[].format] | unique == [1]' <<<"$output")" = true ]
	[ "$(number loaned)" = 262144 ]
	[ "$(number assigned)" = 2097152 ]
	[ "$(number min_mem_mb)" = 256 ]
	[ "$(text mode)" = hypervisor ]
	[ "$(text state)" = running ]
	[ "$(text health)" = ok ]
	[ "$(jq -r '[.report[].section] | unique | join(" ")' <<<"$output")" = \
		"driver entitlement health loan memory parameters partition statistics" ]
	[ "$(jq -r '.report[] | select(.name == "min_mem_mb") | .unit + .default' <<<"$output")" = MiB256 ]
}

@test "which driver runs, and whether it is the one on the disk" {
	admin 0 report
	row origin "DKMS or by hand"
	row file none
	fixture_module 0123456789ABCDEF 6.1.0-fixture
	admin 0 report
	row file /lib/modules/6.1.0-fixture/updates/dkms/cmm.ko
	row is_file yes
	fixture_module AAAAAAAAAAAAAAAA 6.1.0-fixture
	admin 0 report
	row is_file no
	fixture_in_tree
	rm "$FIXTURE_MODULE/initstate"
	admin 0 report
	row origin "built in"
}

@test "what the hypervisor says of the partition, and the virtual bus" {
	mkdir -p "$ROOT/proc/powerpc" "$ROOT/sys/bus/vio/devices/l-lan@30000002" "$ROOT/sys/bus/vio/devices/vty@30000000"
	printf '%s\n' 'lparcfg 1.9' serial_number=IBM,0212345 'system_type=IBM pSeries' partition_id=7 DesMem=2048 \
		cmo_enabled=1 entitled_memory=1073741824 cmo_secondary_psp=-1 unknown_thing=5 \
		entitled_memory_loan_request=-65536 >"$ROOT/proc/powerpc/lparcfg"
	put "$ROOT/sys/bus/vio" cmo_high 1048576
	put "$ROOT/sys/bus/vio/devices/l-lan@30000002" cmo_entitled 524288 cmo_allocs_failed 3 name l-lan
	put "$ROOT/sys/bus/vio/devices/vty@30000000" cmo_entitled 0
	admin 0 report
	row system_type "IBM pSeries"
	row partition_id 7
	row DesMem 2048 MiB
	row cmo_enabled 1
	row entitled_memory 1073741824 B
	row cmo_secondary_psp -1
	row entitled_memory_loan_request -65536 B
	row cmo_high 1048576 B
	row l-lan@30000002/cmo_entitled 524288 B
	row l-lan@30000002/cmo_allocs_failed 3
	[[ $output != *vty@* && $output != *unknown_thing* && $output != *"l-lan@30000002/name"* ]]
	admin 0 report --json
	[ "$(number cmo_secondary_psp)" = -1 ]
}

@test "a number with zeros before it is a text in JSON" {
	put "$FIXTURE_PARAMETERS" delay 007
	admin 0 report --json
	[ "$(text delay)" = 007 ]
}

@test "a module file that is damaged tells nothing, and is no reason to fail" {
	fixture_module 0123456789ABCDEF 6.1.0-fixture
	echo potato >"$ROOT/lib/modules/6.1.0-fixture/updates/dkms/cmm.ko"
	admin 0 report
	row file /lib/modules/6.1.0-fixture/updates/dkms/cmm.ko
	[[ $output != *is_file* ]]
}

@test "a root that isn't absolute" {
	fixture_module 0123456789ABCDEF 6.1.0-fixture
	cd "$ROOT/.."
	run -0 "$CMM_ADMIN" report --sysroot root
	row file /lib/modules/6.1.0-fixture/updates/dkms/cmm.ko
}

@test "why the loan isn't the target" {
	put "$FIXTURE_DEVICE" loaned_target_kb 300000 state no-memory
	admin 0 report
	row short 37856 KiB the partition has no memory
	put "$FIXTURE_DEVICE" loaned_target_kb 262080 state running
	admin 0 report
	row too_much 64 KiB 64 KiB still to be returned
}

@test "--json quotes what a file holds" {
	put "$FIXTURE_DEVICE" state 'a"b\c'
	admin 0 --json
	[ "$(text state)" = 'a"b\c' ]
}

@test "health: what is still to be loaned, and to come back" {
	put "$FIXTURE_DEVICE" loaned_target_kb 300000
	admin 0
	[[ $output == *"health: ok: 37 MiB still to be loaned" ]]
	put "$FIXTURE_DEVICE" loaned_target_kb 262080
	admin 0
	[[ $output == *"health: ok: 64 KiB still to be returned" ]]
}

@test "health: a floor that the admin set is no reason to warn" {
	put "$FIXTURE_DEVICE" state low-memory loaned_target_kb 300000
	admin 0
	[[ $output == *"health: ok: min_avail_mb holds the rest of the loan back" ]]
}

@test "health: warnings" {
	local state
	for state in no-memory refused no-answer; do
		put "$FIXTURE_DEVICE" state "$state"
		admin 0
		[[ $output == *"health: warning: "* ]]
	done
}

@test "health: disabled, and not yet empty" {
	put "$FIXTURE_PARAMETERS" disable 1
	admin 0
	[[ $output == *"health: warning: disabled, but 256 MiB is still on loan" ]]
	put "$FIXTURE_DEVICE" loaned_kb 0
	admin 0
	[[ $output == *"health: ok: disabled:"* ]]
}

@test "the in-tree driver: what it does not tell is unknown, its defect is a warning" {
	fixture_in_tree
	admin 0
	row state unknown
	[[ $output != *min_avail_mb* ]]
	[[ $output == *"health: ok: the loan is what was asked for" ]]
	put "$FIXTURE_DEVICE" loaned_kb 512
	admin 0
	[[ $output == *"health: warning: this driver stops the machine"* ]]
	put "$FIXTURE_PARAMETERS" oom_kb 0
	admin 0
	[[ $output != *"stops the machine"* ]]
}

@test "a module that tells no version" {
	rm "$FIXTURE_MODULE/version"
	admin 0
	row version unknown
}

@test "no driver: status 3" {
	rm -r "$FIXTURE_DEVICE"
	fails 3 "no cmm driver here"
}

@test "not permitted: status 5" {
	chmod 0 "$FIXTURE_DEVICE/loaned_kb"
	not_permitted report
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == *"loaned_kb: Permission denied"* ]]
}

@test "unreadable: status 1" {
	rm "$FIXTURE_DEVICE/loaned_kb"
	mkdir "$FIXTURE_DEVICE/loaned_kb"
	fails 1 loaned_kb
}

@test "a missing attribute, parameter or meminfo: status 1" {
	rm "$FIXTURE_DEVICE/loaned_target_kb"
	fails 1 "loaned_target_kb: No such file"
	fixture
	rm "$FIXTURE_PARAMETERS/delay"
	fails 1 "parameters/delay: No such file"
	fixture
	rm "$ROOT/proc/meminfo"
	fails 1 "proc/meminfo: No such file"
}

@test "unparsable: status 1, and the value is named" {
	local value
	for value in abc -1 +1 " 1" 1x 0x10 1.5 18446744073709551616 "" $'1\n2'; do
		put "$FIXTURE_DEVICE" loaned_kb "$value"
		fails 1 "loaned_kb holds '"
	done
	put "$FIXTURE_DEVICE" loaned_kb 123abc
	fails 1 "holds '123abc', which is not a decimal number"
}

@test "unparsable: an empty file, a huge one, meminfo without its lines" {
	: >"$FIXTURE_DEVICE/loaned_kb"
	fails 1 loaned_kb
	fixture
	head -c 100000 /dev/zero | tr '\0' 7 >"$FIXTURE_DEVICE/loaned_kb"
	fails 1 loaned_kb
	fixture
	echo "MemTotal: many kB" >"$ROOT/proc/meminfo"
	fails 1 proc/meminfo
	echo "MemTotal: 1835008 kB" >"$ROOT/proc/meminfo"
	fails 1 MemAvailable
}

@test "a tree too deep for libsysfs: status 2, not another file" {
	local deep
	deep=$ROOT/$(printf 'd%.0s' {1..150})/$(printf 'e%.0s' {1..150})
	mkdir -p "$deep/sys/devices/system/cmm/cmm0"
	run -2 "$CMM_ADMIN" report --sysroot "$deep"
	[[ $output == *"bytes long; 160 are allowed" ]]
}

@test "wrong usage: status 2, one line, with what is allowed" {
	fails 2 "'--frobnicate'; known: --json" report --frobnicate
	fails 2 "unexpected argument 'extra'" report extra
	fails 2 "unknown command 'rapport'; is 'report' meant?" rapport
	fails 2 "unknown command 'frobnicate'; known: report" frobnicate
	run -2 "$CMM_ADMIN" report --sysroot
	[[ $output == *"--sysroot wants a value"* ]]
	run -2 "$CMM_ADMIN" report --sysroot /nonexistent
	[[ $output == *"'/nonexistent': No such file"* ]]
}

@test "a full disk: status 1" {
	run -1 bash -c "'$CMM_ADMIN' report --sysroot '$ROOT' >/dev/full"
	[[ $output == *"No space left on device"* ]]
	run -1 bash -c "'$CMM_ADMIN' --help >/dev/full"
}

@test "--help shows examples and every status; --version the version" {
	run -0 "$CMM_ADMIN" --help
	[[ $output == *report* && $output == *"Exit status:"* ]]
	run -0 "$CMM_ADMIN" report --help
	[[ $output == *Examples:* && $output == *--sysroot* ]]
	run -0 "$CMM_ADMIN" --version
	[ "$output" = "cmm-admin $(sed -n 's/.*CMM_VERSION "\(.*\)"/\1/p' "$BATS_TEST_DIRNAME/../../src/version.h")" ]
}
