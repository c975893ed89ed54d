# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs suites in guests and turns what came of it into results. Wants lab.sh
# and OUT, the folder for them.
# shellcheck source=../lib/tap.sh
. "$TOP/tests/lib/tap.sh"

# What every guest finds below /cmm, whatever its kernel: the folder share in $OUT, with
# cmm-admin, the suites and their helpers
build_share_for_guests() {
	say "building cmm-admin for the guests"
	mkdir -p "$OUT/share"/{bin,suite,defects,chaos}
	lab_tool "$OUT/tool"
	cp "$OUT/tool/cmm-admin" "$OUT/share/bin/"
	cp -r "$TOP/tests/lib" "$OUT/share/"
	cp "$TOP"/tests/{vm,hypervisor}/suite/* "$OUT/share/suite/"
	cp "$TOP"/tests/vm/defects/{guest,*.bats} "$OUT/share/defects/"
	cp "$TOP"/tests/vm/chaos/{guest,actions.bash} "$OUT/share/chaos/"
	lab_program "$TOP/tests/hypervisor/touch-unmapped.c" -pthread
}

# lab_program SOURCE [OPTION...]: for the guests, in their PATH
lab_program() {
	"${CROSS}gcc" -O2 -Wall -Wextra -D_GNU_SOURCE -static "${@:2}" \
		-o "$OUT/share/bin/$(basename "$1" .c)" "$1"
}

# In $OUT ours/cmm.ko
build_ours_for_guests() {
	local kernel
	kernel=$(lab_kernel)
	say "building our driver for $(lab_version "$kernel")"
	lab_module "$kernel" "$TOP/src" "$OUT/ours"
}

# In $OUT in-tree/cmm.ko
build_in_tree_for_guests() {
	local kernel
	kernel=$(lab_kernel)
	say "building the in-tree driver for $(lab_version "$kernel")"
	lab_in_tree_module "$kernel" "$OUT/in-tree"
}

build_for_guests() {
	build_share_for_guests
	build_ours_for_guests
	build_in_tree_for_guests
}

# two_at_a_time COMMAND ITEM...: in a subshell each, the next one when either has ended; more guests
# than two get into each other's way on two CPUs. After one that fails no other begins. They are
# looked at: before bash 5.3 "wait -n" doesn't know of one that ended while nobody waited.
two_at_a_time() {
	local command=$1 item process status=0
	local -A running=()
	shift
	for item in "$@"; do
		"$command" "$item" &
		running[$!]=1
		while [ "${#running[@]}" -eq 2 ]; do
			sleep 0.1
			for process in "${!running[@]}"; do
				! kill -0 "$process" 2>/dev/null || continue
				wait "$process" || status=$?
				unset "running[$process]"
			done
		done
		[ "$status" -eq 0 ] || break
	done
	for process in "${!running[@]}"; do
		wait "$process" || status=$?
	done
	return "$status"
}

# guest NAME DRIVER COMMAND [OPTION...]: its output is shown and kept. False
# if the guest died or ran out of time.
guest() {
	local name=$1 driver=$2 command=$3 status=0
	shift 3
	"$TOP/tests/vm/boot" --name "$name" --module "$(printf '%s\n' "$OUT/$driver"/cmm*.ko)" --share "$OUT/share" \
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

# check_restart NAME: a restart ends the guest without a status; what counts is
# what the kernel said.
check_restart() {
	local name=$1 console=$BUILD/guest/$1/console
	guest "$name" ours "bash suite/restart" --timeout 120 || true
	{
		echo "1..3"
		tap_result "$(said "$console" 'reboot: Restarting system')" 1 \
			"$name: the machine restarts with memory on loan"
		tap_result "$(said "$console" 'cmm: restart: nothing on loan')" 2 \
			"$name: every page is active by then"
		tap_result "$(is_empty "$(kernel_faults "$console")")" 3 \
			"$name: nothing in the kernel's log to complain of"
	} | tee "$OUT/$name.tap"
}

# check_end NAME SCRIPT SAYING [OPTION...]: a guest that ends in a way of its own with
# 256 MiB on loan to the hypervisor. What that says when it ends, the guest can't
# say of itself.
check_end() {
	local name=$1 script=$2 saying=$3 run=$BUILD/guest/$1
	shift 3
	guest "$name" ours "bash suite/$script" --hypervisor cmo-page-size=4K --timeout 180 "$@" || true
	{
		echo "1..3"
		tap_result "$(said "$run/console" "$saying")" 1 \
			"$name: '$saying' with memory on loan"
		tap_result "$(said "$run/qemu.log" 'cmo: loaned=0 loans=65536 activations=65536 ')" 2 \
			"$name: the hypervisor has every page back, and had been loaned some"
		tap_result "$(is_empty "$(kernel_faults "$run/console")")" 3 \
			"$name: nothing in the kernel's log to complain of"
	} | tee "$OUT/$name.tap"
}

check_hypervisor_restart() {
	check_end "$1" real-restart 'reboot: Restarting system'
}

check_kexec() {
	mkdir -p "$OUT/kexec"
	cp "$(lab_kernel)/vmlinux" "$OUT/kexec/"
	check_end "$1" real-kexec 'second kernel' --share "$OUT/kexec"
}
