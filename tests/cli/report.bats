#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# cmm-admin report on trees of files: its tables and documents, and every exit status

bats_require_minimum_version 1.5.0
load ../lib/cli

# row NAME FIELD...: checks that the table in $output has a row NAME that continues with each FIELD
row() {
	local name=$1
	shift
	grep -qE "(^| )$name +$(printf '%s +' "$@" | sed 's/ +$//')" <<<"$output"
}

# shown PATH: prints the value at PATH, a path of jq, in the JSON document in $output
shown() {
	jq -r "$1" <<<"$output"
}

# health_is WORD TEXT: runs report, and checks that health is WORD there, with a reason that begins with TEXT
health_is() {
	admin 0 report --section health --bytes --noheadings -o VALUE,MEANING
	[[ $output == "$1 $2"* ]] || [[ $output =~ ^\ *"$1 $2" ]]
}

@test "report --all shows health, driver, loan, memory and parameters" {
	admin 0 report --all
	row health ok "the loan meets the target"
	row version 2.0.0
	row mode hypervisor
	row state running
	row loaned 256 MiB
	row target 256 MiB
	row oom_freed 0 KiB
	row assigned 2 GiB
	row left 1.8 GiB
	row available 1.3 GiB
	row delay 1 s 1 s
	row hotplug_delay 5 s 5 s
	row oom_kb 1 MiB 1 MiB
	row min_mem_mb 256 MiB 256 MiB
	row min_avail_mb 0 MiB 0 MiB
	row simulate N N
	row disable 0 0
}

@test "report: a table with unrounded numbers has a column of units" {
	admin 0 report --raw --noheadings -o NAME,VALUE,UNIT
	row assigned 2097152 KiB
	row min_mem_mb 256 MiB
	row delay 1 s
	admin 0 report --all --bytes
	row assigned 2147483648 B
	row min_mem_mb 268435456 B 268435456
	[[ $output == *" UNIT "* ]]
	admin 0 report --all
	[[ $output != *" UNIT "* ]]
}

@test "report --section shows only that section, as a table or as JSON" {
	local section
	for section in health partition driver loan memory parameters statistics entitlement; do
		admin 0 report --section "$section"
		[ "$(head -n 1 <<<"$output")" = "$section" ]
		[ "$(grep -cE '^NAME +VALUE +(DEFAULT +)?MEANING$' <<<"$output")" -eq 1 ]
	done
	admin 0 report --section memory --raw --noheadings -o NAME,VALUE
	[ "$output" = $'assigned 2097152\nleft 1835008\navailable 1310720\nMemFree 999999' ]
	admin 0 report --section loan --json
	[ "$(jq -c . <<<"$output")" = '{"format":2,"loan":{"loaned_kb":262144,"target_kb":262144,"oom_freed_kb":0}}' ]
}

@test "report --section refuses a wrong name, and names the known ones" {
	fails 2 "unknown section 'drivr'; is 'driver' meant?" report --section drivr
	fails 2 "unknown section 'foo'; known: health partition driver loan memory parameters statistics entitlement vio" \
		report --section foo
	fails 2 "unknown section ''; known: " report -S ""
	fails 2 "--all and --section exclude each other" report --all --section loan
}

@test "cmm-admin without a command runs report, and accepts report's options" {
	admin 0 report
	local report=$output
	admin 0
	[ "$output" = "$report" ]
	admin 0 --json
	shown .loan
}

@test "report --json prints one document, with units in the names of keys" {
	admin 0 report --json
	[ "$(jq -s length <<<"$output")" -eq 1 ]
	[ "$(shown .format)" = 2 ]
	[ "$(shown .loan.loaned_kb)" = 262144 ]
	[ "$(shown .memory.assigned_kb)" = 2097152 ]
	[ "$(shown .parameters.min_mem_mb)" = 256 ]
	[ "$(jq .parameters.simulate <<<"$output")" = false ]
	[ "$(jq .driver.simulated <<<"$output")" = false ]
	[ "$(shown .driver.state)" = running ]
	[ "$(shown .health.ok)" = true ]
	[ "$(shown 'keys | join(" ")')" = "driver format health loan memory parameters partition statistics" ]
}

