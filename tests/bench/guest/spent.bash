# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# spent_by PID...: prints the sum of the CPU times of these processes, in nanoseconds
spent_by() {
	local pid ran sum=0
	for pid in "$@"; do
		read -r ran _ 2>/dev/null <"/proc/$pid/schedstat" || continue
		sum=$((sum + ran))
	done 2>/dev/null
	echo "$sum"
}
