# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs test files in guests, and turns their output into results. The caller must have sourced lab.sh,
# and set OUT, the directory for results.
# shellcheck source=tap.sh
. "$TOP/tests/lab/tap.sh"

SUITES=$TOP/tests/vm/suite
SHARE=$BUILD/lab/share
# The tags of a file in tests/vm/suite say which kinds of guests run the file, and what these guests must have. The tags
# for kinds of guests:
#
# simulate		the driver simulates the hypervisor. Files without a tag for a kind have this kind
# hypervisor		the emulated hypervisor, with CMO pages of 4 KiB
# cmo-64k		the emulated hypervisor, with CMO pages of 64 KiB
SUITE_KINDS=(simulate hypervisor cmo-64k)
# The tags for what a guest must have:
#
# debug			a debug kernel, with kmemleak, lockdep and other checks
# in-tree-module	a kernel that has the in-tree driver as a module
# in-tree-built-in	a kernel that has the in-tree driver built in, but kept from running
# in-tree-alive		a kernel that has the in-tree driver built in, and that runs it
SUITE_NEEDS=(debug in-tree-module in-tree-built-in in-tree-alive)
# Other tags:
#
# last			the file runs after all others, because it leaves changes in the guest, or checks whether the
#			driver leaked memory in an earlier file
# quick-look		the file shows in a short time whether the driver works on a kernel. On the newest kernel, make
#			check-more runs only files with this tag
# slow			the test takes long, or checks a rare case. make check leaves it out, and make check-more runs it
# ours-only		the test is about a feature that the in-tree driver lacks
# fails-in-tree		the test is about a defect of the in-tree driver

# Builds and collects the files that every guest finds below /cmm: cmm-admin, and the tests with their helpers
build_share() {
	say "building cmm-admin for the guests"
	lab_tool "$BUILD/lab/tool"
	rm -rf "$SHARE"
	mkdir -p "$SHARE/bin"
	cp "$BUILD/lab/tool/cmm-admin" "$SHARE/bin/"
	cp -r "$TOP/tests/lib" "$TOP"/tests/vm/{suite,defects,chaos} "$TOP/tests/vm/guest" "$SHARE/"
	cp "$TOP/src/interface.h" "$TOP/tools/man/cmm.4.in" "$SHARE/lib/"
	lab_program "$TOP/tests/hypervisor/touch-unmapped.c" "$SHARE/bin" -pthread
	lab_program "$TOP/tests/vm/defects/fail-loading.c" "$SHARE/bin"
	lab_program "$TOP/tests/vm/guest/exhaust.c" "$SHARE/bin"
}

# lab_program SOURCE DIR [OPTION...]: compiles SOURCE to a static program for guests, and puts the program into DIR.
# OPTIONs are for the compiler.
lab_program() {
	local name
	name=$(basename "$1")
	cp "$1" "$2/"
	build "$BUILD/log/program-$name" "/work=$2" -- \
		"${CROSS}gcc" -O2 -Wall -Wextra -D_GNU_SOURCE -static "${@:3}" \
		-o "/work/${name%.*}" "/work/$name"
	rm "$2/$name"
}

# build_driver ours|in-tree: builds this driver for $KERNEL in the directory that driver_dir prints. For our driver, the
# words of $DRIVER_OPTIONS are arguments for make.
build_driver() {
	local driver=$1 kernel dir
	kernel=$(lab_kernel)
	dir=$(driver_dir "$driver")
	say "building the $driver driver for $(lab_version "$kernel")"
	rm -rf "$dir"
	if [ "$driver" = ours ]; then
		# shellcheck disable=SC2086  # options, each a word
		lab_module "$kernel" "$TOP/src" "$dir" ${DRIVER_OPTIONS:-}
	else
		lab_in_tree_module "$kernel" "$dir"
	fi
}

# Builds the modules of tests/vm/probes for $KERNEL. Guests have them in /cmm/probes/RELEASE
build_probes() {
	local kernel dir=$BUILD/lab/${KERNEL:?}/probes
	kernel=$(lab_kernel)
	rm -rf "$dir"
	lab_module "$kernel" "$TOP/tests/vm/probes" "$dir"
	mkdir -p "$SHARE/probes/$(lab_version "$kernel")"
	cp "$dir"/*.ko "$SHARE/probes/$(lab_version "$kernel")/"
}

# driver_dir DRIVER: prints the directory of the driver for $KERNEL. Drivers other than ours and in-tree, such as
# mutants, are in $OUT.
driver_dir() {
	case $1 in
	ours | in-tree) printf '%s\n' "$BUILD/lab/${KERNEL:?}/$1" ;;
	*) printf '%s\n' "$OUT/$1" ;;
	esac
}

# build_for_guests DRIVER...: builds the files for /cmm, and these drivers for $KERNEL. In a run, each is built
# only once
build_for_guests() {
	local driver
	debian_use_apt
	once share slot build_share
	once "probes-$KERNEL" slot build_probes
	for driver in "$@"; do
		once "driver-$KERNEL-$driver" slot build_driver "$driver"
	done
}

# tags_of FILE: prints the file's tags, each on a line
tags_of() {
	sed -n 's/^# bats file_tags=//p' "$1" | tr ',' '\n'
}

# has_tag FILE TAG: succeeds if the file has this tag
has_tag() {
	tags_of "$1" | grep -xF -- "$2" >/dev/null
}

# suites_for KIND [HAS...]: prints the files that a guest of this kind runs, as paths below /cmm. Each HAS is a tag from
# SUITE_NEEDS: the guest has what files with this tag need. Files tagged "last" are printed last
suites_for() {
	local file first=() last=()
	for file in "$SUITES"/*.bats; do
		suite_fits "$file" "$@" || continue
		if has_tag "$file" last; then
			last+=("suite/${file##*/}")
		else
			first+=("suite/${file##*/}")
		fi
	done
	echo "${first[*]-} ${last[*]-}"
}

