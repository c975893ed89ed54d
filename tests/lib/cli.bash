# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Helpers for the tests of tests/cli. The tests run cmm-admin ($CMM_ADMIN) on $ROOT, a tree of files that look like a
# partition.
# shellcheck source=trace.bash
. "${BASH_SOURCE[0]%/*}/trace.bash"
# shellcheck source=fixture.bash
. "${BASH_SOURCE[0]%/*}/fixture.bash"

setup() {
	fixture
}

# admin STATUS [ARG...]: runs cmm-admin on the tree, and checks that cmm-admin exits with STATUS. Sets $output to the
# text on stdout, and $errors to the text on stderr.
admin() {
	local wanted=$1
	shift
	status=0
	output=$("$CMM_ADMIN" "$@" --sysroot "$ROOT" 2>"$BATS_TEST_TMPDIR/errors") || status=$?
	errors=$(cat "$BATS_TEST_TMPDIR/errors")
	echo "status $status, output: $output, errors: $errors"
	[ "$status" -eq "$wanted" ]
}

# limited KIB [ARG...]: runs cmm-admin so that it can't write files larger than KIB KiB. In "make coverage", this limit
# would also cut off the files to which gcov writes its counters. So these files go to a directory of the test, and
# messages about them go to /dev/null.
limited() {
	local kib=$1
	shift
	GCOV_PREFIX=$BATS_TEST_TMPDIR/counters GCOV_ERROR_FILE=/dev/null \
		bash -c 'ulimit -f "$1"; exec "${@:2}"' limited "$kib" "$CMM_ADMIN" "$@"
}

# as_user STATUS [ARG...]: runs cmm-admin as an ordinary user, and checks that cmm-admin exits with STATUS. Sets $output
# and $lines, as the function run of bats does.
as_user() {
	local wanted=$1 as_nobody=()
	shift
	if [ "$(id -u)" -eq 0 ]; then
		as_nobody=(setpriv --reuid=65534 --bounding-set=-all --clear-groups)
		chmod 755 "$BATS_TEST_TMPDIR" "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR"
	fi
	run "-$wanted" "${as_nobody[@]}" "$CMM_ADMIN" "$@" --sysroot "$ROOT"
}

# not_permitted [ARG...]: like as_user, and checks that cmm-admin exits with status 5
not_permitted() {
	as_user 5 "$@"
}

# fails STATUS TEXT [ARG...]: runs cmm-admin, and checks that it exits with STATUS, prints nothing on stdout, and prints
# one line with TEXT on stderr
fails() {
	local wanted=$1 text=$2
	shift 2
	admin "$wanted" "$@"
	[ -z "$output" ]
	[ "$(wc -l <<<"$errors")" -eq 1 ]
	[[ $errors == "cmm-admin: "*"$text"* ]]
}

# states: prints all values of the driver's attribute "state" that cmm-admin knows
states() {
	"$CMM_ADMIN" metrics --sysroot "$ROOT" | sed -n 's/^cmm_state{state="\(.*\)"}.*/\1/p'
}

# holds FILE WANTED: checks that the content of FILE is WANTED
holds() {
	[ "$(cat "$1")" = "$2" ] || {
		echo "$1: '$(cat "$1")', not '$2'"
		return 1
	}
}

# on_terminal COLUMNS ENVIRONMENT ARG...: runs cmm-admin on a terminal that is COLUMNS wide. ENVIRONMENT has one or
# more words VARIABLE=VALUE for cmm-admin's environment. Sets $output
on_terminal() {
	local columns=$1 environment=$2
	shift 2
	run script -qec "stty cols $columns; env $environment '$CMM_ADMIN' $* --sysroot '$ROOT'" /dev/null </dev/null
}

# widest TEXT: prints the width of the longest line of TEXT, in columns. If a line overwrites another line, both count
# as lines. Escape sequences have no width.
widest() {
	printf '%s\n' "$1" | sed 's/\x1b\[[0-9;]*m//g' | tr '\r' '\n' | LC_ALL=C.UTF-8 wc -L
}

# on_open TEXT STATEMENT: builds $SHIM, a library with its own open(). This open() runs STATEMENT if the path contains
# TEXT
on_open() {
	SHIM=$BATS_TEST_TMPDIR/shim.so
	gcc -shared -fPIC -o "$SHIM" -x c - -ldl <<-EOF
		#define _GNU_SOURCE
		#include <dlfcn.h>
		#include <errno.h>
		#include <stdlib.h>
		#include <string.h>
		#include <unistd.h>

		int open(const char *path, int flags, int mode)
		{
			int (*next)(const char *, int, int) = dlsym(RTLD_NEXT, "open");

			if (strstr(path, "$1")) {
				$2;
			}
			return next(path, flags, mode);
		}
	EOF
}
