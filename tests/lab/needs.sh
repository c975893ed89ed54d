# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2034  # lists of names are for the scripts
# Finds programs and libraries that the host lacks. The caller must have sourced common.sh.

NEEDS_LIST=$TOP/tests/lab/needs.list
EXIT_MISSING=2
# Directories with programs for root, which need not be in the PATH of an ordinary user. Tests change this variable.
NEEDS_SBIN=${NEEDS_SBIN:-/usr/sbin:/sbin}
NEEDED_BY_TOOL=(gcc libc make pkg-config lib:smartcols lib:libsysfs lib:bytesize lib:inih lib:json-c lib:libudev
	lib:libkmod lib:ncursesw)
NEEDED_BY_UNIT=(gcc libc libasan libubsan make bats jq perl setpriv)
NEEDED_BY_CLI=(libasan libubsan bats jq jsonschema python3 bash-completion openssl tmux script setpriv valgrind zsh depmod)
NEEDED_BY_LINT=(gcc git perl shellcheck clang-format cppcheck mandoc)

# needs_row NAME: prints the packages that have this program or library, on Debian, Fedora and SUSE
needs_row() {
	awk -v name="$1" '$1 == name { print $2, $3, $4; found = 1 } END { exit !found }' "$NEEDS_LIST" ||
		die "$1 is not in $NEEDS_LIST"
}

# needs_has NAME: succeeds if the host has this program or library. For a NAME that is neither a program nor a
# library in pkg-config, this function has to have a case.
needs_has() {
	case $1 in
	bash-completion) [ -r /usr/share/bash-completion/bash_completion ] ;;
	libc) gcc -E -x c -o /dev/null - <<<'#include <stdio.h>' 2>/dev/null ;;
	clang-rt) clang -fsanitize=fuzzer,address -x c -o /dev/null - \
		<<<'int LLVMFuzzerTestOneInput(void) { return 0; }' 2>/dev/null ;;
	libasan) needs_sanitizer address ;;
	libubsan) needs_sanitizer undefined ;;
	lib:*) pkg-config --exists "${1#lib:}" 2>/dev/null ;;
	*) PATH=$PATH:$NEEDS_SBIN command -v "$1" >/dev/null ;;
	esac
}

# needs_sanitizer NAME: succeeds if gcc can link a program with this sanitizer. That needs the sanitizer's library
needs_sanitizer() {
	gcc "-fsanitize=$1" -x c -o /dev/null - <<<'int main(void) { return 0; }' 2>/dev/null
}

# needs_first NAME: prints which program or library the user has to install first, if needs_has fails for NAME.
# needs_has needs other programs for some checks. If such a program is missing, this function prints the program's name,
# or else NAME. For example, it prints gcc if NAME is libc and gcc is missing
needs_first() {
	local name=$1 by
	while :; do
		case $name in
		libc) by=gcc ;;
		libasan | libubsan) by=libc ;;
		clang-rt) by=clang ;;
		lib:*) by=pkg-config ;;
		*) break ;;
		esac
		! needs_has "$by" || break
		name=$by
	done
	printf '%s\n' "$name"
}

# needs NAME...: if the host lacks some of these, prints a line for each, and exits with status 2
needs() {
	local name first debian fedora suse missing=' '
	for name in "$@"; do
		! needs_has "$name" || continue
		first=$(needs_first "$name")
		[[ $missing != *" $first "* ]] || continue
		missing+="$first "
		read -r debian fedora suse <<<"$(needs_row "$first")"
		printf '%s is missing; packages: %s (Debian, Ubuntu), %s (Fedora), %s (SUSE)\n' \
			"${first#lib:}" "$debian" "$fedora" "$suse" >&2
	done
	[ "$missing" = ' ' ] || exit "$EXIT_MISSING"
}

# needs_packages NAME...: prints the Debian packages for those programs and libraries that the host lacks
needs_packages() {
	local name row
	for name in "$@"; do
		needs_has "$name" || {
			row=$(needs_row "$name")
			printf '%s\n' "${row%% *}"
		}
	done | sort -u
}