# tagged TAG FILE...: prints the FILEs that have this tag. Each FILE is a path below tests/vm
tagged() {
	local file
	for file in "${@:2}"; do
		! has_tag "$TOP/tests/vm/$file" "$1" || echo "$file"
	done | paste -sd ' '
}

# has_slow_tests FILE: succeeds if at least one test of the file is tagged "slow"
has_slow_tests() {
	grep -qE '^# bats (file|test)_tags=(.*,)?slow(,|$)' "$1"
}

# slow_suites: reads paths of test files below tests/vm. Prints, in one line, the paths of files that have tests tagged
# "slow"
slow_suites() {
	local file
	xargs -n 1 | while read -r file; do
		! has_slow_tests "$TOP/tests/vm/$file" || echo "$file"
	done | paste -sd ' '
}

# suite_fits FILE KIND [HAS...]: succeeds if a guest of this kind can run the file. HAS means the same as in suites_for
suite_fits() {
	local file=$1 kind=$2 has=" ${*:3} " need
	suite_is_for "$file" "$kind" || return
	for need in "${SUITE_NEEDS[@]}"; do
		! has_tag "$file" "$need" || [[ $has == *" $need "* ]] || return
	done
}

# suite_is_for FILE KIND: succeeds if the file has the tag KIND, or if KIND is simulate and the file has no kind
suite_is_for() {
	local kind
	for kind in "${SUITE_KINDS[@]}"; do
		if has_tag "$1" "$kind"; then
			has_tag "$1" "$2"
			return
		fi
	done
	[ "$2" = simulate ]
}

# kind_options KIND: prints the options of boot for a guest of this kind
kind_options() {
	case $1 in
	hypervisor) echo --hypervisor cmo-page-size=4K ;;
	cmo-64k) echo --hypervisor cmo-page-size=64K ;;
	esac
}

# need_parameters NEED: prints the additional kernel parameters of a guest that runs files with the tag NEED, which is
# one of SUITE_NEEDS
need_parameters() {
	case $1 in
	in-tree-built-in) echo initcall_blacklist=cmm_init ;;
	in-tree-alive) echo cmm.simulate=1 ;;
	esac
}

# guest NAME DRIVER COMMAND [OPTION...]: runs COMMAND in a guest. Prints COMMAND's output, and also writes it to
# $OUT/NAME.out. Fails if the guest died or ran out of time, but not if COMMAND failed. OPTIONs are those of boot.
guest() {
	slot guest_now "$@"
}

guest_now() {
	local name=$1 driver=$2 command=$3 status=0
	shift 3
	"$TOP/tests/lab/boot" --name "$name" --module "$(printf '%s\n' "$(driver_dir "$driver")"/cmm*.ko)" \
		--share "$SHARE" "$@" -- "$command" 2>&1 |
		tee "$OUT/$name.out" | sed -u "s/^/$name: /" || status=$?
	[ "$status" -ne 125 ]
}

# guest_results NAME ENDED [LOG]: writes two results about the guest:
#
# - whether the guest powered off by itself. ENDED, which is true or false, is this result.
# - whether the log of the guest's kernel is clean. If LOG is false, this result is left out. LOG is false for the
#   in-tree driver, because that driver causes warnings.
guest_results() {
	local name=$1 ended=$2 log=${3:-true} console=$GUESTS/$1/console faults
	faults=$(kernel_faults "$console")
	{
		echo "$ended $name: the guest powers off by itself"
		! "$log" || echo "$(is_empty "$faults") $name: the kernel log is clean"
	} | tap_write "$OUT/$name-guest.tap"
	"$ended" || tail -n 25 "$console" >&2
	! "$log" || [ -z "$faults" ] || printf '%s\n' "$faults" >&2
}

# suite_on_ours NAME FILES [OPTION...]: runs tests of these files on our driver, in a guest. $TAGS selects the tests.
# All of these tests must pass. NAME and OPTION are those of guest.
suite_on_ours() {
	local name=$1 files=$2 ended=true
	shift 2
	guest "$name" ours "guest/suites ours '${TAGS:-all}' $files" "$@" || ended=false
	cp "$OUT/$name.out" "$OUT/$name.tap"
	guest_results "$name" "$ended"
}

