#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154  # admin() sets errors
# cmm-admin set: names and values, and the messages for wrong names and wrong values

bats_require_minimum_version 1.5.0
load ../lib/cli

@test "set writes values, and prints those that changed" {
	admin 0 set oom_kb=64M delay=5 debug=0
	[ "$output" = $'oom_kb: 1 MiB -> 64 MiB\ndelay: 1 s -> 5 s' ]
	holds "$FIXTURE_PARAMETERS/oom_kb" 65536
	holds "$FIXTURE_PARAMETERS/delay" 5
}

@test "set accepts sizes with units" {
	local pair
	for pair in 0=0 1024=1024 1k=1 64K=64 64KiB=64 1M=1024 1MiB=1024 "1 MiB=1024" 1.5M=1536 \
		1g=1048576 2048B=2 1024kB=1000; do
		echo "$pair"
		admin 0 set "oom_kb=${pair%=*}"
		holds "$FIXTURE_PARAMETERS/oom_kb" "${pair#*=}"
	done
	admin 0 set min_mem_mb=1.5GiB
	holds "$FIXTURE_PARAMETERS/min_mem_mb" 1536
}

@test "set: a wrong size is refused with status 2, and nothing is written" {
	local value
	for value in "" abc -1 +1 1e3 0x10 1,5M "1 2" 5XB 1MM .M M inf nan 99999999999999999999 5000G; do
		echo "value '$value'"
		fails 2 "oom_kb '$value' " set "delay=5" "oom_kb=$value"
		[[ $errors == *"allowed is 0 to 4294967295 KiB" ]]
	done
	for value in 0.0001K 0.5B 1.0005K 1024.9B 1.00000000000000000000001M; do
		echo "value '$value'"
		fails 2 "oom_kb '$value' is " set "oom_kb=$value"
	done
	fails 2 "min_mem_mb '17592186044416' is too large; allowed is 0 to 17592186044415 MiB" set min_mem_mb=17592186044416
	fails 2 "oom_kb '100B' is not a whole number of KiB" set oom_kb=100B
	fails 2 "min_mem_mb '1kB' is not a whole number of MiB" set min_mem_mb=1kB
	holds "$FIXTURE_PARAMETERS/delay" 1
	holds "$FIXTURE_PARAMETERS/oom_kb" 1024
}

# The assigned memory is 2 GiB, the sum of MemTotal and the 256 MiB on loan.
@test "set accepts min_mem_mb and min_avail_mb in percent of assigned memory" {
	admin 0 set min_mem_mb=5% min_avail_mb=100%
	[ "$output" = $'min_mem_mb: 256 MiB -> 102 MiB\nmin_avail_mb: 0 MiB -> 2 GiB' ]
	holds "$FIXTURE_PARAMETERS/min_mem_mb" 102
	holds "$FIXTURE_PARAMETERS/min_avail_mb" 2048
	put "$FIXTURE_DEVICE" loaned_kb 0
	admin 0 set --dry-run min_mem_mb=50% min_avail_mb=0%
	[ "$output" = $'min_mem_mb: 102 MiB -> 896 MiB (not changed: a dry run)\nmin_avail_mb: 2 GiB -> 0 MiB (not changed: a dry run)' ]
	fixture_in_tree
	admin 0 set min_mem_mb=50%
	holds "$FIXTURE_PARAMETERS/min_mem_mb" 1024
}

@test "set: a wrong percentage is refused, and nothing is written" {
	local value
	for value in 101% 99999999999999999999999999%; do
		fails 2 "min_mem_mb '$value' is too large; allowed is 0 to 17592186044415 MiB, or 0% to 100%" \
			set delay=5 "min_mem_mb=$value"
	done
	for value in -1% 5.5% 5%% % "5 %" 0x5% 5%x; do
		echo "value '$value'"
		fails 2 "min_mem_mb '$value' is not a whole number of percent; allowed is 0 to 17592186044415 MiB, or 0% to 100%" \
			set delay=5 "min_mem_mb=$value"
		fails 2 "min_avail_mb '$value' is not" set "min_avail_mb=$value"
	done
	fails 2 "min_mem_mb 'x' is not a size such as 262144, 256M or 1.5GiB; allowed is 0 to 17592186044415 MiB, or 0% to 100%" \
		set min_mem_mb=x
	fails 2 "oom_kb '5%' is not a size such as 262144, 256M or 1.5GiB; allowed is 0 to 4294967295 KiB" set oom_kb=5%
	fails 2 "delay '5%' is not a whole number" set delay=5%
	holds "$FIXTURE_PARAMETERS/delay" 1
	holds "$FIXTURE_PARAMETERS/min_mem_mb" 256
}

