#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154  # admin() sets errors
# The configuration files: cmm-admin apply reads these files, and cmm-admin set --persist writes one of them

bats_require_minimum_version 1.5.0
load ../lib/cli

setup() {
	fixture
	CONF=$ROOT/etc/cmm
	mkdir -p "$CONF/cmm.conf.d" "$ROOT/usr/lib/cmm/cmm.conf.d"
}

# config FILE LINE...: writes each LINE to FILE in the tree's /etc/cmm
config() {
	local file=$CONF/$1
	shift
	printf '%s\n' "$@" >"$file"
}

# bad_file MESSAGE: checks that apply reports MESSAGE for 40-bad.conf, and still applies the other files
bad_file() {
	put "$FIXTURE_PARAMETERS" delay 1 oom_kb 1024 hotplug_delay 5
	admin 64 apply
	[ "$(wc -l <<<"$errors")" -eq 1 ]
	[[ $errors == *"40-bad.conf"*"$1"* ]]
	[ "$output" = $'delay: 1 s -> 3 s\nhotplug_delay: 5 s -> 7 s\noom_kb: 1 MiB -> 77 KiB' ]
}

@test "apply changes nothing without a configuration" {
	admin 0 apply
	[ -z "$output" ]
	rm -r "${ROOT:?}/etc"
	admin 0 apply
}

@test "apply sets the configured values, and a second run changes nothing" {
	config cmm.conf '# a comment' '[parameters]' 'delay = 3' 'oom_kb=64M ; another' 'min_mem_mb: 1GiB'
	admin 0 apply
	[ "$output" = $'delay: 1 s -> 3 s\noom_kb: 1 MiB -> 64 MiB\nmin_mem_mb: 256 MiB -> 1 GiB' ]
	holds "$FIXTURE_PARAMETERS/oom_kb" 65536
	admin 0 apply
	[ -z "$output" ]
}

@test "apply --dry-run prints the changes and writes nothing" {
	config cmm.conf '[parameters]' 'delay = 3'
	admin 0 apply --dry-run
	[ "$output" = "delay: 1 s -> 3 s (not changed: a dry run)" ]
	holds "$FIXTURE_PARAMETERS/delay" 1
}

@test "apply: later files override, and /etc hides same-named files of /usr/lib" {
	printf '[parameters]\ndelay=2\noom_kb=2\n' >"$ROOT/usr/lib/cmm/cmm.conf"
	config cmm.conf '[parameters]' 'oom_kb=3' 'debug=1'
	config cmm.conf.d/20-b.conf '[parameters]' 'hotplug_delay=20'
	printf '[parameters]\nhotplug_delay=30\n' >"$ROOT/usr/lib/cmm/cmm.conf.d/30-c.conf"
	printf '[parameters]\nmin_mem_mb=99\n' >"$ROOT/usr/lib/cmm/cmm.conf.d/20-b.conf"
	config cmm.conf.d/ignored '[parameters]' 'delay=77'
	config cmm.conf.d/.hidden.conf '[parameters]' 'delay=78'
	admin 0 apply
	holds "$FIXTURE_PARAMETERS/delay" 2
	holds "$FIXTURE_PARAMETERS/oom_kb" 3
	holds "$FIXTURE_PARAMETERS/debug" 1
	holds "$FIXTURE_PARAMETERS/hotplug_delay" 30
	holds "$FIXTURE_PARAMETERS/min_mem_mb" 256
}

@test "in-tree driver: apply uses [other-driver], skips parameters it lacks" {
	config cmm.conf '[parameters]' 'min_avail_mb = 512' 'oom_kb = 64M' '[other-driver]' 'oom_kb = 0'
	admin 0 apply
	holds "$FIXTURE_PARAMETERS/oom_kb" 65536
	fixture_in_tree
	config cmm.conf '[parameters]' 'min_avail_mb = 512' 'oom_kb = 64M' '[other-driver]' 'oom_kb = 0'
	admin 0 apply
	[ "$output" = $'min_avail_mb: skipped, this driver has no such parameter\noom_kb: 1 MiB -> 0 KiB' ]
	holds "$FIXTURE_PARAMETERS/oom_kb" 0
}

