#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The interface of the driver: attributes, parameters, statistics and tracepoints.

bats_require_minimum_version 1.5.0
load ../lib/guest
load ../lib/interface

setup_file() {
	load_driver
}

teardown_file() {
	unload_driver
}

EINVAL="Invalid argument"
ERANGE="Numerical result out of range"
EBADMSG="Bad message"
EPERM="Operation not permitted"

# check_uint PARAMETER DEFAULT: checks the mode of PARAMETER, that its default is DEFAULT, and that it accepts the same
# values as other parameters of the kernel's type uint
check_uint() {
	local file=$PARAMETERS/$1 initial=$2
	[ "$(mode_of "$file")" = 644 ]
	[ "$(cat "$file")" = "$initial" ]
	is_decimal_line "$file"
	accepts "$file" 7 7
	accepts "$file" 0x10 16
	accepts "$file" 010 8
	accepts "$file" +3 3
	accepts "$file" 4294967295 4294967295
	refuses "$file" 4294967296 "$ERANGE"
	refuses "$file" -1 "$EINVAL"
	refuses "$file" abc "$EINVAL"
	refuses "$file" 1x "$EINVAL"
	refuses "$file" "" "$EINVAL"
	accepts "$file" "$initial" "$initial"
}

@test "the device is cmm0 of the subsystem cmm" {
	[ "$(readlink -f /sys/bus/cmm/devices/cmm0)" = "$DEVICE" ]
	[ "$(readlink -f "$DEVICE/subsystem")" = /sys/bus/cmm ]
}

@test "the worker is the only thread named cmmthread" {
	[ "$(pgrep -c -x cmmthread)" -eq 1 ]
}

@test "loaned_kb has mode 0444, and is one decimal number, at first 0" {
	[ "$(mode_of "$DEVICE/loaned_kb")" = 444 ]
	[ "$(loaned)" -eq 0 ]
	is_decimal_line "$DEVICE/loaned_kb"
}

@test "loaned_target_kb has mode 0444, and is one decimal number, at first 0" {
	[ "$(mode_of "$DEVICE/loaned_target_kb")" = 444 ]
	[ "$(target)" -eq 0 ]
	is_decimal_line "$DEVICE/loaned_target_kb"
}

@test "oom_freed_kb has mode 0644, accepts 0, and refuses 1 with EBADMSG" {
	[ "$(mode_of "$OOM_FREED")" = 644 ]
	is_decimal_line "$OOM_FREED"
	accepts "$OOM_FREED" 0 0
	accepts "$OOM_FREED" 00 0
	refuses "$OOM_FREED" 1 "$EBADMSG"
	refuses "$OOM_FREED" 18446744073709551615 "$EBADMSG"
}

@test "oom_freed_kb: any write without CAP_SYS_ADMIN fails with EPERM" {
	local value
	for value in 0 1 abc; do
		run setpriv --bounding-set=-sys_admin bash -c "echo $value >$OOM_FREED"
		[ "$status" -ne 0 ]
		[[ $output == *"$EPERM" ]]
	done
}

# The in-tree driver shows the value in hexadecimal.
# bats test_tags=fails-in-tree
@test "simulate_loan_target_kb has mode 0644, shows decimal, accepts hex" {
	local file=$DEVICE/simulate_loan_target_kb
	[ "$(mode_of "$file")" = 644 ]
	[ "$(cat "$file")" = 0 ]
	is_decimal_line "$file"
	accepts "$file" 0x40 64
	refuses "$file" abc "$EINVAL"
	refuses "$file" -1 "$EINVAL"
	refuses "$file" "" "$EINVAL"
	refuses "$file" 18446744073709551616 "$ERANGE"
	accepts "$file" 0 0
}

@test "the parameter delay has mode 0644, default 1, and accepts 32-bit numbers" {
	check_uint delay 1
}

@test "hotplug_delay has mode 0644, default 5, and accepts 32-bit numbers" {
	check_uint hotplug_delay 5
}

@test "oom_kb has mode 0644, default 1024, and accepts 32-bit numbers" {
	check_uint oom_kb 1024
}

