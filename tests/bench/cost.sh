# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Two benchmarks:
#
# cost		how many instructions it takes to loan a page, and to return a page
# scale		how these numbers change with the size of the loan
#
# Guests run with QEMU's instruction counting, so the results hardly differ between runs. tests/bench/run sources this
# file. This file sets OUT, the directory for results, which functions of tests/bench/run use.
# shellcheck disable=SC2034

COST_KB=1048576
COST_KERNELS=(stock 7.2-4k)
# How the driver is loaded. The mode policy-1 is like the mode simulate, but with loan_policy=1 instead of 2.
COST_MODES=(simulate hypervisor policy-1)
SCALE_KB=(262144 1048576 4194304 12582912)
# How many times the smallest loan is measured. The lowest result counts, because an interrupt adds some percent to the
# instructions of such a loan. The guest's first loan has this size, too, but is not one of these measurements, because
# it is cold (see guest/cost).
SCALE_SMALL_TIMES=3
# Assumptions for estimates of times on real hardware: the time of a hypercall on PowerVM, and that of an instruction
PAPER_HCALL_NS=1000 PAPER_INSTRUCTION_NS=0.5

# cost_guest KERNEL DRIVER MODE INIT_ON_ALLOC: runs guest/cost in a guest, and checks that no line is missing in the
# output. If INIT_ON_ALLOC is 1, the plugin also counts the instructions of each function, for the table "shares"
cost_guest() {
	local kernel driver mode zeroed name heat command options=()
	read -r kernel driver mode zeroed <<<"$*"
	command="bash bench/cost '$COST_KB $COST_KB' $(cost_mode "$mode")"
	prepare "$kernel"
	name=$(cost_guest_name "$kernel" "$driver" "$mode" "$zeroed")
	options=(--counted 3 --timeout 900 --append "init_on_alloc=$zeroed")
	[ "$mode" != hypervisor ] || options+=(--hypervisor cmo-page-size=4K)
	if [ "$zeroed" = 1 ]; then
		options+=(--plugin "$DIR/profile.so,out=$OUT/$name.blocks")
	else
		command="rm bench/mark; $command"
	fi
	quiet_guest "$name" "$driver" "$command" "${options[@]}"
	for heat in cold warm; do
		measured "$name" cost 1 3 "$heat loan"
		measured "$name" cost 1 3 "$heat return"
	done
	[ "$zeroed" = 1 ] || return 0
	grep -qxF "symbols: end" "$OUT/$name.out" || die "$name: the list of the kernel's symbols is incomplete"
	"$HERE/profile" "$OUT/$name.out" "$OUT/$name.blocks" >"$OUT/$name.shares"
}

# cost_mode MODE: prints the driver's parameters for this mode
cost_mode() {
	case $1 in
	simulate) echo simulate=1 ;;
	policy-1) echo simulate=1 loan_policy=1 ;;
	esac
}

# cost_guest_name KERNEL DRIVER MODE INIT_ON_ALLOC: prints the name of the guest that has the results for these
# arguments. The in-tree driver has no loan_policy, so its results for the mode simulate also count for policy-1.
cost_guest_name() {
	local mode=$3
	[ "$2-$mode" != in-tree-policy-1 ] || mode=simulate
	echo "bench-$1-$2-$mode-$4"
}

# Prints a line "KERNEL MODE INIT_ON_ALLOC" for each case in which both drivers are compared
cost_cases() {
	local kernel mode zeroed
	for kernel in "${COST_KERNELS[@]}"; do
		for mode in "${COST_MODES[@]}"; do
			for zeroed in 1 0; do
				echo "$kernel $mode $zeroed"
			done
		done
	done
}

# cost_per_page NAME: prints a line for each operation that the guest NAME measured. The line has the operation and its
# instructions per page, separated by a tab
cost_per_page() {
	lines_of "$1" cost | awk '{ printf "%s %s\t%.1f\n", $1, $2, $4 / $5 }'
}

cost_rows() {
	local kernel mode zeroed operation in_tree ours page_kb
	while read -r kernel mode zeroed; do
		OUT=$DIR/$kernel
		page_kb=$(lines_of "$(cost_guest_name "$kernel" ours "$mode" "$zeroed")" cost | awk 'NR == 1 { print $3 / $5 }')
		while IFS=$'\t' read -r operation in_tree ours; do
			printf '%s\t%sK\t%s\t%s\t%s\t%s\t%s\t%s\n' "$(version_of "$kernel")" "$page_kb" "$mode" \
				"$zeroed" "$operation" "$in_tree" "$ours" "$(ratio "$ours" "$in_tree")"
		done < <(join -t $'\t' \
			<(cost_per_page "$(cost_guest_name "$kernel" in-tree "$mode" "$zeroed")" | sort) \
			<(cost_per_page "$(cost_guest_name "$kernel" ours "$mode" "$zeroed")" | sort))
	done < <(cost_cases)
}