@test "the packages' cmm.conf sets oom_kb of our driver, not of the in-tree one" {
	cp "$BATS_TEST_DIRNAME/../../udev/cmm.conf" "$CONF/cmm.conf"
	admin 0 apply
	holds "$FIXTURE_PARAMETERS/oom_kb" 65536
	fixture_in_tree
	cp "$BATS_TEST_DIRNAME/../../udev/cmm.conf" "$CONF/cmm.conf"
	admin 0 apply
	holds "$FIXTURE_PARAMETERS/oom_kb" 1024
}

@test "apply reports the line number of a fault in cmm.conf, and writes nothing" {
	local line
	for line in 'delai = 3' 'oom_kb = 3 potatoes' 'oom_kb' 'loaned_kb = 3' 'simulate = 1' \
		'oom_freed_kb = 0' 'delay = ' "delay = $(printf '%0300d' 5)" '[' '  delai = 4'; do
		echo "line '$line'"
		config cmm.conf '[parameters]' 'hotplug_delay = 9' "$line"
		fails 1 "/etc/cmm/cmm.conf:3: " apply
		holds "$FIXTURE_PARAMETERS/hotplug_delay" 5
	done
	config cmm.conf '[parameters]' 'potato = 9'
	fails 1 "cmm.conf:2: unknown name 'potato'; known: delay " apply
	[[ $errors == *" debug disable" ]]
	config cmm.conf 'delay = 9'
	fails 1 "cmm.conf:1: a value above the first line [parameters] or [other-driver]" apply
	printf '[parameters]\ndelay = 9\0\n' >"$CONF/cmm.conf"
	fails 1 "cmm.conf:2: " apply
	holds "$FIXTURE_PARAMETERS/delay" 1
}

@test "apply names the line of a wrong section, and suggests the likely name" {
	local line
	for line in '[Parameters]' '[parameter]' '[parameters ]'; do
		config cmm.conf '# a comment' "$line" 'delay = 9'
		fails 1 "cmm.conf:2: unknown section '${line:1:-1}'; is 'parameters' meant?" apply
	done
	config cmm.conf '[potato]' 'delay = 9'
	fails 1 "cmm.conf:1: unknown section 'potato'; known: parameters other-driver" apply
	config cmm.conf 'parameters]' 'delay = 9'
	fails 1 "cmm.conf:1: the line is neither NAME = VALUE nor [SECTION]" apply
	holds "$FIXTURE_PARAMETERS/delay" 1
}

@test "apply ignores whitespace at the beginning of a line" {
	config cmm.conf '[parameters]' 'oom_kb = 77' '  delay = 4' $'\tdebug = 1'
	admin 0 apply
	[ "$output" = $'delay: 1 s -> 4 s\noom_kb: 1 MiB -> 77 KiB\ndebug: 0 -> 1' ]
	printf '[parameters]\noom_kb = 88\n\f delay = 5\n\v\tdebug = 0\n\r\n\rhotplug_delay = 6\n\r' >"$CONF/cmm.conf"
	admin 0 apply
	[ "$output" = $'delay: 4 s -> 5 s\nhotplug_delay: 5 s -> 6 s\noom_kb: 77 KiB -> 88 KiB\ndebug: 1 -> 0' ]
	printf '[parameters]\noom_kb = 77\n\f88\n' >"$CONF/cmm.conf"
	fails 1 "cmm.conf:3: the line is neither NAME" apply
	config cmm.conf '[parameters]' 'oom_kb = 77' '  88'
	fails 1 "cmm.conf:3: the line is neither NAME" apply
}

