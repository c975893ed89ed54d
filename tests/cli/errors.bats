#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154  # admin() sets errors
# Errors that several commands have in common. Examples are a value that cannot be read, a file that cannot be written,
# and a wrong name

bats_require_minimum_version 1.5.0
load ../lib/cli

# Prints the commands that --help lists
commands() {
	"$CMM_ADMIN" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p'
}

# named FILE ARG...: runs cmm-admin, and checks that it fails and prints one line that names FILE. "cmm-admin check"
# prints this line on stdout. All other commands print it on stderr
named() {
	local file=$1 said
	shift
	run --separate-stderr "$CMM_ADMIN" "$@" --sysroot "$ROOT"
	echo "$*: status $status, output: $output, errors: $stderr"
	[ "$status" -ne 0 ]
	said=$stderr
	[ "$1" != check ] || said="$stderr$output"
	[ "$(wc -l <<<"$said")" -eq 1 ]
	[[ $said == "cmm-admin: "*"$file"* || $said == "CMM UNKNOWN - "*"$file"* ]]
}

# unwritable FILE ARG...: runs cmm-admin while no file can grow beyond 1 KiB. Checks that cmm-admin fails, names FILE in
# the message, and leaves neither FILE nor a temporary file
unwritable() {
	local file=$1
	shift
	run limited 1 "$@" --sysroot "$ROOT"
	[ "$status" -eq 1 ]
	[[ $output == *"$file: File too large" ]]
	[ -z "$(find "${file%/*}" -name "${file##*/}*")" ]
}

@test "--help of each command shows its usage, an example and the statuses" {
	local command
	for command in $(commands); do
		run "$CMM_ADMIN" "$command" --help
		echo "$command: $output"
		[[ $output == "Usage: cmm-admin $command"* ]]
		[[ $output == *$'\nExamples:\n  cmm-admin '* ]]
		if [ "$command" = check ]; then
			[ "$status" -eq 3 ]
		else
			[ "$status" -eq 0 ]
			[[ $output == *'not permitted'* ]]
		fi
	done
}

# in_manual ADDRESS: prints the lines of the manual page that ADDRESS selects. ADDRESS is an address of sed
in_manual() {
	sed -n "$1p" "$BATS_TEST_DIRNAME/../../tools/man/cmm-admin.8"
}

@test "cmm-admin(8) has the options and an example of each command" {
	local command option section common
	common=$(in_manual '1,/^\.Sh COMMANDS/')
	for command in $(commands); do
		grep -q "^\.It Cm $command Ta " <<<"$common"
		section=$(in_manual "/^\.Ss $command\$/,/^The status/")
		grep -q "^# cmm-admin" <<<"$section"
		grep -q "^The status" <<<"$section"
		for option in $("$CMM_ADMIN" "$command" --help | sed -nE 's/^ +-[a-zA-Z], --([a-z-]+).*/\1/p'); do
			echo "$command --$option"
			grep -qE "Fl Fl $option( |\$)" <<<"$section$common"
		done
	done
}

# Each line of the list has a file of the tree, and the commands that read this file.
@test "each command names a file whose value is not a number" {
	local file commands command words
	put "$FIXTURE_PARAMETERS" simulate Y
	put "$FIXTURE_DEVICE" simulate_loan_target_kb 262144
	while IFS=: read -r file commands; do
		cp "$ROOT/$file" "$BATS_TEST_TMPDIR/good"
		echo junk >"$ROOT/$file"
		IFS=, read -ra commands <<<"$commands"
		for command in "${commands[@]}"; do
			read -ra words <<<"$command"
			named "${file##*/}" "${words[@]}"
		done
		cp "$BATS_TEST_TMPDIR/good" "$ROOT/$file"
	done <<-EOF
		sys/devices/system/cmm/cmm0/loaned_kb:report,check,metrics,monitor -c 1,wait,disable,loan 1M
		sys/devices/system/cmm/cmm0/loaned_target_kb:report,check,metrics,monitor -c 1,wait,loan 1M
		sys/devices/system/cmm/cmm0/oom_freed_kb:report,check,metrics,monitor -c 1,reset-oom
		sys/devices/system/cmm/cmm0/simulate_loan_target_kb:loan +1M
		sys/module/cmm/parameters/disable:report,check,metrics,loan 1M
		proc/meminfo:report,check,metrics,monitor -c 1,loan 1M
	EOF
}

@test "a file that could be written only in part is removed" {
	mkdir "$BATS_TEST_TMPDIR/out"
	unwritable "$BATS_TEST_TMPDIR/out/cmm.prom" metrics --output "$BATS_TEST_TMPDIR/out/cmm.prom"
	unwritable "$BATS_TEST_TMPDIR/out/report.txt" doctor --report "$BATS_TEST_TMPDIR/out/report.txt"
}