@test "report --json has neither null nor a key for an unknown value" {
	rm "$FIXTURE_MODULE/version"
	put "$FIXTURE_PARAMETERS" delay junk
	admin 0 report --json
	[ "$(jq '[.. | nulls] | length' <<<"$output")" -eq 0 ]
	[ "$(jq -c '[.driver.version, .parameters.delay, .loan.request_kb, .entitlement] | map(. == null)' <<<"$output")" = \
		"[true,true,true,true]" ]
	[ "$(jq -c '[.driver, .parameters, .loan, .] | map(has("version"), has("delay"), has("request_kb"), has("entitlement")) | any' \
		<<<"$output")" = false ]
}

@test "report --json refuses the options of a table" {
	local option
	for option in --raw --pairs --bytes --noheadings --output-all --output=NAME; do
		fails 2 "--json cannot be combined with options of a table, such as --raw" report --json "$option"
		fails 2 "--json cannot be combined with options of a table, such as --raw" get --json "$option"
	done
}

@test "report says if the running driver matches the module file on the disk" {
	admin 0 report --all
	row origin "DKMS or by hand"
	row file none
	fixture_module 0123456789ABCDEF 6.1.0-fixture
	admin 0 report --all
	row file /lib/modules/6.1.0-fixture/updates/dkms/cmm.ko
	row is_file yes
	fixture_module AAAAAAAAAAAAAAAA 6.1.0-fixture
	admin 0 report --all
	row is_file no
	fixture_in_tree
	rm "$FIXTURE_MODULE/initstate"
	admin 0 report --all
	row origin "built in"
}

@test "report shows the hypervisor's figures, and the virtual bus" {
	mkdir -p "$ROOT/proc/powerpc" "$ROOT/sys/bus/vio/devices/l-lan@30000002" "$ROOT/sys/bus/vio/devices/vty@30000000"
	printf '%s\n' 'lparcfg 1.9' serial_number=IBM,0212345 'system_type=IBM pSeries' partition_id=7 DesMem=2048 \
		cmo_enabled=1 entitled_memory=1073741824 cmo_secondary_psp=-1 unknown_thing=5 \
		entitled_memory_loan_request=-65536 >"$ROOT/proc/powerpc/lparcfg"
	put "$ROOT/sys/bus/vio" cmo_high 1048576
	put "$ROOT/sys/bus/vio/devices/l-lan@30000002" cmo_entitled 524288 cmo_allocs_failed 3 name l-lan
	put "$ROOT/sys/bus/vio/devices/vty@30000000" cmo_entitled 0
	admin 0 report --all
	row system_type "IBM pSeries"
	row partition_id 7
	row DesMem 2 GiB
	row request 255.9 MiB
	row cmo_enabled 1
	row entitled_memory 1 GiB
	row cmo_secondary_psp -1
	row entitled_memory_loan_request -64 KiB
	row cmo_high 1 MiB
	row l-lan@30000002/cmo_entitled 512 KiB
	row l-lan@30000002/cmo_allocs_failed 3
	[[ $output != *vty@* && $output != *unknown_thing* && $output != *"l-lan@30000002/name"* ]]
	admin 0 report --json
	[ "$(shown .entitlement.cmo_secondary_psp)" = -1 ]
	[ "$(shown .entitlement.cmo_enabled)" = true ]
	[ "$(shown .entitlement.entitled_memory_loan_request_bytes)" = -65536 ]
	[ "$(shown .loan.request_kb)" = 262080 ]
	[ "$(shown .memory.desired_mb)" = 2048 ]
	[ "$(shown .vio.cmo_high_bytes)" = 1048576 ]
	[ "$(jq -c .vio_devices <<<"$output")" = \
		'[{"name":"l-lan@30000002","cmo_allocs_failed":3,"cmo_entitled_bytes":524288}]' ]
	[ "$(jq -c .partition <<<"$output")" = \
		'{"model":"IBM pSeries","memory_mode":"shared","serial_number":"IBM,0212345","partition_id":7,"kernel":"6.1.0-fixture"}' ]
}

@test "report takes the model from the device tree if there is no lparcfg" {
	mkdir -p "$ROOT/proc/device-tree"
	printf 'IBM,9105-42A\0' >"$ROOT/proc/device-tree/model"
	admin 0 report --json
	[ "$(shown .partition.model)" = IBM,9105-42A ]
}