@test "apply refuses an incomplete last line, but not a missing last newline" {
	printf '[parameters]\ndelay = 3\noom_k' >"$CONF/cmm.conf"
	fails 1 "cmm.conf:3: the line is neither NAME = VALUE nor [SECTION]" apply
	printf '[parameters]\ndelay = 3' >"$CONF/cmm.conf"
	admin 0 apply
	holds "$FIXTURE_PARAMETERS/delay" 3
}

@test "apply refuses link loops, pipes, huge files, and world-writable files" {
	config cmm.conf '[parameters]' 'delay = 3'
	chmod o+w "$CONF/cmm.conf"
	fails 1 "all users may write to it" apply
	rm "$CONF/cmm.conf"
	ln -s cmm.conf "$CONF/cmm.conf"
	fails 1 "Too many levels of symbolic links" apply
	rm "$CONF/cmm.conf"
	mkfifo "$CONF/cmm.conf"
	fails 1 "it is not a regular file" apply
	rm "$CONF/cmm.conf"
	mkdir "$CONF/cmm.conf"
	fails 1 "it is not a regular file" apply
	rmdir "$CONF/cmm.conf"
	head -c 10M /dev/zero >"$CONF/cmm.conf"
	fails 1 "it is larger than 1 MiB" apply
	head -c 1M /dev/urandom >"$CONF/cmm.conf"
	fails 1 "cmm.conf:" apply
	holds "$FIXTURE_PARAMETERS/delay" 1
}

@test "apply reports a link to a file or directory that does not exist" {
	ln -s nowhere "$CONF/cmm.conf"
	fails 1 "/etc/cmm/cmm.conf: No such file" apply
	rm "$CONF/cmm.conf"
	rmdir "$CONF/cmm.conf.d"
	ln -s nowhere "$CONF/cmm.conf.d"
	fails 1 "/etc/cmm/cmm.conf.d: No such file" apply
	rm "$CONF/cmm.conf.d"
	ln -s nowhere "$ROOT/usr/lib/cmm/cmm.conf"
	fails 1 "/usr/lib/cmm/cmm.conf: No such file" apply
	rm -r "$ROOT/usr/lib/cmm/cmm.conf" "$CONF"
	ln -s nowhere "$CONF"
	admin 1 apply
	[[ $errors == *"/etc/cmm/cmm.conf: No such file"*"/etc/cmm/cmm.conf.d: No such file"* ]]
}

@test "apply exits with status 5 if it may not read a file" {
	config cmm.conf '[parameters]' 'delay = 3'
	chmod 0 "$CONF/cmm.conf"
	not_permitted apply
	[[ $output == *"cmm.conf: Permission denied" ]]
}

@test "apply --config FILE reads only FILE, which must exist" {
	config cmm.conf '[parameters]' 'delay = 3'
	printf '[parameters]\noom_kb = 1M\ndebug = 1\n' >"$ROOT/other.conf"
	admin 0 apply --config "$ROOT/other.conf"
	[ "$output" = "debug: 0 -> 1" ]
	fails 1 "/nonexistent: No such file" apply --config /nonexistent
	run -2 "$CMM_ADMIN" apply --config
}

@test "set --persist sets a value and stores it, and apply sets it again" {
	admin 0 set --persist oom_kb=64M min_avail_mb=512M
	[ "${lines[0]-}" = "" ]
	[ "$(tail -n 1 <<<"$output")" = "saved in $CONF/cmm.conf.d/50-cmm-admin.conf" ]
	grep -qx 'oom_kb = 65536' "$CONF/cmm.conf.d/50-cmm-admin.conf"
	[ "$(ls "$CONF/cmm.conf.d")" = $'50-cmm-admin.conf\n50-cmm-admin.conf.lock' ]
	[ "$(stat -c %a "$CONF/cmm.conf.d/50-cmm-admin.conf")" = 644 ]
	put "$FIXTURE_PARAMETERS" oom_kb 1024 min_avail_mb 0
	admin 0 set --persist delay=5
	admin 0 apply
	[ "$output" = $'oom_kb: 1 MiB -> 64 MiB\nmin_avail_mb: 0 MiB -> 512 MiB' ]
}

