# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs the tests of known defects in guests. A "verdict" is the outcome of one defect's tests, in a few words. The
# caller must have sourced lab.sh and guests.sh, and set OUT, the directory for results.

ROWS=$TOP/tests/vm/defects
LIMIT_S=360
LIMIT_EACH_S=90
DIED='# the guest died'
PANIC_IF_HUNG="hung_task_panic=1 sysctl.kernel.hung_task_timeout_secs=30"

# Prints the numbers of the known defects. The third line of each file is "# NUMBER: what goes wrong".
known() {
	sed -snE '3s/^# ([AB][0-9]+): .*/\1/p' "$ROWS"/*.bats | sort -V
}

# Prints the numbers of all fatal defects, which begin with A, except for A1. "make check" tests A1
other_fatal() {
	known | grep '^A' | grep -vxF A1
}

# file_of NUMBER: prints the file of this defect, or nothing if no defect has this number
file_of() {
	grep -lE "^# $1: " "$ROWS"/*.bats || true
}

# head_of NUMBER NAME: prints the text after "# NAME: " in the comment at the beginning of the file of this defect
head_of() {
	sed -n "/^\$/q; s/^# $2: //p" "$(file_of "$1")"
}

# complaint CONSOLE: prints the most informative warning or error of the kernel in the file CONSOLE
complaint() {
	local faults pattern
	faults=$(kernel_faults "$1" | sed -E 's/^\[ *[0-9.]+\] *//; s/\r$//')
	for pattern in 'kernel BUG at' 'Unable to handle|BUG: Kernel' 'blocked for more than' .; do
		if grep -m 1 -E "$pattern" <<<"$faults"; then
			return
		fi
	done
}

# every_test_ran NUMBER OUTPUT: succeeds if the file OUTPUT says that all planned tests of this defect passed. If the
# last test has to end the guest, that test prints no result, and counts as passed
every_test_ran() {
	local planned ran
	planned=$(sed -n 's/^1\.\.//p' "$2")
	ran=$(grep -c '^ok ' "$2" || true)
	[ -z "$(head_of "$1" 'ends with')" ] || ran=$((ran + 1))
	[ "${planned:-0}" -gt 0 ] && [ "$ran" -eq "$planned" ]
}

# verdict NUMBER DRIVER: prints the outcome of this defect's tests on DRIVER, in a few words
verdict() {
	local console=$OUT/$1-$2.console output=$OUT/$1-$2.out ends fault failed
	ends=$(head_of "$1" 'ends with')
	fault=$(complaint "$console")
	failed=$(sed -n 's/^not ok [0-9]* //p' "$output" | head -n 1)
	if ! [ -s "$console" ] || ! grep -q '^1\.\.' "$output"; then
		echo "does not begin"
	elif [ -n "$fault" ]; then
		echo "the kernel reports \"$fault\""
	elif grep -q '^# set-up failed: ' "$output"; then
		echo "does not begin: $(sed -n 's/^# set-up failed: //p' "$output" | head -n 1)"
	elif [ -n "$failed" ]; then
		echo "the test \"$failed\" fails"
	elif grep -q 'the guest was stopped after' "$output"; then
		echo "hangs"
	elif [ -n "$ends" ] && ! "$(said "$console" "$ends")"; then
		echo "does not end with '$ends'"
	elif [ -z "$ends" ] && grep -qxF "$DIED" "$output"; then
		echo "dies"
	elif every_test_ran "$1" "$output"; then
		echo "passes"
	else
		echo "does not run every test"
	fi
}

# try NAME DRIVER NUMBER...: runs the tests of these defects in a guest with the name NAME and with DRIVER. Writes each
# verdict to NUMBER-DRIVER.verdict
try() {
	local name=$1 driver=$2 numbers=("${@:3}") number hypervisor files=()
	hypervisor=$(head_of "${numbers[0]}" hypervisor)
	for number in "${numbers[@]}"; do
		files+=("$number $(basename "$(file_of "$number")")")
	done
	guest "$name" "$driver" "defects/guest ${files[*]}" \
		--timeout "$((LIMIT_S + LIMIT_EACH_S * ${#numbers[@]}))" \
		--hypervisor "${hypervisor:-cmo-page-size=4K}" \
		--append "$PANIC_IF_HUNG $(head_of "${numbers[0]}" 'command line')" || echo "$DIED" >>"$OUT/$name.out"
	split_by_defect "$OUT/$name.out" "$OUT" "-$driver.out" "${numbers[@]}"
	split_by_defect "$GUESTS/$name/console" "$OUT" "-$driver.console" "${numbers[@]}"
	for number in "${numbers[@]}"; do
		verdict "$number" "$driver" >"$OUT/$number-$driver.verdict"
		say "$number, $driver: $(cat "$OUT/$number-$driver.verdict")"
	done
}

# is_passed NUMBER DRIVER: succeeds if the verdict is "passes"
is_passed() {
	[ "$(cat "$OUT/$1-$2.verdict")" = passes ]
}

# has_run NUMBER DRIVER: succeeds if the verdict is a result, whether good or bad. The verdict is no result if the tests
# did not begin, or if some of them did not run
has_run() {
	! grep -q '^does not \(begin\|run\)' "$OUT/$1-$2.verdict"
}
