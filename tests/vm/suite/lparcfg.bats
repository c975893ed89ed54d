#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=hypervisor,debug
# /proc/powerpc/lparcfg of a kernel that supports CMO, which Debian's kernels do not, and amsstat of powerpc-utils, which
# reads it.

load ../lib/guest
load ../lib/hypervisor

setup_file() {
	hv_connect
	hv_relent
}

setup() {
	hv_ask 0
	modprobe cmm
}

teardown() {
	unload_driver
	hv_ask 0
}

# lparcfg FIELD: prints this field of /proc/powerpc/lparcfg
lparcfg() {
	sed -n "s/^$1=//p" /proc/powerpc/lparcfg
}

# amsstat_says NAME VALUE: $output, of amsstat, must have this value
amsstat_says() {
	grep -qE "^ +$1: +$2 *\$" <<<"$output" || {
		echo "no '$1' with '$2' in:"
		echo "$output"
		return 1
	}
}

@test "lparcfg: CMO is enabled, and all of its fields are there" {
	local field
	is_equal cmo_enabled "$(lparcfg cmo_enabled)" 1
	is_equal cmo_page_size "$(lparcfg cmo_page_size)" 4096
	for field in cmo_faults cmo_fault_time_usec cmo_primary_psp cmo_secondary_psp; do
		echo "$field"
		[[ $(lparcfg "$field") =~ ^-?[0-9]+$ ]]
	done
}

@test "lparcfg: the hypervisor's request, and 0 once it is met" {
	unload_driver
	hv_ask 65536
	is_equal "loan request" "$(lparcfg entitled_memory_loan_request)" $((65536 * 1024))
	modprobe cmm
	wait_for 20 loaned_is 65536
	is_equal "loan request" "$(lparcfg entitled_memory_loan_request)" 0
}

@test "amsstat: CMO is enabled, and the driver's figures are shown" {
	hv_loan 65536
	run amsstat
	[ "$status" -eq 0 ]
	amsstat_says cmo_enabled 1
	amsstat_says loaned_kb 65536
	amsstat_says loaned_target_kb 65536
	amsstat_says min_mem_mb 256
}