@test "set --persist stores a percentage, and apply computes the size" {
	admin 0 set --persist min_avail_mb=5%
	[ "$(head -n 1 <<<"$output")" = "min_avail_mb: 0 MiB -> 102 MiB" ]
	grep -qx 'min_avail_mb = 5%' "$CONF/cmm.conf.d/50-cmm-admin.conf"
	sed -i 's/^MemTotal:.*/MemTotal: 3932160 kB/' "$ROOT/proc/meminfo"
	admin 0 apply
	[ "$output" = "min_avail_mb: 102 MiB -> 204 MiB" ]
	admin 0 apply
	[ -z "$output" ]
	config cmm.conf.d/60-mine.conf '[parameters]' 'min_avail_mb = 5'
	admin 0 set --persist min_avail_mb=5%
	[[ $errors == *"saved min_avail_mb, but "*"60-mine.conf:2 overrides it with 5 MiB" ]]
	config cmm.conf.d/60-mine.conf '[parameters]' 'min_avail_mb = 6%'
	admin 0 set --persist min_avail_mb=6
	[[ $errors == *"saved min_avail_mb, but "*"60-mine.conf:2 overrides it with 6%" ]]
}

@test "apply names the file and line of a wrong percentage" {
	local line
	config cmm.conf '[parameters]' 'min_mem_mb = 101%'
	fails 1 "/etc/cmm/cmm.conf:2: min_mem_mb '101%' is too large" apply
	for line in 'min_mem_mb = x%' 'min_avail_mb = %' 'min_mem_mb = 5.5%'; do
		echo "line '$line'"
		config cmm.conf '[parameters]' "$line"
		fails 1 "/etc/cmm/cmm.conf:2: ${line% = *} '${line#* = }' is not a whole number of percent" apply
	done
	config cmm.conf '[parameters]' 'oom_kb = 5%'
	fails 1 "/etc/cmm/cmm.conf:2: oom_kb '5%' is not a size" apply
}

@test "set --persist makes the directories that its file needs" {
	rm -r "$CONF"
	admin 0 set --persist delay=5
	[ -e "$CONF/cmm.conf.d/50-cmm-admin.conf" ]
}

@test "set --persist warns of a file that overrides the value" {
	config cmm.conf.d/60-mine.conf '[parameters]' 'delay = 9'
	admin 0 set --persist delay=5
	[[ $errors == *"saved delay, but $CONF/cmm.conf.d/60-mine.conf:2 overrides it with 9 s" ]]
}

@test "set --persist changes nothing if the value cannot be stored" {
	fails 2 "oom_freed_kb is not a parameter and cannot be saved" set --persist delay=5 oom_freed_kb=0
	mkdir -p "$ROOT/etc/cmm/cmm.conf.d"
	touch "$ROOT/etc/cmm/elsewhere"
	ln -s ../elsewhere "$ROOT/etc/cmm/cmm.conf.d/50-cmm-admin.conf"
	fails 1 "50-cmm-admin.conf: it exists and is not a regular file" set --persist delay=5
	rm -r "${ROOT:?}/etc"
	fails 1 "etc/cmm: No such file" set --persist delay=5
	mkdir -p "$CONF"
	touch "$CONF/cmm.conf.d"
	fails 1 "50-cmm-admin.conf.lock: Not a directory" set --persist delay=5
	holds "$FIXTURE_PARAMETERS/delay" 1
}

@test "set --persist saves nothing if a value could not be set, and says so" {
	on_open parameters/oom_kb 'if (flags & 3) { errno = EIO; return -1; }'
	LD_PRELOAD=$SHIM run -64 "$CMM_ADMIN_PLAIN" set --persist delay=3 oom_kb=5 --sysroot "$ROOT"
	[[ $output == *"not all values could be set, so none was saved"* ]]
	holds "$FIXTURE_PARAMETERS/delay" 3
	[ ! -e "$CONF/cmm.conf.d/50-cmm-admin.conf" ]
}

