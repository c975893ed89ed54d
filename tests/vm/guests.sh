# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs suites in guests and turns what came of it into results. Wants lab.sh
# and OUT, the folder for them.
# shellcheck source=../lib/tap.sh
. "$TOP/tests/lib/tap.sh"

# Everything that the guests need, in $OUT: ours/cmm.ko, in-tree/cmm.ko, and
# the folder share with cmm-admin, the suites and their helpers.
build_for_guests() {
	local version kernel
	version=$(lab_kernel_version)
	kernel=$(lab_kernel "$version")
	mkdir -p "$OUT/share/bin" "$OUT/share/suite"
	say "building for $version: our driver, the in-tree driver, cmm-admin"
	lab_module "$kernel" "$TOP/src" "$OUT/ours"
	lab_in_tree_module "$kernel" "$version" "$OUT/in-tree"
	lab_tool "$OUT/tool"
	cp "$OUT/tool/cmm-admin" "$OUT/share/bin/"
	cp -r "$TOP/tests/lib" "$OUT/share/"
	cp "$TOP"/tests/{vm,hypervisor}/suite/* "$OUT/share/suite/"
}

# guest NAME DRIVER COMMAND [OPTION...]: its output is shown and kept. False
# if the guest died or ran out of time.
guest() {
	local name=$1 driver=$2 command=$3 status=0
	shift 3
	"$TOP/tests/vm/boot" --name "$name" --module "$OUT/$driver/cmm.ko" --share "$OUT/share" \
		"$@" -- "$command" 2>&1 | tee "$OUT/$name.out" | sed -u "s/^/$name: /" || status=$?
	[ "$status" -ne 125 ]
}

# tap_ended NAME ENDED: the guest lives, whatever single tests say
tap_ended() {
	local name=$1 ended=$2
	{
		echo "1..1"
		tap_result "$ended" 1 "$name: the guest ended by itself"
	} | tee "$OUT/$name-ended.tap"
	"$ended" || tail -n 25 "$BUILD/guest/$name/console" >&2
}

# tap_log NAME: its kernel has nothing to complain of
tap_log() {
	local name=$1 faults
	faults=$(kernel_faults "$BUILD/guest/$name/console")
	{
		echo "1..1"
		tap_result "$(is_empty "$faults")" 1 "$name: nothing in the kernel's log to complain of"
	} | tee "$OUT/$name-log.tap"
	[ -z "$faults" ] || printf '%s\n' "$faults" >&2
}

# suite_on_ours NAME FILES [OPTION...]: bats files that must pass
suite_on_ours() {
	local name=$1 files=$2 ended=true
	shift 2
	guest "$name" ours "bats --tap $files" "$@" || ended=false
	cp "$OUT/$name.out" "$OUT/$name.tap"
	tap_ended "$name" "$ended"
	tap_log "$name"
}

# suite_on_in_tree NAME FILES [OPTION...]: bats files that must do as their
# names say
suite_on_in_tree() {
	local name=$1 files=$2 ended=true
	shift 2
	guest "$name" in-tree "bats --tap --filter-tags '!new' $files" "$@" || ended=false
	tap_in_tree <"$OUT/$name.out" >"$OUT/$name.tap"
	tap_ended "$name" "$ended"
}
