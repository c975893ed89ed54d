# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# How long the driver goes on loaning after it has been told not to, and for how long it lets
# nobody else run. By the host's clock, as an instruction has no share in what a hypercall
# takes; so one guest at a time. Wants what run has.

REACTION_DELAYS_US=(0 10 100)

# The median where an event was measured more than once, and the longest of its times alone
reaction_middles() {
	sort -k 1,1n -k 2,2 -k 3,3n | awk '
		function tell() {
			if (n)
				print key, took[int((n + 1) / 2)], longest
		}
		key != $1 " " $2 { tell(); n = longest = 0; key = $1 " " $2 }
		{ took[++n] = $3; if ($4 > longest) longest = $4 }
		END { tell() }
	'
}

bench_reaction() {
	local driver
	prepare stock
	for driver in in-tree ours; do
		quiet_guest "bench-reaction-$driver" "$driver" "bash bench/reaction ${REACTION_DELAYS_US[*]}" \
			--hypervisor cmo-page-size=4K --timeout 600
		[ "$(lines_of "bench-reaction-$driver" reaction | wc -l)" -eq $((6 * ${#REACTION_DELAYS_US[@]})) ] ||
			die "bench-reaction-$driver: not every event was measured"
		lines_of "bench-reaction-$driver" reaction | reaction_middles >"$DIR/reaction-$driver"
	done
	paste -d ' ' "$DIR"/reaction-{in-tree,ours} | awk -v OFS='\t' '
		function ms(us) { return sprintf("%.1f", us / 1000) }
		{ print $1, $2, ms($3), ms($7), $3 ? sprintf("%.2f", $7 / $3) : "-", ms($4), ms($8), \
			$4 ? sprintf("%.2f", $8 / $4) : "-" }
	' | table reaction call-us event in-tree-ms ours-ms ratio alone-in-tree-ms alone-ours-ms alone-ratio
}