# bats test_tags=slow
@test "set --persist gives up after 10 s if another process has the lock" {
	mkdir -p "$CONF/cmm.conf.d"
	touch "$CONF/cmm.conf.d/50-cmm-admin.conf.lock"
	exec 4<"$CONF/cmm.conf.d/50-cmm-admin.conf.lock"
	flock 4
	fails 4 "another process has locked $CONF/cmm.conf.d/50-cmm-admin.conf.lock for 10 s" set --persist delay=5
	holds "$FIXTURE_PARAMETERS/delay" 1
}

@test "set --persist refuses to replace its own file if a line is wrong" {
	config cmm.conf.d/50-cmm-admin.conf '[parameters]' 'delai = 3'
	fails 1 "50-cmm-admin.conf:2: " set --persist delay=5
	holds "$CONF/cmm.conf.d/50-cmm-admin.conf" $'[parameters]\ndelai = 3'
}

@test "set --persist stores the value even if another file has a wrong line" {
	config cmm.conf '[parameters]' 'delai = 3'
	admin 0 set --persist delay=5
	[[ $errors == *"cmm.conf:2: "* ]]
	grep -qx 'delay = 5' "$CONF/cmm.conf.d/50-cmm-admin.conf"
}

@test "apply reports the line number of a fault in the vendor's cmm.conf" {
	printf '[parameters]\ndelai = 3\n' >"$ROOT/usr/lib/cmm/cmm.conf"
	fails 1 "/usr/lib/cmm/cmm.conf:2: " apply
}

@test "in-tree driver: set --persist saves the value in [other-driver]" {
	fixture_in_tree
	config cmm.conf '[parameters]' 'oom_kb = 64M' '[other-driver]' 'oom_kb = 1024'
	admin 0 set --persist oom_kb=0
	[ -z "$errors" ]
	echo 1024 >"$FIXTURE_PARAMETERS/oom_kb"
	admin 0 apply
	[ "$(cat "$FIXTURE_PARAMETERS/oom_kb")" -eq 0 ]
	grep -A1 -Fx '[other-driver]' "$CONF/cmm.conf.d/50-cmm-admin.conf" | grep -qx 'oom_kb = 0'
}

@test "set --persist in two processes at once: both values are stored" {
	for _ in 1 2 3 4 5 6 7 8; do
		rm -rf "${CONF:?}"/cmm.conf.d
		"$CMM_ADMIN" set --persist oom_kb=4M --sysroot "$ROOT" 3>&- &
		"$CMM_ADMIN" set --persist delay=9 --sysroot "$ROOT" 3>&-
		wait
		[ "$(grep -c -E '^(oom_kb = 4096|delay = 9)$' "$CONF/cmm.conf.d/50-cmm-admin.conf")" -eq 2 ]
	done
}

# All users can open the directory and the saved file, and can therefore lock them.
@test "set --persist does not wait for a lock that any user can take" {
	local file=$CONF/cmm.conf.d/50-cmm-admin.conf
	admin 0 set --persist delay=5
	flock -s "$CONF/cmm.conf.d" flock -s "$file" timeout 20 "$CMM_ADMIN" set --persist delay=6 --sysroot "$ROOT" 3>&-
	grep -qx 'delay = 6' "$file"
	[ "$(stat -c %a "$file.lock")" = 600 ]
}

# The exit status of timeout is 124 if it ended the command.
@test "set --persist writes no value while another process saves settings" {
	local lock=$CONF/cmm.conf.d/50-cmm-admin.conf.lock
	run -124 flock "$lock" timeout 1 "$CMM_ADMIN" set --persist delay=5 --sysroot "$ROOT"
	holds "$FIXTURE_PARAMETERS/delay" 1
	mkdir "$BATS_TEST_TMPDIR/elsewhere"
	ln -sf "$BATS_TEST_TMPDIR/elsewhere" "$lock"
	fails 1 "cannot lock $lock: Too many levels of symbolic links" set --persist delay=5
	holds "$FIXTURE_PARAMETERS/delay" 1
}

