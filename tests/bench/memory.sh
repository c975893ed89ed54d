# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What an OOM event gets back and costs, and what a loan leaves of huge pages, on a CPU whose
# time is instructions. Wants what run has, and sets OUT for that.
# shellcheck disable=SC2034

OOM_ROUNDS=5
BLOCKS_FRAGMENTED_MIB=1792 BLOCKS_LOAN_KB=1572864

# memory_guests NAME KERNEL COMMAND: for either driver a guest bench-NAME-KERNEL-DRIVER
memory_guests() {
	printf 'memory_guest %s\n' "$1 $2 in-tree $3" "$1 $2 ours $3"
}

memory_guest() {
	local name kernel driver command
	read -r name kernel driver command <<<"$*"
	prepare "$kernel"
	quiet_guest "bench-$name-$kernel-$driver" "$driver" "bash $command" --counted 3 --timeout 600
}

# oom_figures DRIVER: INSTRUCTIONS_A_MIB. From each kind of event the round counts in
# which the kernel had the least else to do, and what it costs without a driver that gives is
# taken off.
oom_figures() {
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
					print name ": oom: " kind " got nothing back" >"/dev/stderr"
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
	in_tree=$(oom_figures in-tree)
	ours=$(oom_figures ours)
	printf 'instructions a MiB\t%s\t%s\t%s\n' "$in_tree" "$ours" "$(ratio "$ours" "$in_tree")" |
		table oom figure in-tree ours ratio
}

# blocks_of KERNEL DRIVER: how many free blocks of huge-page size there were, and how many fewer
# there are with the loan, and when that is back; fewer than none are more.
blocks_of() {
	local before after back
	measured "bench-blocks-$1-$2" blocks 1 2
	measured "bench-blocks-$1-$2" blocks-back 1 1
	read -r before after < <(lines_of "bench-blocks-$1-$2" blocks)
	back=$(lines_of "bench-blocks-$1-$2" blocks-back)
	printf '%s\t%s\t%s\n' "$before" $((before - after)) $((before - back))
}

# The drivers don't start with quite as many.
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