@test "the parameter debug has mode 0644, default 0, and accepts 32-bit numbers" {
	check_uint debug 0
}

@test "min_mem_mb has mode 0644, default 256, and accepts 64-bit numbers" {
	local file=$PARAMETERS/min_mem_mb
	[ "$(mode_of "$file")" = 644 ]
	[ "$(cat "$file")" = 256 ]
	is_decimal_line "$file"
	accepts "$file" 4294967296 4294967296
	accepts "$file" 0x200 512
	refuses "$file" 18446744073709551616 "$ERANGE"
	refuses "$file" -1 "$EINVAL"
	refuses "$file" junk "$EINVAL"
	accepts "$file" 256 256
}

@test "the parameter simulate has mode 0444, is Y, and can't be written" {
	[ "$(mode_of "$PARAMETERS/simulate")" = 444 ]
	[ "$(cat "$PARAMETERS/simulate")" = Y ]
	run bash -c "echo N >$PARAMETERS/simulate"
	[ "$status" -ne 0 ]
	[ "$(cat "$PARAMETERS/simulate")" = Y ]
}

@test "the parameter disable has mode 0644, and accepts only 0 and 1" {
	local file=$PARAMETERS/disable
	[ "$(mode_of "$file")" = 644 ]
	[ "$(cat "$file")" = 0 ]
	is_decimal_line "$file"
	accepts "$file" 1 1
	accepts "$file" 1 1
	accepts "$file" 0 0
	refuses "$file" 2 "$EINVAL"
	refuses "$file" 10 "$EINVAL"
}

@test "modinfo describes the parameters, and shows their types" {
	local name
	for name in $(interface_names P IN_TREE); do
		modinfo -F parm "$MODULE" | grep -q "^$name:."
	done
	for name in delay min_mem_mb; do
		modinfo -F parm "$MODULE" | grep -q "^$name:.*($(interface_type "$name"))\$"
	done
}

# bats test_tags=ours-only
@test "the parameters and their defaults are those of src/interface.h" {
	local name
	unload_driver
	# --config /dev/null ignores the options in /etc/modprobe.d/tests.conf.
	modprobe --config /dev/null "$MODULE" simulate=1
	is_equal parameters "$(cd "$PARAMETERS" && echo *)" "$(interface_names P | sort | xargs)"
	for name in $(interface_names P OURS); do
		is_equal "$name" "$(cat "$PARAMETERS/$name")" "$(interface_initial "$name")"
	done
	for name in $(interface_names P); do
		modinfo -F parm "$MODULE" | grep -q "^$name:.*($(interface_type "$name"))\$"
	done
	unload_driver
	load_driver
}

@test "loading without CMO fails with EOPNOTSUPP, and leaves nothing behind" {
	unload_driver
	run modprobe "$MODULE"
	[ "$status" -ne 0 ]
	[[ $output == *"Operation not supported" ]]
	[ ! -e "/sys/module/$MODULE" ]
	[ ! -e /sys/bus/cmm ]
	load_driver
}

@test "unloading leaves no module, bus, device or thread behind" {
	unload_driver
	[ ! -e "/sys/module/$MODULE" ]
	[ ! -e /sys/bus/cmm ]
	[ ! -e /sys/devices/system/cmm ]
	run ! pgrep -x cmmthread
	load_driver
}

@test "loading with parameters: each has the value that was given" {
	unload_driver
	load_driver delay=3 hotplug_delay=9 oom_kb=2048 min_mem_mb=300 disable=1
	[ "$(cat "$PARAMETERS"/{delay,hotplug_delay,oom_kb,min_mem_mb,disable} | xargs)" = "3 9 2048 300 1" ]
	unload_driver
	load_driver
}

# bats test_tags=ours-only
@test "our driver's version is higher than that of the in-tree driver" {
	[ "$(printf '%s\n' 1.0.0 "$(cat "/sys/module/$MODULE/version")" | sort -V | tail -n 1)" != 1.0.0 ]
}

