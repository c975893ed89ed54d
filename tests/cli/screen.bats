#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2030,SC2031,SC2154  # a test is a subshell; admin() and run set output
# cmm-admin report on one screen: its lines, the bar, and different terminals

bats_require_minimum_version 1.5.0
load ../lib/cli

# line LABEL: prints the text beside LABEL, and joins wrapped lines
line() {
	awk -v label="$1:" 'BEGIN { width = 12 }
		substr($0, 1, 1) != " " { on = index($0, label) == 1 }
		on { text = text (text ? " " : "") substr($0, width + 1) }
		END { print text }' <<<"$output"
}

# says LABEL TEXT: checks that the text beside LABEL is TEXT
says() {
	[ "$(line "$1")" = "$2" ] || {
		echo "$1: '$(line "$1")', not '$2'"
		return 1
	}
}

# bar_has LOANED AVAILABLE FLOOR USED: checks how many columns each part of the bar has
bar_has() {
	local bar part counts=()
	bar=$(sed -n 's/^ *\([#.:=]*\)$/\1/p' <<<"$output" | tr -d '\n')
	for part in '#' . : =; do
		counts+=("$(tr -dc "$part" <<<"$bar" | wc -c)")
	done
	echo "bar: $bar, counts: ${counts[*]}"
	[ "${counts[*]}" = "$*" ]
}

# everything_at_once Y|N: prepares the tree for the longest screen; Y or N is the parameter simulate. The target and the
# request are not met
everything_at_once() {
	local machine=$BATS_TEST_DIRNAME/machines/made/power10-in-power9-mode
	cp -rT "$machine" "$ROOT"
	sed -i /^cmo_enabled/d "$ROOT/proc/powerpc/lparcfg"
	printf '%s\n' cmo_enabled=1 cmo_page_size=4096 cmo_faults=12345678 cmo_fault_time_usec=123456789012 \
		entitled_memory_loan_request=40960000 >>"$ROOT/proc/powerpc/lparcfg"
	fixture_module AAAAAAAAAAAAAAAA "$(cat "$machine/proc/sys/kernel/osrelease")"
	put "$FIXTURE_DEVICE" loaned_kb 1073620000 loaned_target_kb 1073640000 simulate_loan_target_kb 1073660000 \
		oom_freed_kb 1048524 state pressure
	put "$FIXTURE_DEVICE/stats" hv_errors 12345678 oom_events 12345678 pressure_events 12345678
	put "$FIXTURE_PARAMETERS" delay 15 hotplug_delay 15 oom_kb 65537 min_mem_mb 1537 min_avail_mb 1537 debug 1 \
		loan_policy 2 simulate "$1"
}

@test "report: the first line is health, then machine, driver, loan, settings" {
	LC_ALL=C admin 0
	[ "$(head -n 1 <<<"$output")" = "Health:     ok: the loan meets the target" ]
	says Machine "unknown processor"
	says Partition "Linux 6.1.0-fixture"
	says Driver "cmm 2.0.0, DKMS or by hand, state running"
	says Loan "256 MiB loaned, target 256 MiB, request unknown"
	says Missing nothing
	says Events "out-of-memory events 2 (since the driver was loaded)"
	says Settings "all at their defaults"
	[[ $(line Memory) == "2 GiB assigned to the partition "* ]]
	[[ $(line "OOM relief") == "" ]]
}

@test "report: a counter of events that cannot be read is unknown" {
	rm "$FIXTURE_DEVICE/stats/oom_events"
	admin 0
	says Events "out-of-memory events unknown (since the driver was loaded)"
	put "$FIXTURE_DEVICE/stats" oom_events 0
	admin 0
	says Events "none since the driver was loaded"
	chmod go-rwx "$FIXTURE_DEVICE/stats"
	as_user 0
	says Events "out-of-memory events unknown, memory pressure unknown, failed hypervisor calls unknown (since the driver was loaded)"
}

@test "report: a warning is in the first line" {
	put "$FIXTURE_DEVICE" state refused
	admin 0
	[ "$(head -n 1 <<<"$output")" = "Health:     warning: the hypervisor refuses pages (see the kernel's log)" ]
}

@test "report shows the machine and the partition that lparcfg names" {
	mkdir -p "$ROOT/proc/powerpc"
	printf '%s\n' 'system_type=IBM,9009-42A' partition_id=12 entitled_memory_loan_request=-65536 \
		>"$ROOT/proc/powerpc/lparcfg"
	admin 0
	says Machine "unknown processor (IBM,9009-42A)"
	says Partition "12, Linux 6.1.0-fixture"
	says Loan "256 MiB loaned, target 256 MiB, request 255.9 MiB"
}