@test "report shows the request of a simulated hypervisor" {
	put "$FIXTURE_PARAMETERS" simulate Y
	put "$FIXTURE_DEVICE" simulate_loan_target_kb 300000
	admin 0 report --json
	[ "$(shown .loan.request_kb)" = 300000 ]
	[ "$(shown .parameters.simulate)" = true ]
	[ "$(shown .driver.simulated)" = true ]
}

@test "report succeeds even if the module file is damaged" {
	fixture_module 0123456789ABCDEF 6.1.0-fixture
	echo potato >"$ROOT/lib/modules/6.1.0-fixture/updates/dkms/cmm.ko"
	admin 0 report --all
	row file /lib/modules/6.1.0-fixture/updates/dkms/cmm.ko
	[[ $output != *is_file* ]]
}

@test "--sysroot may be relative" {
	fixture_module 0123456789ABCDEF 6.1.0-fixture
	cd "$ROOT/.."
	run -0 "$CMM_ADMIN" report --all --sysroot root
	row file /lib/modules/6.1.0-fixture/updates/dkms/cmm.ko
}

@test "report: rows 'short' and 'too_much' repeat the text of row 'health'" {
	put "$FIXTURE_DEVICE" loaned_target_kb 300000 state no-memory
	admin 0 report --all
	row short 37 MiB the partition has no memory
	put "$FIXTURE_DEVICE" loaned_target_kb 262080 state running
	admin 0 report --all
	row too_much 64 KiB 64 KiB still to be returned
}

@test "report --json escapes quotes and backslashes in the text of a file" {
	put "$FIXTURE_DEVICE" state 'a"b\c'
	admin 0 --json
	[ "$(shown .driver.state)" = 'a"b\c' ]
}

@test "report: health says how much is still to be loaned or returned" {
	put "$FIXTURE_DEVICE" loaned_target_kb 300000
	health_is ok "37 MiB still to be loaned"
	put "$FIXTURE_DEVICE" loaned_target_kb 262080
	health_is ok "64 KiB still to be returned"
}

@test "report: health is ok if min_avail_mb stops the loan" {
	put "$FIXTURE_DEVICE" state low-memory loaned_target_kb 300000
	health_is ok "min_avail_mb holds the rest of the loan back"
}

@test "report: health is a warning in states no-memory, refused, no-answer" {
	local state
	for state in no-memory refused no-answer; do
		put "$FIXTURE_DEVICE" state "$state"
		health_is warning ""
	done
}

@test "report: health is a warning if disabled with memory still on loan" {
	put "$FIXTURE_PARAMETERS" disable 1
	health_is warning "disabled, but 256 MiB is still on loan"
	put "$FIXTURE_DEVICE" loaned_kb 0
	health_is ok "disabled:"
}

@test "report: the in-tree driver's state is unknown, its defect is a warning" {
	fixture_in_tree
	admin 0 report --all
	row state unknown
	[[ $output != *min_avail_mb* ]]
	health_is ok "the loan meets the target"
	put "$FIXTURE_DEVICE" loaned_kb 512
	health_is warning "this driver crashes the machine"
	put "$FIXTURE_PARAMETERS" oom_kb 0
	health_is ok
}

@test "report: the version is unknown if the module has none" {
	rm "$FIXTURE_MODULE/version"
	admin 0 report --all
	row version unknown
}

@test "report exits with status 3 if no driver is loaded" {
	rm -r "$FIXTURE_DEVICE"
	fails 3 "no cmm driver here"
}

@test "report exits with status 5 if it may not read a file" {
	chmod 0 "$FIXTURE_DEVICE/loaned_kb"
	not_permitted report
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == *"loaned_kb: Permission denied"* ]]
	chmod go-rwx "$ROOT/sys/devices"
	not_permitted report
	[[ $output == "cmm-admin: report: cannot read $FIXTURE_DEVICE: Permission denied" ]]
}

@test "report: a value outside the driver that it may not read is unknown" {
	fixture_module 0123456789ABCDEF 6.1.0-fixture
	mkdir -p "$ROOT"/{boot,proc/powerpc}
	echo CONFIG_PPC_SMLPAR=y >"$ROOT/boot/config-6.1.0-fixture"
	echo partition_id=7 >"$ROOT/proc/powerpc/lparcfg"
	echo 'cpu : POWER9 (raw)' >"$ROOT/proc/cpuinfo"
	as_user 0 report --all
	row file /lib/modules/6.1.0-fixture/updates/dkms/cmm.ko
	row partition_id 7
	chmod go-rwx "$ROOT"/{lib/modules/6.1.0-fixture,boot/config-6.1.0-fixture,proc/powerpc/lparcfg,proc/cpuinfo}
	as_user 0 report --all
	row health ok "the loan meets the target"
	row file unknown
	row lparcfg none /proc/powerpc/lparcfg does not exist or cannot be read
	[[ $output != *partition_id* && $output != *smlpar* && $output != *POWER9* ]]
	chmod go-rwx "$ROOT/lib/modules"
	as_user 0
	[[ $output == *"cannot read $ROOT/lib/modules/6.1.0-fixture: Permission denied"* ]]
}