@test "set --persist makes directories that all can read, under any umask" {
	rm -r "$CONF"
	(umask 077 && "$CMM_ADMIN" set --persist delay=5 --sysroot "$ROOT")
	[ "$(stat -c %a "$CONF" "$CONF/cmm.conf.d" | xargs)" = "755 755" ]
}

@test "set --persist makes no directory if no driver is loaded" {
	rm -r "$CONF" "$FIXTURE_DEVICE"
	fails 3 "no cmm driver here" set --persist delay=5
	[ ! -e "$CONF" ]
}

@test "set --persist --dry-run neither sets nor stores a value" {
	admin 0 set --persist --dry-run delay=5
	[ -z "$(ls "$CONF/cmm.conf.d")" ]
	holds "$FIXTURE_PARAMETERS/delay" 1
}

@test "apply: a link to /dev/null masks a file, and the others are applied" {
	printf '[parameters]\ndelay = 9\n' >"$ROOT/usr/lib/cmm/cmm.conf.d/20-vendor.conf"
	printf '[parameters]\nhotplug_delay = 9\n' >"$ROOT/usr/lib/cmm/cmm.conf.d/30-vendor.conf"
	ln -s /dev/null "$CONF/cmm.conf.d/20-vendor.conf"
	ln -s ../../../../../../../../../../../../dev/null "$CONF/cmm.conf.d/40-mine.conf"
	ln -s /dev/null "$CONF/cmm.conf"
	: >"$CONF/cmm.conf.d/30-vendor.conf"
	config cmm.conf.d/50-mine.conf '[parameters]' 'oom_kb = 77'
	admin 0 apply
	[ "$output" = "oom_kb: 1 MiB -> 77 KiB" ]
	[ -z "$errors" ]
	admin 0 apply --config /dev/null
	ln -sf /dev/zero "$CONF/cmm.conf.d/40-mine.conf"
	admin 64 apply
	[[ $errors == *"40-mine.conf: it is not a regular file" ]]
}

@test "apply accepts long comments, and comments after a value" {
	local long
	long=$(printf 'x%.0s' {1..300})
	config cmm.conf "# $long" "   ; $long" "#$long" '[parameters] ; here' "delay = 3 ; $long" "oom_kb = 77 # $long" \
		"debug = 1$(printf ' %.0s' {1..300})" "$(printf ' %.0s' {1..300})hotplug_delay = 4"
	printf '# no newline %s' "$long" >>"$CONF/cmm.conf"
	admin 0 apply
	[ "$output" = $'delay: 1 s -> 3 s\nhotplug_delay: 5 s -> 4 s\noom_kb: 1 MiB -> 77 KiB\ndebug: 0 -> 1' ]
	config cmm.conf '[parameters]' "# $long" "delai = 3 # $long"
	fails 1 "cmm.conf:3: unknown name 'delai'" apply
}

@test "apply accepts CRLF line ends and a byte order mark" {
	printf '\xef\xbb\xbf[parameters]\r\ndelay = 3\r\n# \xe4 comment\r\n\r\noom_kb = 64M ; \xff\r\n' >"$CONF/cmm.conf"
	admin 0 apply
	[ "$output" = $'delay: 1 s -> 3 s\noom_kb: 1 MiB -> 64 MiB' ]
}

@test "apply accepts a long comment after a byte order mark" {
	printf '\xef\xbb\xbf# %0300d\n[parameters]\ndelay = 3\n' 0 >"$CONF/cmm.conf"
	admin 0 apply
	[ "$output" = "delay: 1 s -> 3 s" ]
	printf '\xef\xbb\xbf' >"$CONF/cmm.conf"
	admin 0 apply
}