# need_on_ours NAME NEED: runs the test files that have the tag NEED, on our driver, in a guest for each kind
need_on_ours() {
	local name=$1 need=$2 kind all files options
	for kind in "${SUITE_KINDS[@]}"; do
		read -ra all <<<"$(suites_for "$kind" "$need")"
		files=$(tagged "$need" "${all[@]}")
		[ -n "$files" ] || continue
		read -ra options <<<"$(kind_options "$kind")"
		suite_on_ours "$name-$need-$kind" "$files" --timeout 300 \
			--append "$(need_parameters "$need")" "${options[@]}"
	done
}

# suite_on_in_tree NAME FILES [OPTION...]: runs tests as suite_on_ours does, but on the in-tree driver. Tests tagged
# fails-in-tree must fail, and all others must pass.
suite_on_in_tree() {
	local name=$1 files=$2 ended=true
	shift 2
	guest "$name" in-tree "guest/suites in-tree '${TAGS:-all}' $files" "$@" || ended=false
	tap_in_tree <"$OUT/$name.out" >"$OUT/$name.tap"
	guest_results "$name" "$ended" false
}

# check_reboot NAME: reboots a guest that has memory on loan, and writes results. The guest's command can't report a
# status after the reboot, so the results come from the kernel's log.
check_reboot() {
	local name=$1 console=$GUESTS/$1/console
	guest "$name" ours "bash guest/reboot" --timeout 120 || true
	{
		echo "$(said "$console" 'reboot: Restarting system') $name: the machine reboots with memory on loan"
		echo "$(said "$console" 'cmm: returning memory before the reboot: ') $name: the log says that memory is returned before the reboot"
		echo "$(said "$console" 'cmm: reboot: nothing on loan') $name: every page is active at the reboot"
		echo "$(is_empty "$(kernel_faults "$console")") $name: the kernel log is clean"
	} | tap_write "$OUT/$name.tap"
}

# check_end NAME SCRIPT SAYING [OPTION...]: runs SCRIPT in a guest. SCRIPT loans 256 MiB, and then reboots or starts
# another kernel by kexec. Checks that the guest's console has the text SAYING, and that the hypervisor counted as many
# activations as loans. Refused activations do not count.
check_end() {
	local name=$1 script=$2 saying=$3 run=$GUESTS/$1
	shift 3
	guest "$name" ours "bash guest/$script" --hypervisor cmo-page-size=4K --timeout 180 "$@" || true
	{
		echo "$(said "$run/console" "$saying") $name: with memory on loan, the console says '$saying'"
		echo "$(holds all_are_active "$run/qemu.log")" \
			"$name: the hypervisor counts 65536 loans and as many activations"
		echo "$(is_empty "$(kernel_faults "$run/console")") $name: the kernel log is clean"
	} | tap_write "$OUT/$name.tap"
}

# hv_count LOG NAME: prints the count NAME from the line that the emulated hypervisor printed to LOG when QEMU ended
hv_count() {
	sed -nE "s/^cmo:.* $2=([0-9]+).*/\1/p" "$1"
}

# all_are_active LOG: succeeds if no page is on loan, and the hypervisor counted 65536 loans and as many activations
# that it did not refuse
all_are_active() {
	[ "$(hv_count "$1" loaned)" -eq 0 ] && [ "$(hv_count "$1" loans)" -eq 65536 ] &&
		[ $(($(hv_count "$1" activations) - $(hv_count "$1" refused-activations))) -eq 65536 ]
}

check_hypervisor_reboot() {
	check_end "$1" real-reboot 'reboot: Restarting system'
	echo "$(holds log_counts_down "$GUESTS/$1/console")" \
		"$1: during a slow return, the log repeats how much is on loan" | tap_write "$OUT/$1-log.tap"
}

# log_counts_down CONSOLE: succeeds if at least two lines say how much is on loan before the reboot, and each of them
# has a smaller amount than the previous one
log_counts_down() {
	local amounts
	amounts=$(sed -nE 's/.*cmm: returning memory before the reboot: ([0-9]+) KiB are on loan.*/\1/p' "$1")
	[ "$(wc -l <<<"$amounts")" -ge 2 ] && sort -rnuc <<<"$amounts"
}

check_kexec() {
	mkdir -p "$OUT/kexec"
	cp "$(lab_kernel)/vmlinux" "$OUT/kexec/"
	check_end "$1" real-kexec 'second kernel' --share "$OUT/kexec"
	echo "$(holds waited_for_refused "$GUESTS/$1/qemu.log")" \
		"$1: the kexec waits while activations are refused for 20 s" | tap_write "$OUT/$1-refused.tap"
}

# waited_for_refused LOG: succeeds if the hypervisor refused activations, and all pages are active nevertheless
waited_for_refused() {
	[ "$(hv_count "$1" refused-activations)" -gt 0 ] && all_are_active "$1"
}
