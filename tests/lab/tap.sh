# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Test results as TAP, and questions about texts on a guest's console.
# shellcheck source=../lib/kernel-log.bash
. "${BASH_SOURCE[0]%/*}/../lib/kernel-log.bash"

# tap_write FILE: reads lines "true NAME" and "false NAME", and writes them as TAP to stdout and to FILE.
# Lines that begin with # are copied.
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

# tap_in_tree: reads the output of "suites in-tree" of a guest, and writes TAP that says whether each test did what is
# expected. Tests after the line "# known to fail" must fail; all others must pass.
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

# split_by_defect FILE DIR SUFFIX NUMBER...: splits the output or console of a guest that tried these defects one
# after the other. DIR/NUMBERSUFFIX gets the lines from the line "defect NUMBER" on. It is empty if there is no such
# line. Lines before the first defect go to its file.
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

# holds COMMAND...: prints whether it succeeds, true or false
holds() {
	if "$@"; then
		echo true
	else
		echo false
	fi
}

# said CONSOLE TEXT...: prints true if one of the texts is in the file CONSOLE, or else false
said() {
	local console=$1
	shift
	holds grep -qFf <(printf '%s\n' "$@") "$console"
}

# is_empty TEXT: prints true if TEXT is empty, or else false
is_empty() {
	holds [ -z "$1" ]
}