@test "apply names the line of a section without ]" {
	config cmm.conf '[parameters' 'delay = 5'
	fails 1 "cmm.conf:1: the line lacks the ] of [SECTION]" apply
	config cmm.conf '[parameters]' 'delay = 5' '[other-driver # comment ]' 'delay = 6'
	fails 1 "cmm.conf:3: the line lacks the ] of [SECTION]" apply
	holds "$FIXTURE_PARAMETERS/delay" 1
}

@test "apply refuses text after a section, and carriage returns in a line" {
	config cmm.conf '' '[parameters] delay = 5'
	fails 1 "cmm.conf:2: the line has text after [SECTION]" apply
	printf '[parameters]\rdelay = 5\r' >"$CONF/cmm.conf"
	fails 1 "cmm.conf:1: the line contains a carriage return; lines must end with a line feed" apply
	printf '[parameters]\n# comment\rdelay = 5\r' >"$CONF/cmm.conf"
	fails 1 "cmm.conf:2: the line contains a carriage return" apply
	printf '[parameters]\ndelay = 5\0\n' >"$CONF/cmm.conf"
	fails 1 "cmm.conf:2: the line contains a zero byte" apply
	holds "$FIXTURE_PARAMETERS/delay" 1
}

@test "apply: a file with a fault gives status 64; the others are applied" {
	local bad=$CONF/cmm.conf.d/40-bad.conf
	config cmm.conf '[parameters]' 'delay = 3'
	printf '[parameters]\noom_kb = 77\n' >"$ROOT/usr/lib/cmm/cmm.conf"
	config cmm.conf.d/50-mine.conf '[parameters]' 'hotplug_delay = 7'
	config cmm.conf.d/40-bad.conf '[parameters]' 'debug = 1' 'delai = 9'
	bad_file ":3: unknown name"
	holds "$FIXTURE_PARAMETERS/debug" 0
	config cmm.conf.d/40-bad.conf 'potato'
	bad_file ":1: the line is neither NAME"
	config cmm.conf.d/40-bad.conf '[parameters]' "delay = $(printf '%0300d' 5)"
	bad_file ":2: the line is too long"
	chmod o+w "$bad"
	bad_file "all users may write to it"
	rm "$bad"
	ln -s nowhere "$bad"
	bad_file "No such file"
	ln -sf 40-bad.conf "$bad"
	bad_file "Too many levels"
	rm "$bad"
	mkfifo "$bad"
	bad_file "it is not a regular file"
	rm "$bad"
	mkdir "$bad"
	bad_file "it is not a regular file"
}

@test "apply reports each faulty file, and a cmm.conf.d that is no directory" {
	config cmm.conf '[parameters]' 'delai = 3'
	config cmm.conf.d/10.conf '[parameters]' 'delay = x'
	config cmm.conf.d/20.conf '[parameters]' 'delay = 3'
	admin 64 apply
	[ "$(wc -l <<<"$errors")" -eq 2 ]
	holds "$FIXTURE_PARAMETERS/delay" 3
	rm -r "$CONF/cmm.conf.d"
	touch "$CONF/cmm.conf.d"
	config cmm.conf '[parameters]' 'oom_kb = 77'
	admin 64 apply
	[[ $errors == *"cmm.conf.d: Not a directory" ]]
	holds "$FIXTURE_PARAMETERS/oom_kb" 77
}

@test "apply accepts the example in the manual page cmm.conf(5)" {
	sed -n '/^\.Sh EXAMPLES/,/^\.Ed/{/^\./d;p}' "$BATS_TEST_DIRNAME/../../tools/man/cmm.conf.5" |
		sed 1d >"$BATS_TEST_TMPDIR/example.conf"
	admin 0 apply --config "$BATS_TEST_TMPDIR/example.conf"
	[ "$output" = $'delay: 1 s -> 5 s\noom_kb: 1 MiB -> 256 MiB\nmin_mem_mb: 256 MiB -> 28 GiB\nmin_avail_mb: 0 MiB -> 4 GiB' ]
	[ -z "$errors" ]
}
