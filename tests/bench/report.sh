# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The benchmark "report": the times of cmm-admin report and of amsstat in the same guest. amsstat needs a kernel with
# CONFIG_PPC_SMLPAR. tests/bench/run sources this file.

PAIRS=${PAIRS:-3}

# median EXPRESSION: prints the median of this awk expression over all pairs
median() {
	lines_of bench-report pair | awk "{ print $1 }" | sort -n |
		awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

guests_report() {
	echo "prepare 6.12-cmm-module ours"
}

bench_report() {
	prepare 6.12-cmm-module ours
	quiet_guest bench-report ours "bash bench/report $PAIRS" --hypervisor cmo-page-size=4K
	measured bench-report pair "$PAIRS" 2
	printf '%s\t%s\t%s\t%s\t%.1f\n' "$(version_of 6.12-cmm-module)" "$PAIRS" "$(median "int(\$1 / 1000)")" \
		"$(median "int(\$2 / 1000)")" "$(median "\$1 / \$2")" |
		table report kernel pairs amsstat-ms cmm-admin-ms ratio
}
