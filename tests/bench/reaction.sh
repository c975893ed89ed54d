# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The benchmark "reaction" measures two times:
#
# - for how long the driver goes on loaning or returning after an event that should stop the driver
# - for how long the driver runs without rescheduling
#
# Guests run without instruction counting, because instruction counting does not include the time of a hypercall. The
# times are real times of the host, so only one guest runs at a time. As a control, a program that loops forever is also
# measured, in place of the driver: its delays come from the host. tests/bench/run sources this file.

REACTION_DELAYS_US=(0 10 100)

# Reads lines "DELAY EVENT TIME LONGEST". For each delay and event prints the median of the times, and the longest time
# without rescheduling
reaction_middles() {
	sort -k 1,1n -k 2,2 -k 3,3n | awk '
		function report() {
			if (n)
				print key, took[int((n + 1) / 2)], longest
		}
		key != $1 " " $2 { report(); n = longest = 0; key = $1 " " $2 }
		{ took[++n] = $3; if ($4 > longest) longest = $4 }
		END { report() }
	'
}

# reaction_rows: prints rows. Each row has a delay, an event, the times to react, and the longest times without
# rescheduling. Both kinds of times have three columns: the in-tree driver, our driver, and the ratio
reaction_rows() {
	paste -d ' ' "$DIR"/reaction-{in-tree,ours} | awk -v OFS='\t' '
		BEGIN {
			about["lower"] = "a lower target"
			about["higher"] = "a higher target"
			about["disable"] = "disable=1"
			about["offline"] = "memory offline"
			about["oom"] = "an OOM event"
		}
		function ms(us) { return sprintf("%.1f", us / 1000) }
		function ratio(ours, in_tree) {
			return in_tree ? sprintf("%.2f", ours / in_tree) : "-"
		}
		$2 == "program" { print "-", "(a program)", "-", "-", "-", ms($4), ms($8), ratio($8, $4); next }
		{ print $1, about[$2], ms($3), ms($7), ratio($7, $3), ms($4), ms($8), ratio($8, $4) }
	'
}

guests_reaction() {
	echo "prepare stock"
}

bench_reaction() {
	local driver delay_us event
	prepare stock
	for driver in in-tree ours; do
		quiet_guest "bench-reaction-$driver" "$driver" "bash bench/reaction ${REACTION_DELAYS_US[*]}" \
			--hypervisor cmo-page-size=4K --timeout 600
		measured "bench-reaction-$driver" reaction 1 2 "0 program"
		for delay_us in "${REACTION_DELAYS_US[@]}"; do
			for event in lower higher disable offline; do
				measured "bench-reaction-$driver" reaction 1 2 "$delay_us $event"
			done
			measured "bench-reaction-$driver" reaction 3 2 "$delay_us oom"
		done
		lines_of "bench-reaction-$driver" reaction | reaction_middles >"$DIR/reaction-$driver"
	done
	reaction_rows | table reaction call-us notified-by in-tree-ms ours-ms ratio \
		alone-in-tree-ms alone-ours-ms alone-ratio
}