# The library replaces fsync(), and sends the signal there, because the temporary file exists at that moment.
@test "a signal while a file is written leaves no temporary file" {
	local dir=$BATS_TEST_TMPDIR/out
	mkdir "$dir"
	gcc -shared -fPIC -o "$BATS_TEST_TMPDIR/signal.so" -x c - <<-'END'
		#include <signal.h>
		int fsync(int fd) { return raise(SIGTERM); }
	END
	LD_PRELOAD=$BATS_TEST_TMPDIR/signal.so run -143 "$CMM_ADMIN_PLAIN" metrics -o "$dir/cmm.prom" --sysroot "$ROOT"
	[ "$(ls "$dir")" = cmm.prom ]
	run -1 limited 0 metrics -o "$dir/cmm.prom" --sysroot "$ROOT"
	[[ $output == *"$dir/cmm.prom: File too large" ]]
	[ -z "$(ls "$dir")" ]
}

# cmm-admin cannot sync a directory that the user may not read. But cmm-admin must still write the file.
@test "metrics -o and doctor -R write to a directory that cannot be read" {
	local dir=$BATS_TEST_TMPDIR/out as_user=()
	mkdir -m 300 "$dir"
	if [ "$(id -u)" -eq 0 ]; then
		as_user=(setpriv --reuid=65534 --bounding-set=-all --clear-groups)
		chown 65534 "$dir"
		chmod 755 "$BATS_TEST_TMPDIR" "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR"
	fi
	run -0 "${as_user[@]}" "$CMM_ADMIN" metrics -o "$dir/cmm.prom" --sysroot "$ROOT"
	[ -z "$output" ]
	run -0 "${as_user[@]}" "$CMM_ADMIN" doctor -R "$dir/report.txt" --sysroot "$ROOT"
	[ -z "$output" ]
	chmod 700 "$dir"
	[ "$(ls "$dir")" = $'cmm.prom\nreport.txt' ]
}

@test "a path that is too long is reported as an error" {
	run -1 "$CMM_ADMIN" metrics --output "/$(printf 'x/%.0s' {1..2046})" --sysroot "$ROOT"
	[[ $output == *": File name too long" ]]
}

@test "cmm-admin loan refuses 101 % and a result beyond 64 bits as wrong usage" {
	put "$FIXTURE_PARAMETERS" simulate Y
	put "$FIXTURE_DEVICE" simulate_loan_target_kb 18446744073709551615
	fails 2 "'101%' is not a whole number of percent from 0 to 100" loan 101%
	fails 2 "'x%' is not a whole number of percent" loan x%
	fails 2 "'+1' is too large" loan +1
	admin 0 loan -1
	holds "$FIXTURE_DEVICE/simulate_loan_target_kb" 18446744073709551614
	put "$FIXTURE_DEVICE" simulate_loan_target_kb 1024
	admin 0 loan -1M
	admin 0 loan -1M
	holds "$FIXTURE_DEVICE/simulate_loan_target_kb" 0
}

@test "cmm-admin disable fails with a message if the driver is unloaded" {
	rm "$FIXTURE_PARAMETERS/disable"
	mkfifo "$FIXTURE_PARAMETERS/disable"
	# A full pipe replaces the file of the parameter "disable". So a write blocks, as it does while the driver returns
	# memory.
	exec 7<>"$FIXTURE_PARAMETERS/disable"
	head -c 65536 /dev/zero >&7
	(sleep 0.7 && rm -r "$FIXTURE_DEVICE") 3>&- 7>&- &
	# "cmm-admin disable" without --timeout ends only because the driver disappears.
	run -3 timeout 20 "$CMM_ADMIN" disable --sysroot "$ROOT"
	[[ $output == *"loaned_kb: the driver has gone" ]]
}

@test "loan --wait fails with a message if the driver is unloaded meanwhile" {
	put "$FIXTURE_PARAMETERS" simulate Y
	put "$FIXTURE_DEVICE" simulate_loan_target_kb 262144 loaned_target_kb 524288
	(sleep 0.7 && rm -r "$FIXTURE_DEVICE") 3>&- &
	admin 3 loan 512M --wait --timeout 10
	[[ $errors == *": the driver has gone" ]]
}

@test "a directory in place of a file is reported in one line" {
	local file words
	while IFS=: read -r file words; do
		rm -rf "${ROOT:?}/$file"
		mkdir -p "$ROOT/$file"
		read -ra words <<<"$words"
		named "${file##*/}" "${words[@]}"
		rmdir "$ROOT/$file"
		[ "$file" = proc/powerpc/lparcfg ] || fixture
	done <<-EOF
		proc/meminfo:report
		proc/powerpc/lparcfg:report
		proc/sys/kernel/osrelease:report
		sys/devices/system/cmm/cmm0/state:report
	EOF
}

@test "a command after an option is refused; the message says the right order" {
	fails 2 "unexpected argument 'get'; a command must come before the options" -J get
	fails 2 "unexpected argument 'set'; a command must come before the options" --sysroot "$ROOT" set delay=5
	fails 2 "unexpected argument 'got'" -J got
	[[ $errors != *"before the options"* ]]
}

