# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Three benchmarks:
#
# oom		the cost of an OOM event
# relief	the time that a larger oom_kb saves
# blocks	how many free blocks of huge-page size a loan leaves
#
# Guests run with QEMU's instruction counting. tests/bench/run sources this file. This file sets OUT, the directory for
# results, which functions of tests/bench/run use.
# shellcheck disable=SC2034

OOM_ROUNDS=5
RELIEF_GROUPS=200 RELIEF_KB=(1024 4096 16384 65536 262144)
BLOCKS_FRAGMENTED_MIB=1792 BLOCKS_LOAN_KB=1572864

# memory_guests NAME KERNEL COMMAND: prints two commands for side_by_side. Each of them runs COMMAND in a guest. One
# guest has the in-tree driver, and the other guest has our driver
memory_guests() {
	printf 'memory_guest %s\n' "$1 $2 in-tree $3" "$1 $2 ours $3"
}

memory_guest() {
	local name kernel driver command
	read -r name kernel driver command <<<"$*"
	prepare "$kernel"
	quiet_guest "bench-$name-$kernel-$driver" "$driver" "bash $command" --counted 3 --timeout 600
}

# oom_cost DRIVER: prints the instructions per MiB that an OOM event returns. The round with the fewest instructions
# counts. The instructions of an event that returns nothing are subtracted.
oom_cost() {
	local kind
	for kind in large none; do
		measured "bench-oom-stock-$1" oom "$OOM_ROUNDS" 2 "$kind"
	done
	lines_of "bench-oom-stock-$1" oom | awk -v name="bench-oom-stock-$1" '
		!($1 in least) || $3 < least[$1] { least[$1] = $3 }
		!($1 in freed) || $2 < freed[$1] { freed[$1] = $2 }
		END {
			for (kind in freed)
				if (kind != "none" && freed[kind] <= 0) {
					print name ": oom: " kind " returned nothing" >"/dev/stderr"
					exit 1
				}
			spent = least["large"] - least["none"]
			print int(spent / (freed["large"] / 1024))
		}
	'
}

guests_oom() {
	memory_guests oom stock "bench/oom $OOM_ROUNDS"
}

bench_oom() {
	local in_tree ours
	OUT=$DIR/stock
	in_tree=$(oom_cost in-tree)
	ours=$(oom_cost ours)
	printf 'instructions a MiB\t%s\t%s\t%s\n' "$in_tree" "$ours" "$(ratio "$ours" "$in_tree")" |
		table oom figure in-tree ours ratio
}

# relief_guest KERNEL MACHINE [OPTION...]: runs guest/relief in a guest with our driver. The in-tree driver is not
# measured, because it returns pages of any node, and counts these pages as a success.
relief_guest() {
	local name=bench-relief-$1
	prepare "$1" ours
	MACHINE=$2 quiet_guest "$name" ours "bash bench/relief $RELIEF_GROUPS ${RELIEF_KB[*]}" --counted 3 --timeout 3000 "${@:3}"
	measured "$name" relief "${#RELIEF_KB[@]}" 4
}

guests_relief() {
	echo "relief_guest stock p9"
	echo "relief_guest $CALLS_KERNEL p8-hash --hypervisor cmo-page-size=4K"
}

# relief_rows KERNEL PAGE_TABLES: prints a row for each value of oom_kb. Two columns say how many events, and how many
# seconds, it takes to return a GiB.
relief_rows() {
	OUT=$DIR/$1
	lines_of "bench-relief-$1" relief | awk -v OFS='\t' -v kernel="$(version_of "$1")" -v tables="$2" '{
		gib = $3 / 1048576
		print kernel, tables, $1, $2, int($3 / 1024), int($2 / gib), sprintf("%.1f", $4 / 1e9 / gib)
	}'
}

bench_relief() {
	{
		relief_rows stock radix
		relief_rows "$CALLS_KERNEL" hash
	} | table relief kernel page-tables oom_kb events returned-MiB events-a-GiB seconds-a-GiB
}

# blocks_of KERNEL DRIVER: prints three numbers of blocks of huge-page size:
#
# - how many blocks are free before the loan
# - how many fewer blocks are free during the loan. A negative number means more blocks.
# - how many fewer blocks are free after the return of the loan
blocks_of() {
	local before after back
	measured "bench-blocks-$1-$2" blocks 1 2
	measured "bench-blocks-$1-$2" blocks-back 1 1
	read -r before after < <(lines_of "bench-blocks-$1-$2" blocks)
	back=$(lines_of "bench-blocks-$1-$2" blocks-back)
	printf '%s\t%s\t%s\n' "$before" $((before - after)) $((before - back))
}

# Prints a row for each kernel, with the three numbers of blocks_of for the in-tree driver, and then for our driver. The
# number of blocks before the loan is in the row twice, because it differs a little between the drivers.
blocks_rows() {
	local kernel in_tree ours
	for kernel in "${COST_KERNELS[@]}"; do
		OUT=$DIR/$kernel
		in_tree=$(blocks_of "$kernel" in-tree)
		ours=$(blocks_of "$kernel" ours)
		printf '%s\t%s\t%s\n' "$(version_of "$kernel")" "$in_tree" "$ours"
	done
}

guests_blocks() {
	local kernel
	for kernel in "${COST_KERNELS[@]}"; do
		memory_guests blocks "$kernel" "bench/blocks $BLOCKS_FRAGMENTED_MIB $BLOCKS_LOAN_KB"
	done
}

bench_blocks() {
	local rows
	rows=$(blocks_rows)
	table blocks kernel in-tree-had in-tree-lost in-tree-lost-after \
		ours-had ours-lost ours-lost-after <<<"$rows"
}
