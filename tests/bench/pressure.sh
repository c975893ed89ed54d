# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The benchmark "pressure": how a loan slows down programs. guest/pressure runs four times with each load: without a
# driver, with the in-tree driver, and with our driver under loan_policy 2 and 1. Guests run with QEMU's instruction
# counting, so results don't depend on the host. tests/bench/run sources this file.

# The loads on the guest's memory. The value of a load is the first four arguments of guest/pressure
declare -A PRESSURE_LOADS=(
	[anonymous-random]="random 450 0 0"
	[anonymous-cyclic]="cyclic 450 0 0"
	[file-random]="random 0 450 0"
	[file-cyclic]="cyclic 0 450 0"
	[mixed-cyclic]="cyclic 225 225 0"
	[mixed-random]="random 225 225 0"
	[mixed-and-stream]="random 225 225 16"
)
PRESSURE_DRIVERS=(none in-tree policy-2 policy-1)
PRESSURE_KERNEL=${PRESSURE_KERNEL:-stock}
# The value for the kernel's file lru_gen/enabled. 7 turns the multi-generational LRU (MGLRU) on, 0 turns it off, and an
# empty value keeps the kernel's default
PRESSURE_MGLRU=${PRESSURE_MGLRU:-}
PRESSURE_PHASE_S=75 PRESSURE_SETTLE_S=30 PRESSURE_WORKING_MIB=450

# pressure_guest LOAD VARIANT: runs guest/pressure in a guest. LOAD is a key of PRESSURE_LOADS, and VARIANT is one of
# PRESSURE_DRIVERS
pressure_guest() {
	local load variant driver=ours options=''
	read -r load variant <<<"$*"
	case $variant in
	in-tree) driver=in-tree options=delay=1 ;;
	policy-*) options=loan_policy=${variant#policy-} ;;
	esac
	prepare "$PRESSURE_KERNEL"
	quiet_guest "bench-pressure-$load-$variant" "$driver" \
		"PHASE_S=$PRESSURE_PHASE_S MGLRU=$PRESSURE_MGLRU bash bench/pressure ${PRESSURE_LOADS[$load]} $options" \
		--counted 1 --timeout 1800 --scratch "4 2"
}

guests_pressure() {
	local load variant
	for load in "${!PRESSURE_LOADS[@]}"; do
		for variant in "${PRESSURE_DRIVERS[@]}"; do
			echo "pressure_guest $load $variant"
		done
	done
}

# pressure_figures LOAD VARIANT PHASE: prints five figures:
#
# - the mean CPU time of a pass
# - the mean number of major faults in a pass
# - the mean number of refaults and swap-ins in a pass
# - the number of all swap-outs
# - the share of the idle memory that is on loan, in percent
#
# The first PRESSURE_SETTLE_S seconds of the phase don't count.
pressure_figures() {
	local out=$OUT/bench-pressure-$1-$2.out
	awk -v phase="$3" -v settle="$PRESSURE_SETTLE_S" '
		$1 == "idle:" { idle[$2] = $3 }
		$2 != phase { next }
		$1 == "second:" && ++seconds == settle {
			ins = $6; outs = $7; refaults = $8; faults = $9
		}
		$1 == "second:" { last_ins = $6; last_outs = $7; last_refaults = $8; last_faults = $9 }
		$1 == "second:" && seconds > settle { loaned += $3; samples++ }
		$1 == "pass:" && seconds > settle { ns += $3; passes++ }
		END {
			if (!samples)
				exit 1
			printf "%d %d %d %d %d\n", passes ? ns / passes : 0,
				passes ? (last_faults - faults) / passes : last_faults - faults,
				passes ? (last_refaults - refaults + last_ins - ins) / passes : 0,
				last_outs - outs, 100 * loaned / samples / idle[phase]
		}
	' "$out"
}

pressure_rows() {
	local load phase variant none_ns sums
	OUT=$DIR/$PRESSURE_KERNEL
	for load in $(printf '%s\n' "${!PRESSURE_LOADS[@]}" | sort); do
		for phase in loan more ended again; do
			read -r none_ns _ < <(pressure_figures "$load" none "$phase")
			for variant in "${PRESSURE_DRIVERS[@]}"; do
				read -ra sums < <(pressure_figures "$load" "$variant" "$phase")
				printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$load" "$phase" "$variant" \
					"$(ratio "${sums[0]}" "$none_ns")" "${sums[@]:1}"
			done
		done
	done
}