@test "a --sysroot that is not a directory is refused" {
	run -2 --separate-stderr "$CMM_ADMIN" get --sysroot /etc/passwd
	[[ $stderr == *"--sysroot '/etc/passwd': Not a directory; a directory with sys and proc is needed" ]]
}

# Each line of the list has a mistyped word, the command line, and the name that must be suggested.
@test "for a mistyped name, the most similar name is suggested" {
	local word line hint words
	while IFS=: read -r word line hint; do
		read -ra words <<<"$line"
		fails 2 "'$word'; is '$hint' meant?" "${words[@]}"
	done <<-EOF
		rapport:rapport:report
		diasble:diasble:disable
		mon:mon:monitor
		reset:reset:reset-oom
		Report:Report:report
		DELAY:get DELAY:delay
		oom:get oom:oom_kb
		loaned:get loaned:loaned_kb
		dealy:set dealy=5:delay
		min_avial_mb:set min_avial_mb=5:min_avail_mb
		--jsn:report --jsn:--json
		--ouput:report --ouput:--output
		VLAUE:get -o NAME,VLAUE:VALUE
	EOF
}

@test "for a mistyped name, all names are listed if no name is similar" {
	local word line words
	while IFS=: read -r word line; do
		read -ra words <<<"$line"
		fails 2 "'$word'; known: " "${words[@]}"
	done <<-EOF
		foo:foo
		list:list
		status:status
		re:re
		r:r
		abc:get abc
		min_:get min_
		free:set free=1
		--foo:report --foo
		--version:report --version
		--yes:report --yes
		-x:report -x
		ABC:get -o NAME,ABC
	EOF
	fails 2 "unknown command ''; known: " ''
	fails 2 "unknown command '$(printf 'x%.0s' {1..64})'; known: " "$(printf 'x%.0s' {1..9999})"
}

# ends ARG...: runs cmm-admin, and checks that it ends within 20 s. The tests below call this function hundreds of
# times, so it uses a build without sanitizers, because that build is faster.
ends() {
	local ended=0
	timeout 20 "$CMM_ADMIN_PLAIN" "$@" --sysroot "$ROOT" >/dev/null 2>&1 || ended=$?
	[ "$ended" -ne 124 ] || {
		echo "$* waits"
		return 1
	}
}

@test "no command hangs if a file that it reads is a pipe" {
	local release file
	cp -r "$BATS_TEST_DIRNAME/machines/captured/p9/." "$ROOT"
	release=$(cat "$ROOT/proc/sys/kernel/osrelease")
	fixture_module 0123456789ABCDEF "$release"
	mkdir -p "$ROOT"/{boot,etc/cmm/cmm.conf.d,proc/pressure}
	touch "$ROOT/boot/config-$release" "$ROOT"/etc/cmm/{cmm.conf,cmm.conf.d/50-cmm-admin.conf} \
		"$ROOT/proc/pressure/memory"
	while read -r file; do
		echo "$file"
		mv "$file" "$BATS_TEST_TMPDIR/good"
		mkfifo "$file"
		ends check
		ends metrics
		ends report
		ends get
		ends monitor -c 1
		ends doctor
		ends doctor --report "$BATS_TEST_TMPDIR/bundle"
		ends wait --timeout 0.1
		ends apply
		rm "$file"
		mv "$BATS_TEST_TMPDIR/good" "$file"
	done < <(find "$ROOT" -type f)
}

@test "no command hangs if a file that it writes is a pipe" {
	local parameters=$ROOT/sys/module/cmm/parameters
	rm "$parameters/disable"
	mkfifo "$parameters/disable"
	ends disable
	fails 1 "disable: No such device or address" disable
	fails 1 "disable: it is not a regular file" enable
	fails 1 "disable: it is not a regular file" set disable=1
}

@test "a pipe in place of a file is reported in one line" {
	rm "$FIXTURE_PARAMETERS/delay" "$FIXTURE_DEVICE/loaned_kb"
	mkfifo "$FIXTURE_PARAMETERS/delay" "$FIXTURE_DEVICE/loaned_kb"
	ends metrics
	fails 1 "parameters/delay: it is not a regular file" get delay
	fails 1 "loaned_kb: it is not a regular file" metrics
	fixture
	rm "$ROOT/proc/meminfo"
	mkfifo "$ROOT/proc/meminfo"
	fails 1 "meminfo: it is not a regular file" monitor
	rm "$ROOT/proc/meminfo"
	fixture
	fixture_module 0123456789ABCDEF 6.1.0-fixture
	rm "$ROOT/lib/modules/6.1.0-fixture/modules.dep.bin"
	mkfifo "$ROOT/lib/modules/6.1.0-fixture/modules.dep.bin"
	fails 1 "modules.dep.bin: it is not a regular file" report
}
