#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs the read-only commands of cmm-admin with a copy of the directory tests/cli/machines/captured/p9 as --sysroot. That
# directory has files from /proc and /sys of an emulated partition, which had CONFIG_PPC_SMLPAR and 256 MiB on loan.
# tests/cli/capture copied these files. For parameters and statistics that the driver got later, fixture() makes files
# with default values.

bats_require_minimum_version 1.5.0
load ../lib/cli

setup() {
	fixture
	cp -r "$BATS_TEST_DIRNAME/machines/captured/p9/." "$ROOT"
	LPARCFG=$ROOT/proc/powerpc/lparcfg
}

# shown PATH: prints the value at PATH, a path of jq, in the JSON document in $output
shown() {
	jq -r "$1" <<<"$output"
}

# key_of NAME: prints the key that the figure NAME of lparcfg has in the JSON document
key_of() {
	case $1 in
	cmo_page_size) echo "$1_bytes" ;;
	*_bytes | *_number | *weight | cmo_*) echo "$1" ;;
	*) echo "$1_bytes" ;;
	esac
}

@test "report --json has each figure of lparcfg, with the same number" {
	local name value seen=1
	admin 0 report --json
	[ "$(shown .entitlement.cmo_enabled)" = true ]
	while IFS='=' read -r name value; do
		[[ $name =~ ^(entitled_memory|mapped_|unallocated_|backing_|coalesced_|cmo_) ]] || continue
		[[ $name != cmo_enabled ]] || continue
		echo "$name=$value"
		[ "$(shown ".entitlement.$(key_of "$name")")" = "${value% bytes}" ]
		seen=$((seen + 1))
	done <"$LPARCFG"
	[ "$(shown '.entitlement | length')" -eq "$seen" ]
	[ "$(shown .memory.desired_mb)" = "$(sed -n 's/^DesMem=//p' "$LPARCFG")" ]
}

@test "report --json lists a virtual device only if it is entitled to memory" {
	local file
	admin 0 report --json
	for file in "$ROOT"/sys/bus/vio/cmo_*; do
		[ "$(shown ".vio.${file##*/}_bytes")" = "$(cat "$file")" ]
	done
	[[ $output != *71000000* ]]
	echo 65536 >"$ROOT/sys/bus/vio/devices/71000000/cmo_entitled"
	admin 0 report --json
	[ "$(shown '.vio_devices[] | select(.name == "71000000").cmo_entitled_bytes')" = 65536 ]
}

@test "report: the assigned memory is the sum of MemTotal and the loan" {
	admin 0 report --json
	[ "$(shown .memory.assigned_kb)" -eq $(($(awk '/^MemTotal:/ { print $2 }' "$ROOT/proc/meminfo") + 262144)) ]
	[ "$(shown .loan.loaned_kb)" -eq 262144 ]
	[ "$(shown .driver.origin)" = "DKMS or by hand" ]
}

@test "get --json has the value of each parameter and attribute in sysfs" {
	local file
	admin 0 get --json
	for file in "$ROOT"/sys/module/cmm/parameters/* "$ROOT"/sys/devices/system/cmm/cmm0/{loaned,oom}*; do
		echo "$file"
		[ "$(shown "(.parameters + .attributes).${file##*/}")" = "$(sed 's/^N$/false/' "$file")" ]
	done
}

@test "check, wait, monitor and metrics succeed on files of a partition" {
	admin 0 check
	[[ $output == "CMM OK - "* ]]
	admin 0 wait
	admin 0 monitor --count 1 --csv
	[[ $output == *",262144,0,262144,"* ]]
	admin 0 metrics
	grep -qx 'cmm_loaned_bytes 268435456' <<<"$output"
	grep -qx 'cmm_inflated_pages_total 4096' <<<"$output"
	[ "$(grep -c '^cmm_parameter{' <<<"$output")" -eq \
		"$(grep -lx '[0-9]*' "$ROOT"/sys/module/cmm/parameters/* | wc -l)" ]
}