# Reads the rows of pressure_rows, and prints a row for each goal that loan_policy=1 misses: LOAD PHASE GOAL RESULT. The
# number of faults in a pass may be larger than without a loan, but by at most a hundredth of the pages in the working
# set. The same limit applies to the sum of refaults and swap-ins in a pass.
pressure_misses() {
	local page_kb
	page_kb=$(lines_of "bench-pressure-${load_names[0]}-none" page)
	awk -F'\t' -v OFS='\t' -v hundredth="$((PRESSURE_WORKING_MIB * 1024 / page_kb / 100))" '
		function goal(text, result, met) {
			if (!met)
				print $1, $2, text, result
		}
		$3 == "none" { faults = $5; refaults = $6 }
		$3 == "policy-1" {
			share = $1 == "file-cyclic" ? 85 : 90
			goal("instructions: at most 1.1 times", $4, $4 == "-" || $4 <= 1.1)
			goal("faults a pass: at most " faults + hundredth, $5, $5 <= faults + hundredth)
			goal("refaults and swap-ins a pass: at most " refaults + hundredth, $6, $6 <= refaults + hundredth)
			goal("swap-outs: none", $7, $7 == 0)
			goal("idle memory on loan: at least " share " %", $8 " %", $8 >= share)
		}
	'
}

# pressure_series LOAD VARIANT: prints a line SECOND LOANED_MIB TARGET_MIB AVAILABLE_MIB FAULTS for each second, for the
# picture. FAULTS is the mean number of major faults in the passes that ended in this second. If no pass ended in this
# second, FAULTS is the value of the second before.
pressure_series() {
	awk '
		$1 == "pass:" { sum += $4; passes++ }
		$1 == "second:" {
			if (passes)
				faults = sum / passes
			sum = passes = 0
			print ++n, $3 / 1024, $4 / 1024, $5 / 1024, faults + 0
		}
	' "$OUT/bench-pressure-$1-$2.out"
}

# pressure_picture LOAD: draws a picture with a diagram for each variant, one above the other
pressure_picture() {
	local load=$1 variant
	OUT=$DIR/$PRESSURE_KERNEL
	for variant in "${PRESSURE_DRIVERS[@]}"; do
		pressure_series "$load" "$variant" >"$DIR/pressure-$load-$variant"
	done
	gnuplot <<-EOF
		set terminal svg size 900,1000 background "white" noenhanced
		set output "$BUILD/bench/pressure-$load.svg"
		set multiplot layout ${#PRESSURE_DRIVERS[@]},1 title "$load: loan requested after $PRESSURE_PHASE_S s, more load after $((2 * PRESSURE_PHASE_S)) s, none after $((3 * PRESSURE_PHASE_S)) s, the first again after $((4 * PRESSURE_PHASE_S)) s"
		set y2tics
		set ytics nomirror
		set ylabel "MiB"
		set y2label "major faults a pass"
		set yrange [0:*]
		set y2range [0:*]
		set key outside right
		do for [driver in "${PRESSURE_DRIVERS[*]}"] {
			set title driver
			file = "$DIR/pressure-$load-" . driver
			plot file using 1:2 with lines lw 2 title "loaned", \
				"" using 1:3 with lines dt 2 title "target", \
				"" using 1:4 with lines title "available", \
				"" using 1:5 axes x1y2 with impulses title "faults"
		}
		unset multiplot
	EOF
}

bench_pressure() {
	local load load_names=("${!PRESSURE_LOADS[@]}")
	printf 'Guests with Linux %s.\n\n' "$(version_of "$PRESSURE_KERNEL")"
	pressure_rows | table pressure load phase driver instructions-ratio faults-a-pass \
		refaults-and-swap-ins-a-pass swap-outs idle-on-loan-percent
	printf '\nGoals that loan_policy=1 misses:\n\n'
	pressure_misses <"$DIR/pressure.rows" | table pressure-misses load phase goal result
	for load in "${!PRESSURE_LOADS[@]}"; do
		pressure_picture "$load"
	done
}