@test "report: a bar shows the parts of the memory, and a legend their sizes" {
	export LC_ALL=C
	admin 0
	bar_has 8 43 0 17
	[[ $output == *"# loaned       256 MiB  12 %"* ]]
	[[ $output == *". available    1.3 GiB  62 %"* ]]
	[[ $output == *": floor          0 KiB   0 % available, but not for loans"* ]]
	[[ $output == *"= used         512 MiB  25 %"* ]]
}

@test "report: the bar's part 'floor' is available memory that is not for loans" {
	export LC_ALL=C
	put "$FIXTURE_PARAMETERS" min_avail_mb 512
	admin 0
	bar_has 8 26 17 17
	[[ $output == *": floor        512 MiB  25 %"* ]]
	put "$FIXTURE_PARAMETERS" min_avail_mb 0 min_mem_mb 1024
	admin 0
	bar_has 8 26 17 17
	put "$FIXTURE_PARAMETERS" min_avail_mb 99999
	admin 0
	bar_has 8 0 43 17
	put "$FIXTURE_PARAMETERS" min_avail_mb 18446744073709551615
	admin 0
	bar_has 8 0 43 17
}

@test "report: the bar works with memory sizes that do not add up" {
	local meminfo
	export LC_ALL=C
	for meminfo in "0 0" "1024 99999" "18446744073709551615 0"; do
		printf 'MemTotal: %s kB\nMemAvailable: %s kB\n' "${meminfo% *}" "${meminfo#* }" >"$ROOT/proc/meminfo"
		admin 0
		[ "$(widest "$output")" -le 80 ]
	done
	printf 'MemTotal: 0 kB\nMemAvailable: 0 kB\n' >"$ROOT/proc/meminfo"
	put "$FIXTURE_DEVICE" loaned_kb 0
	admin 0
	[ "$(line Memory)" = "0 KiB assigned to the partition" ]
}

@test "report, check: the assigned memory does not wrap at 64 bits" {
	put "$FIXTURE_DEVICE" loaned_kb 18446744073709551615
	admin 0
	[[ $(line Memory) == "16 ZiB assigned to the partition "* ]]
	admin 0 report --json
	[[ $output == *'"assigned_kb": 18446744073709551615,'* ]]
	admin 0 check
	[[ $output == *"; 16 ZiB of 16 ZiB on loan | "* ]]
}

@test "report: in each state, the reason for a missing loan is said once" {
	local state
	put "$FIXTURE_DEVICE" loaned_target_kb 300000
	admin 0
	says Health "ok: 37 MiB still to be loaned"
	says Missing "37 MiB of the target: the driver is loaning it"
	for state in $(states); do
		[ "$state" != running ] || continue
		put "$FIXTURE_DEVICE" state "$state"
		admin 0
		says Missing "37 MiB of the target: see Health"
		[[ $(line Health) != *"still to be loaned" ]]
	done
}

@test "report: line 'Missing' never says 'see Health' for the in-tree driver" {
	fixture_in_tree
	mkdir -p "$ROOT/proc/powerpc"
	echo entitled_memory_loan_request=268435456 >"$ROOT/proc/powerpc/lparcfg"
	put "$FIXTURE_DEVICE" loaned_kb 512 loaned_target_kb 512
	admin 0
	[[ $(line Health) == "warning: this driver crashes the machine "* ]]
	says Missing "256 MiB of the request: the driver has not polled the request yet"
	put "$FIXTURE_DEVICE" loaned_target_kb 1024
	admin 0
	says Missing "512 KiB of the target: this driver does not report the reason"
	says Driver "cmm 1.0.0, in-tree"
	says Events "this driver does not count them"
	put "$FIXTURE_PARAMETERS" disable 1
	put "$FIXTURE_DEVICE" loaned_kb 0 loaned_target_kb 0
	admin 0
	says Missing "256 MiB of the request: the driver is disabled"
}

