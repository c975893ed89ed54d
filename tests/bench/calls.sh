# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The benchmark "calls": H_PAGE_INIT calls and instructions per page, on a machine like those of users. That is a
# machine with hash page tables, and a kernel with CONFIG_PPC_SMLPAR. Such a kernel sets every page that it frees to
# Unused, unless cmo_free_hint is off. Guests run with QEMU's instruction counting. tests/bench/run sources this file.
# This file sets OUT, the directory for results, which functions of tests/bench/run use.
# shellcheck disable=SC2034

CALLS_KERNEL=5.10-64k
CALLS_KB=524288
CALLS_MACHINES=(p8-hash p8-hash-no-hint)

# calls_guest MACHINE DRIVER: runs guest/cost in a guest, and checks that no line is missing in the output
calls_guest() {
	local machine=$1 driver=$2 operation name=bench-calls-$1-$2
	prepare "$CALLS_KERNEL"
	MACHINE=$machine quiet_guest "$name" "$driver" "rm bench/mark; bash bench/cost '$CALLS_KB $CALLS_KB'" \
		--counted 2 --timeout 1800 --append init_on_alloc=0 --hypervisor cmo-page-size=4K
	for operation in loan return free; do
		measured "$name" cost 1 3 "warm $operation"
		measured "$name" calls 1 2 "warm $operation"
	done
}

# calls_per_page NAME OPERATION: prints the calls and the instructions per page, separated by a tab, for this operation
# in the guest NAME
calls_per_page() {
	printf '%s\t%s\n' \
		"$(lines_of "$1" calls | awk -v operation="$2" '$1 == "warm" && $2 == operation { printf "%.1f", $3 / $4 }')" \
		"$(lines_of "$1" cost | awk -v operation="$2" '$1 == "warm" && $2 == operation { printf "%.0f", $4 / $5 }')"
}

calls_rows() {
	local machine operation in_tree ours
	OUT=$DIR/$CALLS_KERNEL
	for machine in "${CALLS_MACHINES[@]}"; do
		for operation in loan return free; do
			in_tree=$(calls_per_page "bench-calls-$machine-in-tree" "$operation")
			ours=$(calls_per_page "bench-calls-$machine-ours" "$operation")
			printf '%s\t%s\t%s\t%s\t%s\n' "$(version_of "$CALLS_KERNEL")" \
				"$([[ $machine = *-no-hint ]] && echo off || echo on)" "$operation" "$in_tree" "$ours"
		done
	done
}

guests_calls() {
	local machine
	echo "prepare $CALLS_KERNEL"
	for machine in "${CALLS_MACHINES[@]}"; do
		printf "calls_guest $machine %s\n" in-tree ours
	done
}

bench_calls() {
	calls_rows | table calls kernel cmo_free_hint operation in-tree-calls in-tree-instructions ours-calls ours-instructions
}
