#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# cmm-admin get: names of values, and forms of output

bats_require_minimum_version 1.5.0
load ../lib/cli

@test "get without a name shows all values that the driver has" {
	admin 0 get --raw --noheadings -o NAME
	[ "$output" = "$(interface_names P; interface_names A IN_TREE; interface_names A OURS)" ]
	fixture_in_tree
	admin 0 get --raw --noheadings -o NAME
	[ "$output" = "$(interface_names P IN_TREE; interface_names A IN_TREE)" ]
}

@test "get: an unknown name is refused with status 2 and a suggestion" {
	fails 2 "unknown name 'oomkb'; is 'oom_kb' meant?" get oomkb
	fails 2 "unknown name 'loaned'; is 'loaned_kb' meant?" get loaned
	fails 2 "unknown name 'frobnicate'; known: delay " get frobnicate
	fails 2 "unknown name ''" get ""
}

@test "get exits with status 1 for an attribute that this driver lacks" {
	fails 1 "simulate_loan_target_kb: No such file" get simulate_loan_target_kb
}

@test "get shows the in-tree driver's hexadecimal number in decimal" {
	fixture_in_tree
	put "$FIXTURE_DEVICE" simulate_loan_target_kb 40000
	admin 0 get simulate_loan_target_kb --raw --noheadings -o VALUE
	[ "$output" = 262144 ]
	admin 0 set simulate_loan_target_kb=262144
	[ -z "$output" ]
}

@test "get: the message names the unknown option in a group like -zJ" {
	fails 2 "unknown option '-z'" get -zJ
	fails 2 "unknown option '-z'" get --json -zJ
	fails 2 "unknown option '-z'" get -Jz
	fails 2 "'--json=x': this option takes no value" get --json=x
}

@test "a mistyped option is refused with a suggestion, also with =VALUE" {
	fails 2 "unknown option '--outptu'; is '--output' meant?" get --outptu NAME
	fails 2 "unknown option '--outptu'; is '--output' meant?" get --outptu=NAME,VALUE,UNIT
	fails 2 "unknown option '--timout'; is '--timeout' meant?" wait --timout=30.5
}

@test "a prefix of several option names is refused as ambiguous" {
	fails 2 "ambiguous option '--c'; known: --count --csv" monitor --c
	fails 2 "ambiguous option '--c'; known: --count --csv" monitor --c=5
	admin 0 monitor --cs --cou=1
}

@test "get exits with status 3 if no driver is loaded" {
	rm -r "$FIXTURE_DEVICE"
	fails 3 "no cmm driver here" get
}

@test "--output shows columns in the given order; case does not matter" {
	admin 0 get delay oom_kb --noheadings --raw -o unit,NAME,Value
	[ "$output" = $'s delay 1\nKiB oom_kb 1024' ]
}

@test "--output: an unknown column is refused, and the known ones are named" {
	fails 2 "unknown column 'COLOR'; known: NAME VALUE UNIT DEFAULT MEANING" get -o COLOR
	fails 2 "unknown column ''" get -o ""
	fails 2 "unknown column ''" get -o NAME,
}

@test "--output-all shows all columns, also that of the units" {
	admin 0 get delay --output-all
	[[ $(head -n 1 <<<"$output") =~ ^NAME\ +VALUE\ +UNIT\ +DEFAULT\ +MEANING$ ]]
	admin 0 get delay
	[[ $(head -n 1 <<<"$output") =~ ^NAME\ +VALUE\ +DEFAULT\ +MEANING$ ]]
}

@test "get shows a size in the largest unit in which it is exact" {
	put "$FIXTURE_PARAMETERS" oom_kb 65537 min_mem_mb 1536 min_avail_mb 2048
	admin 0 get oom_kb min_mem_mb min_avail_mb delay --noheadings -o VALUE
	[ "$(awk '{ print $1, $2 }' <<<"$output")" = $'65537 KiB\n1536 MiB\n2 GiB\n1 s' ]
}

@test "get --pairs prints NAME=VALUE for each column, with quotes around VALUE" {
	admin 0 get oom_kb --pairs -o NAME,VALUE,UNIT
	[ "$output" = 'NAME="oom_kb" VALUE="1024" UNIT="KiB"' ]
}

@test "--bytes shows sizes in bytes, and leaves other values unchanged" {
	admin 0 get min_mem_mb oom_kb delay --bytes --raw --noheadings -o VALUE,UNIT,DEFAULT
	[ "$output" = $'268435456 B 268435456\n1048576 B 1048576\n1 s 1' ]
	put "$FIXTURE_PARAMETERS" min_mem_mb 17592186044416
	admin 0 get min_mem_mb --bytes --raw --noheadings -o VALUE
	[ "$output" = 18446744073709551615 ]
}

@test "get --json names keys as sysfs does; numbers and flags are no strings" {
	admin 0 get oom_kb state simulate loaned_kb delay --json
	[ "$(jq -c . <<<"$output")" = '{"format":2,"parameters":{"oom_kb":1024,"simulate":false,"delay":1},"attributes":{"state":"running","loaned_kb":262144}}' ]
	put "$FIXTURE_DEVICE" loaned_kb junk
	fails 1 "loaned_kb holds 'junk', which is not a decimal number" get loaned_kb --json
	fails 2 "unknown name 'foo'" get --json delay foo
}

@test "options that exclude each other are refused with status 2" {
	fails 2 "--json cannot be combined with options of a table, such as --raw" get --json --raw
	fails 2 "only one of --raw, --pairs and --csv is allowed" get --raw --pairs
}
