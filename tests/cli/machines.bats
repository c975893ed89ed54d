#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154,SC2030,SC2031  # admin() sets output
# cmm-admin doctor and report on machines of several generations. The trees in tests/cli/machines/made are made from
# published facts about machines. The file "source" in such a tree says where these facts were published. The trees in
# tests/cli/machines/captured were captured in emulated partitions by tests/cli/capture.

bats_require_minimum_version 1.5.0
load ../lib/cli

setup() {
	ROOT=$BATS_TEST_TMPDIR/root
}

# copy_tree TREE: copies a tree of tests/cli/machines to $ROOT. Sets RELEASE to the release of the machine's kernel
copy_tree() {
	rm -rf "$ROOT"
	cp -r "$BATS_TEST_DIRNAME/machines/$1" "$ROOT"
	RELEASE=$(cat "$ROOT/proc/sys/kernel/osrelease")
}

# machine NAME: copies the tree tests/cli/machines/made/NAME to $ROOT. This tree has no driver
machine() {
	copy_tree "made/$1"
}

# driver_on NAME: does the same as machine(), and adds a driver
driver_on() {
	machine "$1"
	fixture
	cp -rT "$BATS_TEST_DIRNAME/machines/made/$1" "$ROOT"
}

# captured NAME: copies the tree tests/cli/machines/captured/NAME to $ROOT. This tree has a driver, with 256 MiB on
# loan. Adds the driver's module file
captured() {
	copy_tree "captured/$1"
	fixture_module "$(cat "$ROOT/sys/module/cmm/srcversion")" "$RELEASE"
}

# examined STATUS: runs doctor on the tree, and checks that doctor exits with STATUS
examined() {
	admin "$1" doctor --json
}

# found CHECK FINDING TEXT [REMEDY]: checks that CHECK has this FINDING, TEXT and REMEDY in doctor's output
found() {
	jq -e --arg check "$1" --arg finding "$2" --arg text "$3" --arg remedy "${4:-}" '
		.checks[] | select(.check == $check) | .finding == $finding and (.text | contains($text))
			and ((.remedy // "") | contains($remedy))' <<<"$output"
}

# edit FILE EXPRESSION: changes FILE of the tree with EXPRESSION, an expression of sed
edit() {
	sed -i "$2" "$ROOT/$1"
}

@test "each tree in machines/made names the source of the facts in each file" {
	local tree file name
	for tree in "$BATS_TEST_DIRNAME"/machines/made/*; do
		while read -r file; do
			name=${file##*/}
			echo "$file"
			[ "$(grep -cE "^${name%%-*} +[^ ]" "$tree/source")" -eq 1 ]
		done < <(find "$tree" -type f ! -name source)
	done
}

@test "each tree in machines/captured names the machine of its capture" {
	local tree
	for tree in "$BATS_TEST_DIRNAME"/machines/captured/*; do
		grep -q "^Captured by tests/cli/capture on the emulated machine ${tree##*/}," "$tree/source"
	done
}

# reported JSON: runs report on the tree, and checks that its section partition contains the facts in JSON. report needs
# a driver, so driver_on() or captured() must have made the tree
reported() {
	admin 0 report --json --section partition
	jq -e --argjson facts "$1" '.partition | contains($facts)' <<<"$output"
}

@test "report shows processor, page tables and memory mode of each machine" {
	driver_on power8-dedicated
	reported '{"model":"IBM,8247-21L","processor":"POWER8","page_tables":"hash","memory_mode":"dedicated"}'
	driver_on power9-shared
	reported '{"processor":"POWER9","page_tables":"hash","memory_mode":"shared","smlpar":true}'
	edit boot/config-"$RELEASE" /SMLPAR/d
	reported '{"smlpar":false}'
	driver_on power10-in-power9-mode
	reported '{"processor":"POWER10","processor_mode":"POWER9 (architected)","memory_mode":"dedicated"}'
}