# Prints how many instructions per page each class of functions has in the second loan, and in the return of that loan.
# The instructions of an idle guest are subtracted
shares_rows() {
	local kernel driver mode zeroed name
	while read -r kernel mode zeroed; do
		[ "$zeroed" = 1 ] || continue
		OUT=$DIR/$kernel
		for driver in in-tree ours; do
			name=$(cost_guest_name "$kernel" "$driver" "$mode" "$zeroed")
			awk -v OFS='\t' -v about="$(version_of "$kernel")"$'\t'"$mode"$'\t'"$driver" \
				-v classes="${COST_CLASSES[*]}" \
				-v pages="$(lines_of "$name" cost | awk 'NR == 1 { print $5 }')" '
				{ spent[$1, $2] = $3 / pages }
				function row(operation, mark,   i, line) {
					line = about OFS operation
					for (i = 1; i <= count; i++)
						line = line OFS sprintf("%.1f", spent[mark, class[i]] - spent[1, class[i]])
					print line
				}
				END {
					count = split(classes, class, " ")
					row("warm loan", 7)
					row("warm return", 9)
				}
			' "$OUT/$name.shares"
		done
	done < <(cost_cases)
}

# Draws the ratios of warm operations as bars, with two bars for each kernel, mode and operation. The first bar is for
# guests that zero pages at allocation, and the second bar is for guests that don't
cost_picture() {
	local data=$DIR/ratios
	awk -F'\t' '
		$5 ~ /^warm/ {
			version = $1
			sub(/-powerpc64le/, "", version)
			label = version "\\n" $2 " pages\\n" $3 "\\n" substr($5, 6)
			if (!seen[label]++)
				order[++count] = label
			at[label, $4] = $8
		}
		END {
			for (i = 1; i <= count; i++)
				print "\"" order[i] "\"", at[order[i], 1], at[order[i], 0]
		}
	' "$DIR/cost.rows" >"$data"
	gnuplot <<-EOF
		set terminal svg size 900,460 background "white" noenhanced
		set output "$BUILD/bench/cost.svg"
		set title "Instructions per page, warm: cmm-dkms / in-tree driver (1: equal)"
		set style fill solid
		set boxwidth 0.34
		set bmargin 6
		set xrange [-0.6:*]
		set yrange [0:1.2]
		set grid ytics
		set xtics font ",10"
		set key top right horizontal
		figure(ratio) = sprintf("%.2f", ratio)
		plot "$data" using (\$0 - 0.18):2:xtic(1) with boxes lc rgb "#4477aa" \
				title "pages zeroed (init_on_alloc=1)", \
			"" using (\$0 + 0.18):3 with boxes lc rgb "#ccbb44" \
				title "not zeroed (init_on_alloc=0)", \
			"" using (\$0 - 0.18):2:(figure(\$2)) with labels font ",9" \
				offset 0,0.6 notitle, \
			"" using (\$0 + 0.18):3:(figure(\$3)) with labels font ",9" \
				offset 0,0.6 notitle, \
			1 with lines lc rgb "#bb5566" title "equal"
	EOF
}

guests_cost() {
	local kernel mode zeroed
	printf 'prepare %s\n' "${COST_KERNELS[@]}"
	while read -r kernel mode zeroed; do
		echo "cost_guest $kernel ours $mode $zeroed"
		[ "$mode" = policy-1 ] || echo "cost_guest $kernel in-tree $mode $zeroed"
	done < <(cost_cases)
}

bench_cost() {
	mapfile -t COST_CLASSES < <(awk '!/^#/ { print $1 } END { print "rest" }' "$HERE/classes")
	cost_rows | table cost kernel page mode init_on_alloc operation in-tree ours ratio
	echo
	shares_rows | table shares kernel mode of operation "${COST_CLASSES[@]}"
	cost_picture
}

# scale_guest KERNEL: measures loans of several sizes in a guest. The guest does not zero pages, so that the host needs
# no memory for these pages
scale_guest() {
	local kb small times name=bench-scale-$1
	prepare "$1"
	printf -v small "${SCALE_KB[0]} %.0s" $(seq "$SCALE_SMALL_TIMES")
	quiet_guest "$name" ours "rm bench/mark; bash bench/cost '$small ${SCALE_KB[*]}' simulate=1" \
		--counted 16 --timeout 900 --append init_on_alloc=0
	times=$SCALE_SMALL_TIMES
	for kb in "${SCALE_KB[@]}"; do
		measured "$name" cost "$times" 2 "warm loan $kb"
		measured "$name" cost "$times" 2 "warm return $kb"
		times=1
	done
}

# Prints the rows of the table "scale". If a size was measured more than once, the lowest value counts, because
# interrupts add to the others. The columns for 1 TiB are estimates. They assume as many instructions per page as for a
# loan of the row's size, and a hypercall for each 4 KiB.
scale_rows() {
	local kernel
	for kernel in "${COST_KERNELS[@]}"; do
		OUT=$DIR/$kernel
		lines_of "bench-scale-$kernel" cost | sort -k 3n -k 2,2 -k 4n |
			awk -v OFS='\t' -v kernel="$(version_of "$kernel")" \
				-v hcall_ns="$PAPER_HCALL_NS" -v instruction_ns="$PAPER_INSTRUCTION_NS" '
			$1 == "warm" && !seen[$2, $3]++ {
				page_kb = $3 / $5
				each = $4 / $5
				print kernel, page_kb "K", $2, $3 / 1024, sprintf("%.1f", each), \
					sprintf("%.0f", 1024 ^ 3 / page_kb * each * instruction_ns / 1e9), \
					sprintf("%.0f", 1024 ^ 3 / 4 * hcall_ns / 1e9)
			}
		'
	done
}

guests_scale() {
	printf 'scale_guest %s\n' "${COST_KERNELS[@]}"
}

bench_scale() {
	scale_rows | table scale kernel page operation MiB instructions 1TiB-driver-s 1TiB-hypercalls-s
}