@test "report: line 'Missing' says why the target is lower than the request" {
	put "$FIXTURE_PARAMETERS" simulate Y
	put "$FIXTURE_DEVICE" simulate_loan_target_kb 2097152
	admin 0
	says Missing "1.8 GiB of the request: the driver has not polled the request yet"
	put "$FIXTURE_DEVICE" loaned_target_kb 1048576
	admin 0
	says Missing "768 MiB of the target: the driver is loaning it"
	[[ $output != *"of the request"* ]]
	put "$FIXTURE_DEVICE" loaned_target_kb 262144
	put "$FIXTURE_DEVICE" oom_freed_kb 2048
	admin 0
	says Missing "1.8 GiB of the request: see OOM relief"
	says "OOM relief" "2 MiB returned; lowers the target until cmm-admin reset-oom"
	put "$FIXTURE_DEVICE" oom_freed_kb 0 loaned_target_kb 1835008
	admin 0
	says Missing "1.5 GiB of the target: the driver is loaning it 256 MiB of the request: min_mem_mb is never loaned"
	put "$FIXTURE_PARAMETERS" disable 1
	put "$FIXTURE_DEVICE" loaned_kb 0 loaned_target_kb 0 state disabled
	admin 0
	says Missing "2 GiB of the request: see Health"
	says Health "ok: disabled: nothing is loaned, whatever the request is"
	put "$FIXTURE_PARAMETERS" disable 0
	put "$FIXTURE_DEVICE" state no-loans
	admin 0
	says Missing "2 GiB of the request: see Health"
	says Driver "cmm 2.0.0, DKMS or by hand, state no-loans"
	says Loan "0 KiB loaned, target 0 KiB, request 2 GiB (simulated)"
}

@test "report: page-ins of the hypervisor are shown only if a loan is missing" {
	mkdir -p "$ROOT/proc/powerpc"
	printf '%s\n' entitled_memory_loan_request=0 cmo_faults=1234 cmo_fault_time_usec=5600000 >"$ROOT/proc/powerpc/lparcfg"
	admin 0
	says Missing nothing
	says "Paged out" ""
	put "$FIXTURE_DEVICE" loaned_target_kb 300000 state low-memory
	admin 0
	says "Paged out" "1234 page-ins since boot took 5.6 s: the hypervisor may page out memory that is not loaned"
	put "$FIXTURE_DEVICE" loaned_target_kb 262144
	sed -i s/loan_request=0/loan_request=1048576/ "$ROOT/proc/powerpc/lparcfg"
	admin 0
	says Missing "1 MiB of the request: see Health"
	[[ $(line "Paged out") == "1234 page-ins "* ]]
	sed -i /cmo_fault_time_usec/d "$ROOT/proc/powerpc/lparcfg"
	admin 0
	says "Paged out" ""
}

@test "report: page-ins are not shown if the hypervisor is simulated" {
	everything_at_once N
	admin 0
	[[ $(line "Paged out") == "12345678 page-ins since boot took 123456.8 s: "* ]]
	everything_at_once Y
	admin 0
	says "Paged out" ""
}

@test "report shows settings that differ from their defaults, with both values" {
	put "$FIXTURE_PARAMETERS" oom_kb 65536 delay 5 min_mem_mb 1536
	admin 0
	says Settings "delay 5 s (default 1 s), oom_kb 64 MiB (default 1 MiB), min_mem_mb 1536 MiB (default 256 MiB)"
}