@test "report exits with status 1 if a file cannot be read" {
	rm "$FIXTURE_DEVICE/loaned_kb"
	mkdir "$FIXTURE_DEVICE/loaned_kb"
	fails 1 loaned_kb
}

@test "report exits with status 1 if meminfo or a file of the driver is missing" {
	rm "$FIXTURE_DEVICE/loaned_target_kb"
	fails 1 "loaned_target_kb: No such file"
	fixture
	rm "$FIXTURE_PARAMETERS/delay"
	fails 1 "parameters/delay: No such file"
	fixture
	rm "$ROOT/proc/meminfo"
	fails 1 "proc/meminfo: No such file"
}

@test "report exits with status 1, and quotes a value that is not a number" {
	local value
	for value in abc -1 +1 " 1" 1x 0x10 1.5 18446744073709551616 ""; do
		put "$FIXTURE_DEVICE" loaned_kb "$value"
		fails 1 "loaned_kb holds '"
	done
	put "$FIXTURE_DEVICE" loaned_kb $'1\n2'
	fails 1 "loaned_kb has more than one line"
	put "$FIXTURE_DEVICE" loaned_kb 123abc
	fails 1 "holds '123abc', which is not a decimal number"
}

@test "report exits with status 1 for an empty, huge or incomplete file" {
	: >"$FIXTURE_DEVICE/loaned_kb"
	fails 1 loaned_kb
	fixture
	head -c 100000 /dev/zero | tr '\0' 7 >"$FIXTURE_DEVICE/loaned_kb"
	fails 1 "loaned_kb has more than 127 bytes"
	fixture
	echo "MemTotal: many kB" >"$ROOT/proc/meminfo"
	fails 1 proc/meminfo
	echo "MemTotal: 1835008 kB" >"$ROOT/proc/meminfo"
	fails 1 MemAvailable
}

@test "report refuses a --sysroot that is too long for libsysfs" {
	local deep
	deep=$ROOT/$(printf 'd%.0s' {1..150})/$(printf 'e%.0s' {1..150})
	mkdir -p "$deep/sys/devices/system/cmm/cmm0"
	run -2 "$CMM_ADMIN" report --sysroot "$deep"
	[[ $output == *"bytes long; 160 are allowed" ]]
}

@test "report: wrong usage gives status 2, and one line says what is allowed" {
	fails 2 "'--frobnicate'; known: --all " report --frobnicate
	fails 2 "unexpected argument 'extra'" report extra
	fails 2 "unknown command 'rapport'; is 'report' meant?" rapport
	fails 2 "unknown command 'frobnicate'; known: report" frobnicate
	run -2 "$CMM_ADMIN" report --sysroot
	[[ $output == *"--sysroot needs a value"* ]]
	run -2 "$CMM_ADMIN" report --sysroot /nonexistent
	[[ $output == *"'/nonexistent': No such file"* ]]
}

@test "report exits with status 1 if its output cannot be written" {
	run -1 bash -c "'$CMM_ADMIN' report --sysroot '$ROOT' >/dev/full"
	[[ $output == *"No space left on device"* ]]
	run -1 bash -c "'$CMM_ADMIN' --help >/dev/full"
}

@test "--help shows examples and statuses, and --version shows the version" {
	run -0 "$CMM_ADMIN" --help
	[[ $output == *report* && $output == *"Exit status:"* ]]
	run -0 "$CMM_ADMIN" report --help
	[[ $output == *Examples:* && $output == *--sysroot* ]]
	run -0 "$CMM_ADMIN" --version
	[ "$output" = "cmm-admin $(sed -n 's/.*CMM_VERSION "\(.*\)"/\1/p' "$BATS_TEST_DIRNAME/../../src/version.h")" ]
}
