# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Functions that write test results as TAP, and that check which texts a guest's console has
# shellcheck source=../lib/kernel-log.bash
. "${BASH_SOURCE[0]%/*}/../lib/kernel-log.bash"

# tap_write FILE: reads lines "true NAME" and "false NAME", which are results of tests, and writes them as TAP to stdout
# and to FILE. Copies lines that begin with #.
tap_write() {
	awk '
		/^#/ { print; next }
		{
			ok = $1 == "true" ? "ok" : "not ok"
			sub(/^[^ ]* /, "")
			printf "%s %d - %s\n", ok, ++n, $0
		}
		END { print "1.." n + 0 }
	' | tee "$1"
}

# tap_in_tree: reads a guest's output of "suites in-tree", and writes TAP. Each line of the TAP is ok if the test had
# the expected result: tests after the line "# known to fail" must fail, and all others must pass.
tap_in_tree() {
	awk '
		/^# known to fail$/ { known = 1 }
		/^1\.\./ { print }
		/^(not )?ok / {
			failed = $1 == "not"
			number = failed ? $3 : $2
			name = $0
			sub(/^(not )?ok [0-9]+ (- )?/, "", name)
			verdict = failed == known ? "ok" : "not ok"
			printf "%s %d - in-tree %s: %s\n", verdict, number, failed ? "fails" : "passes", name
		}
	'
}

# split_by_defect FILE DIR SUFFIX NUMBER...: splits FILE, the output or the console of a guest that ran the tests of
# these defects one after the other. The lines from "defect NUMBER" on go to the file DIR/NUMBERSUFFIX. If FILE has no
# line "defect NUMBER", the file of that NUMBER is empty. Lines before the first "defect NUMBER" go to the file of the
# first NUMBER.
split_by_defect() {
	local file=$1 dir=$2 suffix=$3
	shift 3
	awk -v dir="$dir" -v suffix="$suffix" -v numbers="$*" '
		BEGIN {
			n = split(numbers, all)
			for (i = 1; i <= n; i++)
				printf "" >(dir "/" all[i] suffix)
			number = all[1]
		}
		match($0, /^(#|\[ *[0-9.]+\]) defect [AB][0-9]+\r?$/) {
			number = $NF
			sub(/\r$/, "", number)
		}
		{ print >(dir "/" number suffix) }
	' "$file"
}

# holds COMMAND...: runs the command, and prints true if the command succeeds, or else false
holds() {
	if "$@"; then
		echo true
	else
		echo false
	fi
}

# said CONSOLE TEXT...: prints true if the file CONSOLE has one of these texts, or else false
said() {
	local console=$1
	shift
	holds grep -qFf <(printf '%s\n' "$@") "$console"
}

# is_empty TEXT: prints true if TEXT is empty, or else false
is_empty() {
	holds [ -z "$1" ]
}