@test "report shows as many settings as fit on two lines, and counts the others" {
	put "$FIXTURE_PARAMETERS" delay 5 hotplug_delay 20 oom_kb 65536 min_mem_mb 1536 min_avail_mb 512 loan_policy 2 debug 1
	admin 0
	says Settings "delay 5 s (default 1 s), hotplug_delay 20 s (default 5 s), oom_kb 64 MiB (default 1 MiB), and 4 more (cmm-admin get)"
	on_terminal 40 LC_ALL=C report
	output=${output//$'\r'/}
	says Settings "delay 5 s (default 1 s), and 6 more (cmm-admin get)"
	on_terminal 200 LC_ALL=C report
	output=${output//$'\r'/}
	[[ $(line Settings) == "delay 5 s "*", debug 1 (default 0)" ]]
}

@test "report --bytes shows exact sizes" {
	LC_ALL=C admin 0 report --bytes
	[[ $output == *"2147483648 B assigned"*"loaned         268435456 B"*"268435456 B loaned, target 268435456 B"* ]]
}

@test "report says if the running driver differs from the file on the disk" {
	fixture_module AAAAAAAAAAAAAAAA 6.1.0-fixture
	admin 0
	says Driver "cmm 2.0.0, DKMS or by hand, state running, not the file on disk"
}

@test "report: line 'Driver' fits on 80 columns in each state" {
	local state
	fixture_module AAAAAAAAAAAAAAAA 6.1.0-fixture
	put "$FIXTURE_PARAMETERS" simulate Y
	put "$FIXTURE_DEVICE" simulate_loan_target_kb 262144
	for state in $(states); do
		put "$FIXTURE_DEVICE" state "$state"
		admin 0
		grep -q "^Driver: .*state $state, not the file on disk$" <<<"$output"
	done
}

@test "report: the longest screen fits on 24 lines of 80 columns" {
	local simulate state bytes
	for simulate in N Y; do
		everything_at_once "$simulate"
		for state in $(states); do
			put "$FIXTURE_DEVICE" state "$state"
			for bytes in "" --bytes; do
				LC_ALL=C admin 0 report $bytes
				[ "$(widest "$output")" -le 80 ]
				[ "$(wc -l <<<"$output")" -le 24 ]
			done
		done
	done
}

@test "report: the longest screen fits on terminals of 20 to 500 columns" {
	local columns locale
	everything_at_once N
	for columns in 20 40 60 80 100 200 500; do
		for locale in C C.UTF-8; do
			on_terminal "$columns" "LC_ALL=$locale TERM=xterm" report
			echo "$columns columns, $locale: $output"
			[ "$status" -eq 0 ]
			[ "$(widest "$output")" -le "$columns" ]
		done
	done
}

@test "report fits on 24 lines for the in-tree driver and a captured partition" {
	fixture_in_tree
	put "$FIXTURE_DEVICE" loaned_kb 512
	admin 0
	[ "$(widest "$output")" -le 80 ]
	[ "$(wc -l <<<"$output")" -le 24 ]
	ROOT=$BATS_TEST_DIRNAME/machines/captured/p9
	admin 0
	[ "$(widest "$output")" -le 80 ]
	[ "$(wc -l <<<"$output")" -le 24 ]
}

@test "the tables of all commands fit on the terminal" {
	local columns words
	put "$FIXTURE_DEVICE" loaned_kb 1048524 loaned_target_kb 104852400 state low-memory
	for columns in 80 200; do
		for words in "report --all" get "monitor -c 2 -i 0.1" doctor; do
			on_terminal "$columns" TERM=xterm "$words"
			echo "$columns columns, $words: $output"
			[ "$(widest "$output")" -le "$columns" ]
		done
	done
}

@test "report breaks lines between words, but not between a size and its unit" {
	everything_at_once N
	on_terminal 40 LC_ALL=C report
	[[ $output == *"Machine:    POWER10 (IBM,9105-22A) in"* ]]
	run ! grep -qE '^ *(KiB|MiB|GiB)' <<<"$output"
}

# report must print no colors if NO_COLOR has a value other than "", or if the terminal has no colors.
@test "report: the health has a color if the terminal has colors" {
	local environment
	on_terminal 80 TERM=xterm report
	[[ $output == *$'\e[32mok: the loan meets the target\e[0m'* ]]
	put "$FIXTURE_DEVICE" state refused
	on_terminal 80 "TERM=xterm NO_COLOR=" report
	[[ $output == *$'\e[1;33mwarning: '* ]]
	for environment in TERM=dumb "-u TERM" TERM= "NO_COLOR=1 TERM=xterm" TERM=vt100; do
		on_terminal 80 "$environment" report
		[[ $output != *$'\e'* && $output == *"warning: the hypervisor refuses"* ]]
	done
	TERM=xterm admin 0
	[[ $output != *$'\e'* ]]
}

@test "without a UTF-8 locale, all output is ASCII" {
	local locale
	mkdir -p "$ROOT/proc/powerpc"
	printf 'system_type=gr\xc3\xb6\xc3\x9fe \xff \x1b[31m\n' >"$ROOT/proc/powerpc/lparcfg"
	printf '\xff\n' | tee "$FIXTURE_DEVICE/state" >"$FIXTURE_MODULE/version"
	for locale in C POSIX nonsense; do
		LC_ALL=$locale admin 0
		[ -z "$(LC_ALL=C tr -d '\n -~' <<<"$output")" ]
		says Machine 'unknown processor (gr\xc3\xb6\xc3\x9fe \xff \x1b[31m)'
	done
	LC_ALL=C.UTF-8 admin 0
	says Machine 'unknown processor (größe \xff \x1b[31m)'
	[[ $output == *"█ loaned "*"░ available "*"▒ floor "*"▓ used "* ]]
}

@test "the nine screens in docs/results/screens.md are at most 80 columns wide" {
	local page=$BATS_TEST_DIRNAME/../../docs/results/screens.md
	[ "$(grep -c '^## ' "$page")" -eq 9 ]
	[ "$(grep -c '^    # cmm-admin$' "$page")" -eq 9 ]
	[ "$(grep -A 1 '^    # cmm-admin$' "$page" | grep -c '^    Health: ')" -eq 8 ]
	[ "$(sed -n 's/^    //p' "$page" | LC_ALL=C.UTF-8 wc -L)" -le 80 ]
	grep -q 'no cmm driver here' "$page"
}