@test "report: the machine is described on one line of 80 columns" {
	local tree
	for tree in "$BATS_TEST_DIRNAME"/machines/made/*/; do
		driver_on "$(basename "$tree")"
		admin 0
		grep -qE '^Machine: .* MMU, (shared|dedicated) memory$' <<<"$output"
	done
	driver_on power9-shared
	edit proc/cpuinfo 's/POWER9/POWER8/; s/IBM,9009-22A/IBM pSeries (emulated by qemu)/'
	admin 0
	grep -qx 'Machine:    POWER9 (emulated by qemu) in POWER8 mode, hash MMU, shared memory' <<<"$output"
}

@test "report: CMO's page size is shown if it differs from the kernel's" {
	driver_on power9-shared
	echo CONFIG_PPC_64K_PAGES=y >>"$ROOT/boot/config-$RELEASE"
	admin 0
	grep -qx "Partition:  7, Linux $RELEASE, CMO pages of 4 KiB" <<<"$output"
	edit boot/config-"$RELEASE" s/64K/4K/
	admin 0
	grep -qx "Partition:  7, Linux $RELEASE" <<<"$output"
	edit proc/powerpc/lparcfg /cmo_page_size/d
	edit boot/config-"$RELEASE" /SMLPAR/d
	admin 0
	grep -qx "Partition:  7, Linux $RELEASE without PPC_SMLPAR" <<<"$output"
	driver_on power9-dedicated
	admin 0
	grep -qx "Partition:  7, Linux $RELEASE with PPC_SMLPAR" <<<"$output"
}

@test "doctor on POWER8: finds hash page tables, although cpuinfo names no MMU" {
	machine power8-dedicated
	examined 1
	found machine PASS "POWER8 (IBM,8247-21L), hash MMU, dedicated memory"
	found firmware WARN "which has dedicated memory" "in its profile"
	found free-hint PASS "makes no hypercalls"
}

@test "doctor on POWER9 with dedicated memory: warns that nothing is shared" {
	machine power9-dedicated
	examined 1
	found machine PASS "POWER9 (IBM,9009-22A), hash MMU, dedicated memory"
	found firmware WARN "which has dedicated memory" "in its profile"
	edit boot/config-"$RELEASE" /SMLPAR/d
	examined 1
	found kernel-smlpar WARN "lacks PPC_SMLPAR" "boot a kernel with CONFIG_PPC_SMLPAR=y"
}

@test "doctor on POWER9 with shared memory: warns of cmo_free_hint's cost" {
	machine power9-shared
	examined 1
	found machine PASS "POWER9 (IBM,9009-22A), hash MMU, shared memory, CMO pages of 4 KiB"
	found firmware PASS "offers memory sharing"
	found free-hint WARN "16 hypercalls for each 64 KiB" "boot with cmo_free_hint=off"
	found free-hint WARN "linuxppc-dev, 2024-02-19, <877cj0hz1o.fsf@"
	edit proc/powerpc/lparcfg s/cmo_page_size=4096/cmo_page_size=65536/
	examined 1
	found free-hint WARN "1 hypercalls for each 64 KiB"
}

@test "cmo_free_hint: the last one on the kernel's command line counts" {
	local words
	machine power9-shared
	for words in cmo_free_hint=off cmo_free_hint=NO "cmo_free_hint=on cmo_free_hint=Off"; do
		echo "ro $words quiet" >"$ROOT/proc/cmdline"
		examined 1
		found free-hint PASS "cmo_free_hint is off"
	done
	for words in cmo_free_hint=on cmo_free_hint=yes "cmo_free_hint=off cmo_free_hint=on" xcmo_free_hint=off \
		cmo_free_hint=offx; do
		echo "ro $words quiet" >"$ROOT/proc/cmdline"
		examined 1
		found free-hint WARN "cmo_free_hint is on"
	done
}

@test "cmo_free_hint: PASS with radix page tables or without PPC_SMLPAR" {
	machine power9-shared
	edit proc/cpuinfo 's/Hash/Radix/'
	examined 1
	found machine PASS "radix MMU, shared memory"
	found free-hint PASS "makes no hypercalls"
	machine power9-shared
	edit boot/config-"$RELEASE" /SMLPAR/d
	examined 1
	found free-hint PASS "makes no hypercalls"
}

@test "cmo_free_hint: UNKNOWN if cmdline, lparcfg, config or cpuinfo is missing" {
	local file
	for file in proc/cmdline proc/powerpc/lparcfg boot proc/cpuinfo; do
		echo "without $file"
		machine power9-shared
		rm -r "${ROOT:?}/$file"
		examined 1
		found free-hint UNKNOWN "it is unknown whether cmo_free_hint is on"
	done
}

@test "lparcfg without H_GET_MPP's figures: doctor warns that the call fails" {
	machine power9-shared
	edit proc/powerpc/lparcfg '/entitl/d; /backing/d'
	examined 1
	found firmware WARN "H_GET_MPP fails" "POWER10 and later don't answer"
}

@test "doctor on POWER10 warns that POWER10 and later have no memory sharing" {
	machine power10
	edit boot/config-"$RELEASE" /SMLPAR/d
	examined 0
	found machine WARN "POWER10 (IBM,9105-22A), radix MMU, dedicated memory: POWER10 and later have no Active Memory Sharing" \
		"none on this machine"
	found kernel-smlpar PASS "does not matter here"
	[[ $output != *"boot a kernel"* && $output != *"boot a distribution kernel"* ]]
	[[ $output != *profile* && $output != *"modprobe cmm\""* ]]
}

@test "doctor recognizes a POWER10 that runs in POWER9 mode" {
	machine power10-in-power9-mode
	examined 0
	found machine WARN "POWER10 (IBM,9105-22A) in POWER9 mode, radix MMU, dedicated memory: POWER10 and later"
}

@test "doctor recognizes a POWER11 that runs in POWER10 mode" {
	machine power11-in-power10-mode
	examined 0
	found machine WARN "POWER11 (IBM,9999-99X) in POWER10 mode"
}

@test "machine UNKNOWN: the processor is unknown, or there is no cpuinfo" {
	machine power10
	edit proc/cpuinfo 's/pvr 0080/pvr 0099/'
	examined 1
	found machine UNKNOWN "POWER10 (architected) (IBM,9105-22A), radix MMU"
	rm "$ROOT/proc/cpuinfo"
	examined 1
	found machine UNKNOWN "unknown processor"
}

@test "captured p9: report and doctor recognize radix page tables" {
	captured p9
	reported '{"processor":"POWER9","page_tables":"radix","memory_mode":"shared","smlpar":true}'
	examined 0
	found machine PASS "POWER9 (emulated by qemu), radix MMU, shared memory, CMO pages of 4 KiB"
	found free-hint PASS "makes no hypercalls"
}

# QEMU's processor is a POWER9, which the machine runs in POWER8 mode.
@test "captured p8-hash: doctor warns of cmo_free_hint's cost" {
	captured p8-hash
	reported '{"processor":"POWER9","processor_mode":"POWER8 (architected)","page_tables":"hash","memory_mode":"shared"}'
	examined 0
	found machine PASS "in POWER8 mode, hash MMU, shared memory, CMO pages of 4 KiB"
	found free-hint WARN "16 hypercalls for each 64 KiB" "boot with cmo_free_hint=off"
}

@test "captured p9-hash-no-hint: doctor sees that cmo_free_hint is off" {
	captured p9-hash-no-hint
	reported '{"processor":"POWER9","processor_mode":"POWER9 (architected)","page_tables":"hash","smlpar":true}'
	examined 0
	found machine PASS "POWER9 (emulated by qemu), hash MMU, shared memory, CMO pages of 4 KiB"
	found free-hint PASS "cmo_free_hint is off"
}

@test "captured trees: kernel, firmware, driver and loan pass doctor's checks" {
	local name check
	for name in p9 p8-hash p9-hash-no-hint; do
		echo "$name"
		captured "$name"
		examined 0
		for check in kernel-balloon kernel-smlpar firmware driver file build-running loading configuration loan \
			overcommit oom-daemon; do
			found "$check" PASS ""
		done
	done
}