@test "set: a percentage is refused if MemTotal is unknown" {
	sed -i /MemTotal/d "$ROOT/proc/meminfo"
	fails 1 "meminfo has no line 'MemTotal: N kB'" set delay=5 min_mem_mb=5%
	holds "$FIXTURE_PARAMETERS/delay" 1
	admin 0 set min_mem_mb=5
}

@test "set: a wrong number is refused with status 2" {
	fails 2 "delay '4294967296' is too large; allowed is 0 to 4294967295 s" set delay=4294967296
	fails 2 "delay '5s' is not a whole number" set delay=5s
	fails 2 "delay '99999999999999999999' is too large; allowed is 0 to 4294967295 s" set delay=99999999999999999999
	fails 2 "disable '2' is too large; allowed is 0 to 1" set disable=2
	fails 2 "debug '4294967296' is too large; allowed is 0 to 4294967295" set debug=4294967296
	fails 2 "oom_freed_kb '1' is too large; allowed is 0 KiB" set oom_freed_kb=1
}

@test "set: a wrong name is refused with status 2, and nothing is written" {
	fails 2 "loaned_kb is read-only" set loaned_kb=1
	fails 2 "simulate is read-only; set it when the driver is loaded" set simulate=1
	fails 2 "unknown name 'dealy'; is 'delay' meant?" set delay=5 dealy=5
	fails 2 "unknown name 'loan_kb'; known: " set loan_kb=512M
	[[ $errors == *" disable oom_freed_kb simulate_loan_target_kb" ]]
	fails 2 "'delay' is not NAME=VALUE" set delay
	fails 2 "'=5' is not NAME=VALUE" set =5
	fails 2 "more than one value for delay" set delay=5 delay=6
	fails 2 "nothing to set" set
	holds "$FIXTURE_PARAMETERS/delay" 1
}

@test "set: nothing is written if the driver lacks one of the parameters" {
	fixture_in_tree
	fails 1 "this driver has no min_avail_mb" set delay=5 min_avail_mb=512M
	holds "$FIXTURE_PARAMETERS/delay" 1
}

@test "set --dry-run prints the changes and writes nothing" {
	admin 0 set --dry-run delay=5 oom_kb=1024
	[ "$output" = "delay: 1 s -> 5 s (not changed: a dry run)" ]
	holds "$FIXTURE_PARAMETERS/delay" 1
}

@test "set exits with status 5 without permission, and writes nothing" {
	chmod 666 "$FIXTURE_PARAMETERS/delay"
	chmod 444 "$FIXTURE_PARAMETERS/oom_kb"
	not_permitted set delay=5 oom_kb=1
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == *"cannot write oom_kb: Permission denied" ]]
	holds "$FIXTURE_PARAMETERS/delay" 1
}

@test "set: if one write fails, the others are made and the status is 64" {
	ln -sf /proc/self/oom_score_adj "$FIXTURE_PARAMETERS/oom_kb"
	admin 64 set delay=5 oom_kb=65536 debug=1
	[ "$output" = $'delay: 1 s -> 5 s\ndebug: 0 -> 1' ]
	[[ $errors == *"cannot write "*"oom_kb: Invalid argument" ]]
	fails 1 "cannot write " set oom_kb=65536
}

@test "set exits with status 3 if no driver is loaded" {
	rm -r "$FIXTURE_DEVICE"
	fails 3 "no cmm driver here" set delay=5
}