# bats test_tags=ours-only
@test "min_avail_mb has mode 0644, default 0, and accepts 64-bit numbers" {
	local file=$PARAMETERS/min_avail_mb
	[ "$(mode_of "$file")" = 644 ]
	[ "$(cat "$file")" = 0 ]
	is_decimal_line "$file"
	accepts "$file" 0x40 64
	refuses "$file" 18446744073709551616 "$ERANGE"
	refuses "$file" -1 "$EINVAL"
	refuses "$file" junk "$EINVAL"
	accepts "$file" 0 0
}

# bats test_tags=ours-only
@test "loan_policy has mode 0644, default 1, and accepts 0, 1 and 2" {
	local file=$PARAMETERS/loan_policy
	[ "$(mode_of "$file")" = 644 ]
	[[ "$(modinfo -F parm "$MODULE")" == *"loan_policy:"*"default 1 "* ]]
	accepts "$file" 0 0
	accepts "$file" 1 1
	accepts "$file" 0x2 2
	refuses "$file" 3 "$EINVAL"
	refuses "$file" 4294967296 "$EINVAL"
	refuses "$file" -1 "$EINVAL"
	refuses "$file" junk "$EINVAL"
	accepts "$file" 2 2
}

# bats test_tags=ours-only
@test "loan_policy: loading with a wrong value fails" {
	unload_driver
	run load_driver loan_policy=3
	[ "$status" -ne 0 ]
	load_driver
}

# bats test_tags=ours-only
@test "the attribute state has mode 0444, and its value is one word" {
	[ "$(mode_of "$DEVICE/state")" = 444 ]
	[ "$(cat "$DEVICE/state")" = running ]
}

# bats test_tags=ours-only
@test "the directory stats has a file of mode 0444 for each counter" {
	local name
	is_equal counters "$(cd "$DEVICE/stats" && echo *)" "$(interface_names S | sort | xargs)"
	for name in $(interface_names S); do
		[ "$(mode_of "$DEVICE/stats/$name")" = 444 ]
		is_decimal_line "$DEVICE/stats/$name"
	done
}

# traced inflate|deflate: adds up the traced events of this kind. Prints how many pages moved, and how many were refused
traced() {
	sed -nE "s/.* cmm_$1: asked=[0-9]+ done=([0-9]+) refused=([0-9]+).*/\1 \2/p" "$TRACING/trace" |
		awk '{ done += $1; refused += $2 } END { print done + 0 " done, " refused + 0 " refused" }'
}

# Prints a line "TRACEPOINT FIELD..." for each tracepoint of the driver
tracepoints() {
	local event
	for event in "$TRACING"/events/cmm/cmm_*; do
		echo "${event##*/} $(sed -nE 's/^\tfield:.* (\w+)(\[[0-9]+\])?;.*/\1/p' "$event/format" |
			grep -v ^common_ | xargs)"
	done
}

# Prints a line "TRACEPOINT FIELD..." for each tracepoint in cmm(4). build_share() of tests/lab/guests.sh copies this
# manual page to the guest
tracepoints_in_manual() {
	awk '/^\.S[hs] / { here = /Tracepoints/ }
		here && sub(/^\.It Sy /, "") { gsub(/,/, ""); n = split($0, names) }
		here && sub(/^\.(Pq )?Va /, "") { for (i = 1; i <= n; i++) fields[names[i]] = fields[names[i]] " " $1 }
		END { for (name in fields) print name fields[name] }' "$BATS_TEST_DIRNAME/../lib/cmm.4.in" | sort
}

# bats test_tags=ours-only
@test "the tracepoints and their fields are those in cmm(4)" {
	is_equal tracepoints "$(tracepoints)" "$(tracepoints_in_manual)"
}

# bats test_tags=ours-only
@test "the tracepoints show how many pages moved" {
	local events=$TRACING/events/cmm
	echo >"$TRACING/trace"
	echo 1 >"$events/enable"
	loan "$(($(page_kb) * 70))"
	loan 0
	echo 0 >"$events/enable"
	grep -q 'cmm_target: wanted=70 target=70 loaned=0 oom_freed=0' "$TRACING/trace"
	# The number of batches varies, because the driver adapts the size of a batch to the time that batches take.
	[ "$(traced inflate)" = "70 done, 0 refused" ]
	[ "$(traced deflate)" = "70 done, 0 refused" ]
}
