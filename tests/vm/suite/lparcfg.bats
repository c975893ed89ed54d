#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=hypervisor,debug
# Checks /proc/powerpc/lparcfg, and amsstat of powerpc-utils, because amsstat reads lparcfg. These tests need a kernel
# that supports CMO. Debian's kernels do not support CMO, but the debug kernel does.

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

# amsstat_says NAME VALUE: checks that amsstat's output, which is in $output, has VALUE for NAME
amsstat_says() {
	grep -qE "^ +$1: +$2 *\$" <<<"$output" || {
		echo "no '$1' with '$2' in:"
		echo "$output"
		return 1
	}
}

@test "lparcfg says that CMO is enabled, and has all fields of CMO" {
	local field
	is_equal cmo_enabled "$(lparcfg cmo_enabled)" 1
	is_equal cmo_page_size "$(lparcfg cmo_page_size)" 4096
	for field in cmo_faults cmo_fault_time_usec cmo_primary_psp cmo_secondary_psp; do
		echo "$field"
		[[ $(lparcfg "$field") =~ ^-?[0-9]+$ ]]
	done
}

@test "lparcfg shows the hypervisor's request, and 0 once the request is met" {
	unload_driver
	hv_ask 65536
	is_equal "loan request" "$(lparcfg entitled_memory_loan_request)" $((65536 * 1024))
	modprobe cmm
	wait_for 20 loaned_is 65536
	is_equal "loan request" "$(lparcfg entitled_memory_loan_request)" 0
}

@test "amsstat shows that CMO is enabled, and the figures of the driver" {
	hv_loan 65536
	run amsstat
	[ "$status" -eq 0 ]
	amsstat_says cmo_enabled 1
	amsstat_says loaned_kb 65536
	amsstat_says loaned_target_kb 65536
	amsstat_says min_mem_mb 256
}
