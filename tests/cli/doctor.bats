#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# cmm-admin doctor. Most tests make one fault: one check must report this fault, and all other checks must pass. The
# name of such a test begins with the name and the finding of that check.
# shellcheck disable=SC2154  # admin() sets errors

bats_require_minimum_version 1.5.0
load ../lib/cli

RELEASE=6.1.0-fixture
CHECKS=22

# configure RELEASE [OPTION...]: makes the configuration of the kernel RELEASE. It has each OPTION, and the options of
# the kernels for which fixture_module() makes a module
configure() {
	printf 'CONFIG_%s=y\n' SMP MODULE_UNLOAD "${@:2}" >"$ROOT/boot/config-$1"
}

# Makes the tree of a partition in which every check passes
setup() {
	fixture
	fixture_module 0123456789ABCDEF "$RELEASE"
	mkdir -p "$ROOT"/{boot,proc/powerpc,usr/lib/udev/rules.d,usr/lib/systemd/system,sys/kernel/security} \
		"$ROOT/lib/modules/$RELEASE/build/include"
	configure "$RELEASE" PPC_SMLPAR MEMORY_BALLOON
	cp "$BATS_TEST_DIRNAME/machines/made/power9-shared/proc/cpuinfo" "$ROOT/proc"
	cp "$BATS_TEST_DIRNAME/machines/made/power9-shared/proc/powerpc/lparcfg" "$ROOT/proc/powerpc"
	echo 0 >"$ROOT/proc/sys/kernel/modules_disabled"
	mkdir -p "$ROOT/proc/1" "$ROOT/proc/sys/vm"
	echo systemd >"$ROOT/proc/1/comm"
	echo 0 >"$ROOT/proc/sys/vm/overcommit_memory"
	echo 0 >"$ROOT/proc/sys/vm/overcommit_kbytes"
	printf 'CommitLimit:     1048576 kB\nCommitted_AS:     524288 kB\n' >>"$ROOT/proc/meminfo"
	echo 'ro cmo_free_hint=off' >"$ROOT/proc/cmdline"
	echo '# rule' >"$ROOT/usr/lib/udev/rules.d/90-cmm.rules"
	echo '# unit' >"$ROOT/usr/lib/systemd/system/cmm-apply.service"
	echo '[none] integrity confidentiality' >"$ROOT/sys/kernel/security/lockdown"
	mkdir -p "$ROOT/var/lib/dkms/cmm"
}

# finds STATUS CHECK FINDING TEXT [REMEDY]: runs doctor, and checks that doctor exits with STATUS. In the output CHECK
# must have this FINDING, TEXT and REMEDY, and all other checks must pass
finds() {
	admin "$1" doctor --json
	jq -e --arg check "$2" --arg finding "$3" --arg text "$4" --arg remedy "${5:-}" '
		(.checks[] | select(.check == $check)
			| .finding == $finding and (.text | contains($text))
				and ((.remedy // "") | contains($remedy)))
		and ([.checks[] | select(.check != $check and .finding != "PASS")] == [])
	' <<<"$output"
}

# user_finds CHECK FINDING TEXT: runs doctor as an ordinary user. CHECK must have this FINDING and TEXT
user_finds() {
	as_user 0 doctor -o CHECK,FINDING,TEXT
	grep -qE "^$1 +$2 +.*$3" <<<"$output"
}

# index_fails TEXT: runs doctor. Only the check build-running must fail, with TEXT and the remedy depmod, which makes
# the index of the kernel's modules
index_fails() {
	admin 1 doctor
	grep -q "^build-running *FAIL *$1 *depmod $RELEASE *$" <<<"$output"
	[ "$(grep -c FAIL <<<"$output")" -eq 1 ]
}

@test "doctor: status 0 on a system without faults, and every check passes" {
	admin 0 doctor --json
	[ "$(jq '[.checks[] | select(.finding != "PASS")] | length' <<<"$output")" -eq 0 ]
	[ "$(jq '.checks | length' <<<"$output")" -eq "$CHECKS" ]
	admin 0 doctor
	[ "$(grep -c PASS <<<"$output")" -eq "$CHECKS" ]
	[[ $output != *$'\e'* ]]
}

@test "kernel-balloon FAIL, kernel-smlpar WARN: a kernel option is missing" {
	configure "$RELEASE" PPC_SMLPAR
	finds 1 kernel-balloon FAIL "neither MEMORY_BALLOON nor BALLOON" "boot a distribution kernel"
	configure "$RELEASE" BALLOON
	echo '# CONFIG_PPC_SMLPAR is not set' >>"$ROOT/boot/config-$RELEASE"
	finds 0 kernel-smlpar WARN "lacks PPC_SMLPAR" CONFIG_PPC_SMLPAR=y
}

@test "kernel-balloon UNKNOWN: the kernel's configuration has no options" {
	local content
	for content in '' '# Automatically generated file; DO NOT EDIT.' $'<html>\n<a href="CONFIG_X=y">'; do
		echo "$content" >"$ROOT/boot/config-$RELEASE"
		admin 0 doctor
		[ "$(unknown)" = "kernel-balloon kernel-smlpar free-hint" ]
	done
}

@test "doctor finds the kernel's configuration beside its modules, as on RHEL" {
	mv "$ROOT/boot/config-$RELEASE" "$ROOT/lib/modules/$RELEASE/config"
	admin 0 doctor
	[ "$(grep -c PASS <<<"$output")" -eq "$CHECKS" ]
}

# installed RELEASE: adds a kernel with headers, but without a driver, to the tree
installed() {
	mkdir -p "$ROOT/lib/modules/$1"/{kernel,build/include}
	touch "$ROOT/lib/modules/$1"/modules.{dep,order,builtin}
}

# newer_kernel: adds a newer kernel without a driver to the tree
newer_kernel() {
	installed 6.12.0-newer
	configure 6.12.0-newer PPC_SMLPAR MEMORY_BALLOON
}

@test "build-others FAIL: a newer kernel has no module, or no balloon option" {
	newer_kernel
	finds 1 build-others FAIL "6.12.0-newer, which has no other cmm driver" "dkms autoinstall -k 6.12.0-newer"
	configure 6.12.0-newer PPC_SMLPAR
	finds 1 build-others FAIL "6.12.0-newer, which has neither MEMORY_BALLOON nor BALLOON" "boot a distribution kernel"
}

@test "build-others FAIL: names the kernel and the log of a failed build" {
	local log=/var/lib/dkms/cmm/2.0.0/build/make.log
	newer_kernel
	mkdir -p "$ROOT/${log%/*}"
	echo "DKMS make.log for cmm-2.0.0 for kernel 6.12.0-newer (ppc64le)" >"$ROOT$log"
	finds 1 build-others FAIL "kernel 6.12.0-newer failed: see $log" "dkms autoinstall -k 6.12.0-newer"
	echo "DKMS (dkms-3.2.2) make.log for cmm/2.0.0 for kernel $RELEASE (ppc64le)" >"$ROOT$log"
	finds 1 build-others FAIL "has no other cmm driver"
	echo "nonsense" >"$ROOT$log"
	finds 1 build-others FAIL "has no other cmm driver"
	fixture_module 0123456789ABCDEF 6.12.0-newer
	mkdir -p "$ROOT/lib/modules/6.12.0-newer/build/include"
	admin 0 doctor
}

@test "doctor --report writes facts for a bug report, but no serial number" {
	local file=$BATS_TEST_TMPDIR/report.txt
	mkdir -p "$ROOT"/{etc/cmm/cmm.conf.d,var/lib/dkms/cmm/2.0.0/build}
	printf 'serial_number=IBM,123\n' >>"$ROOT/proc/powerpc/lparcfg"
	echo 'cmo_free_hint=off quiet password=x initcall_blacklist=cmm_init cmm.delay=3' >"$ROOT/proc/cmdline"
	printf '[parameters]\ndelay = 2\n' >"$ROOT/etc/cmm/cmm.conf.d/10.conf"
	echo "make.log for kernel $RELEASE (x)" >"$ROOT/var/lib/dkms/cmm/2.0.0/build/make.log"
	admin 0 doctor --report "$file"
	[ -z "$output" ]
	[ "$(stat -c %a "$file")" = 600 ]
	grep -qx '== cmm-admin doctor' "$file"
	grep -q '^driver *PASS *the cmm-dkms driver runs' "$file"
	grep -qE '^loaned +256 MiB' "$file"
	grep -qx 'partition_id=7' "$file"
	grep -qx 'initcall_blacklist=cmm_init cmm.delay=3' "$file"
	grep -qx 'delay = 2' "$file"
	grep -qx "make.log for kernel $RELEASE (x)" "$file"
	grep -qx '== /sys/devices/system/cmm/cmm0/stats/oom_events' "$file"
	run ! grep -qE 'IBM,123|password' "$file"
}

@test "doctor --report writes UTF-8 text without control characters" {
	local file=$BATS_TEST_TMPDIR/report.txt conf=$ROOT/etc/cmm/cmm.conf.d
	mkdir -p "$conf"
	printf '# \xff \x1b[31m\tred\n# \0 zero\n# last' >"$ROOT/etc/cmm/cmm.conf"
	printf '# x\n' >"$conf"/$'\xfe\n.conf'
	printf 'serial\0 serial_number=IBM,123\n' >>"$ROOT/proc/powerpc/lparcfg"
	admin 0 doctor --report "$file"
	iconv -f UTF-8 -t UTF-8 "$file" >/dev/null
	run ! grep -P '[\x00-\x08\x0b-\x1f]' "$file"
	grep -qxF $'# \\xff \\x1b[31m\tred' "$file"
	grep -qx '#   zero' "$file"
	grep -qx '# last' "$file"
	grep -qxF "== /etc/cmm/cmm.conf.d/\\xfe\\x0a.conf" "$file"
	run ! grep IBM,123 "$file"
}

# This test does not use --sysroot. With that option doctor runs no commands of the system, such as journalctl, for its
# report.
@test "doctor --report leaves out the command line in the kernel's log" {
	local file=$BATS_TEST_TMPDIR/report.txt
	mkdir "$BATS_TEST_TMPDIR/bin"
	cat >"$BATS_TEST_TMPDIR/bin/journalctl" <<-'END'
		#!/bin/sh
		echo 'kernel: Kernel command line: password=x initcall_blacklist=cmm_init'
		echo 'kernel: cmm: said something'
	END
	chmod +x "$BATS_TEST_TMPDIR/bin/journalctl"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH "$CMM_ADMIN" doctor --report "$file"
	grep -qx 'kernel: cmm: said something' "$file"
	run ! grep -q password "$file"
}

# command_script NAME LINE...: makes a script NAME that consists of each LINE. With the script's directory in PATH,
# doctor --report runs the script instead of the system's command NAME
command_script() {
	local file=$BATS_TEST_TMPDIR/bin/$1
	shift
	mkdir -p "${file%/*}"
	printf '%s\n' '#!/bin/sh' "$@" >"$file"
	chmod +x "$file"
}

@test "doctor --report ends a command that does not end by itself" {
	local file=$BATS_TEST_TMPDIR/report.txt
	command_script dkms 'echo before' 'exec sleep 60'
	command_script uname 'sleep 60 &' 'echo a process is left'
	command_script modinfo 'exec yes'
	PATH=$BATS_TEST_TMPDIR/bin:$PATH timeout 50 "$CMM_ADMIN" doctor --report "$file" 3>&-
	[ "$(grep -x -A 2 '== dkms status -m cmm' "$file")" = \
		$'== dkms status -m cmm\nbefore\n(ended because it took more than 20 seconds)' ]
	[ "$(grep -x -A 2 '== uname -srvm' "$file")" = $'== uname -srvm\na process is left' ]
	[ "$(stat -c %s "$file")" -lt 2000000 ]
}

@test "doctor --report includes the content of each configuration file" {
	local file=$BATS_TEST_TMPDIR/report.txt dir
	for dir in etc usr/lib; do
		mkdir -p "$ROOT/$dir/cmm/cmm.conf.d"
		echo "# main of $dir" >"$ROOT/$dir/cmm/cmm.conf"
		echo "# drop-in of $dir" >"$ROOT/$dir/cmm/cmm.conf.d/10.conf"
	done
	admin 0 doctor --report "$file"
	for dir in etc usr/lib; do
		grep -qx "# main of $dir" "$file"
		grep -qx "# drop-in of $dir" "$file"
	done
}

@test "doctor --report refuses --json, --raw and the like, and writes no file" {
	local option
	for option in --json --raw --noheadings --output=TEXT; do
		fails 2 "--report cannot be combined" doctor --report "$BATS_TEST_TMPDIR/report.txt" "$option"
	done
	[ ! -e "$BATS_TEST_TMPDIR/report.txt" ]
}

@test "doctor --report prints one line and leaves no file if writing fails" {
	admin 1 doctor --report "$BATS_TEST_TMPDIR/nowhere/report"
	[[ $errors == "cmm-admin: doctor: cannot write $BATS_TEST_TMPDIR/nowhere/report: No such file or directory" ]]
	mkdir "$BATS_TEST_TMPDIR/directory"
	admin 1 doctor --report "$BATS_TEST_TMPDIR/directory"
	[ -z "$(ls "$BATS_TEST_TMPDIR/directory")" ]
	admin 2 doctor --report
}

@test "firmware WARN: the firmware offers no memory sharing" {
	printf 'lparcfg 1.9\ncmo_enabled=0\n' >"$ROOT/proc/powerpc/lparcfg"
	finds 0 firmware WARN "offers no memory sharing" "profile"
}

@test "firmware FAIL: the hypervisor's pages are larger than the kernel's" {
	sed -i 's/^cmo_page_size=.*/cmo_page_size=65536/' "$ROOT/proc/powerpc/lparcfg"
	finds 0 firmware PASS "offers memory sharing"
	echo CONFIG_PPC_64K_PAGES=y >>"$ROOT/boot/config-$RELEASE"
	finds 0 firmware PASS "offers memory sharing"
	sed -i s/64K/4K/ "$ROOT/boot/config-$RELEASE"
	finds 1 firmware FAIL "pages of 64 KiB are larger than the kernel's, of 4 KiB" CONFIG_PPC_64K_PAGES
	sed -i s/65536/4096/ "$ROOT/proc/powerpc/lparcfg"
	finds 0 firmware PASS "offers memory sharing"
}

@test "driver FAIL: no driver is loaded, so checks of its values are UNKNOWN" {
	rm -r "$FIXTURE_DEVICE"
	admin 1 doctor
	grep -q "^driver *FAIL *no cmm driver is loaded *modprobe cmm" <<<"$output"
	[ "$(unknown)" = "file configuration oom-freed floors loan" ]
}

# Prints the names of the checks that have the finding UNKNOWN
unknown() {
	"$CMM_ADMIN" doctor --raw --noheadings -o CHECK,FINDING --sysroot "$ROOT" |
		awk '$2 == "UNKNOWN" { print $1 }' | paste -sd ' '
}

@test "checks of the driver's values are UNKNOWN if a value cannot be read" {
	become_in_tree
	: >"$FIXTURE_DEVICE/oom_freed_kb"
	admin 1 doctor
	[ "$(unknown)" = "oom configuration oom-freed floors loan" ]
}

@test "driver UNKNOWN: the user may not look for the driver or its parameters" {
	local dir
	for dir in "$ROOT/sys/devices" "$FIXTURE_DEVICE" "$FIXTURE_PARAMETERS"; do
		chmod go-rwx "$dir"
		user_finds driver UNKNOWN "this user may not read the driver's figures"
		user_finds oom-freed UNKNOWN "figures cannot be read"
		run ! grep -q "nothing is loaned" <<<"$output"
		chmod go+rX "$dir"
	done
	sed -i 's/pvr 004e/pvr 0080/; s/cmo_enabled=1/cmo_enabled=0/' "$ROOT"/proc/{cpuinfo,powerpc/lparcfg}
	chmod go-rwx "$ROOT/sys/devices"
	user_finds driver UNKNOWN "this user may not read the driver's figures"
}

@test "oom FAIL: the in-tree driver can crash the machine, unless oom_kb is 0" {
	put "$FIXTURE_DEVICE" loaned_kb 512
	become_in_tree
	admin 1 doctor --raw --noheadings -o CHECK,FINDING,TEXT,REMEDY
	grep -q '^driver FAIL the\\x20in-tree\\x20driver' <<<"$output"
	grep -q '^oom FAIL an\\x20out-of-memory\\x20event.*1\\x20MiB.*now\\x20512\\x20KiB.*kills.*oom_kb=0' <<<"$output"
	put "$FIXTURE_PARAMETERS" oom_kb 0
	admin 1 doctor
	grep -q '^oom *PASS' <<<"$output"
	rm "$FIXTURE_MODULE/initstate"
	admin 1 doctor
	grep -q '^driver *FAIL *the built in driver.*initcall_blacklist=cmm_init' <<<"$output"
}

@test "file WARN: the running driver differs from the module file on the disk" {
	put "$FIXTURE_MODULE" srcversion FEDCBA9876543210
	finds 0 file WARN "the running driver is not /lib/modules/$RELEASE/updates/dkms/cmm.ko" "modprobe cmm"
}

@test "build-others FAIL, build-running FAIL: the module is not built" {
	installed 6.10.0-newer
	depmod -b "$ROOT" 6.10.0-newer
	mkdir "$ROOT/lib/modules/7.0.0-leftover"
	finds 1 build-others FAIL "not built for kernel 6.10.0-newer" \
		"dkms autoinstall -k 6.10.0-newer"
	fixture_module 0123456789ABCDEF 6.10.0-newer
	mkdir -p "$ROOT/lib/modules/6.10.0-newer/build/include"
	rm "$ROOT/lib/modules/$RELEASE/updates/dkms/cmm.ko"
	depmod -b "$ROOT" "$RELEASE"
	admin 1 doctor
	grep -q "^build-running *FAIL .*has no other cmm driver *dkms autoinstall -k $RELEASE" <<<"$output"
	grep -q "^build-others *PASS" <<<"$output"
}

# RPM, Debian and release candidates have different rules for which of two release numbers is higher. So doctor does not
# decide which kernel is newer, and checks all kernels.
@test "build-others FAIL: not built for another kernel, older or newer" {
	local pair running other
	for pair in "4.18.0-553.el8_10.ppc64le 4.18.0-553.64.1.el8_10.ppc64le" "6.1.0-9-powerpc64le 6.1.0-10-powerpc64le" \
		"6.12.0-rc7 6.12.0" "6.12~rc7-powerpc64le 6.12-powerpc64le" "5.14.0-503.el9 5.14.0-503.el9_5" \
		"5.3.18-150300.59.93-default 5.3.18-59.40-default"; do
		read -r running other <<<"$pair"
		for _ in older newer; do
			rm -rf "${ROOT:?}"/{lib/modules,boot}
			mkdir "$ROOT/boot"
			put "$ROOT/proc/sys/kernel" osrelease "$running"
			configure "$running" PPC_SMLPAR MEMORY_BALLOON
			fixture_module 0123456789ABCDEF "$running"
			mkdir -p "$ROOT/lib/modules/$running/build/include"
			installed "$other"
			finds 1 build-others FAIL "not built for kernel $other, which has no other cmm driver" "dkms autoinstall -k $other"
			fixture_module 0123456789ABCDEF "$other"
			finds 0 build-others PASS "built for all other installed kernels"
			read -r other running <<<"$pair"
		done
	done
}

@test "build-others FAIL: names the first faulty kernel and counts the others" {
	finds 0 build-others PASS "no other kernel is installed"
	installed 6.2.0-a
	installed 6.3.0-b
	finds 1 build-others FAIL "kernel 6.2.0-a, which has no other cmm driver; 1 more kernel has this finding"
	installed 6.4.0-c
	rm -r "$ROOT/lib/modules/6.2.0-a/build"
	finds 1 build-others FAIL "; 2 more kernels have this finding" "install the headers of kernel 6.2.0-a, then run: dkms autoinstall -k"
}

@test "build-others FAIL: suggests cmm-dkms if it is not installed" {
	rmdir "$ROOT/var/lib/dkms/cmm"
	installed 6.2.0-a
	finds 1 build-others FAIL "not built for kernel 6.2.0-a" "install cmm-dkms, and the headers of kernel 6.2.0-a"
	run ! grep dkms.autoinstall <<<"$output"
}

@test "build-others: a kernel counts if it has own modules or an image" {
	local dir=$ROOT/lib/modules/6.2.0-a image
	mkdir -p "$dir/kernel"
	finds 1 build-others FAIL "not built for kernel 6.2.0-a"
	rmdir "$dir/kernel"
	mkdir -p "$dir/updates/dkms"
	touch "$dir"/modules.{dep,order,builtin}
	finds 0 build-others PASS "no other kernel is installed"
	for image in "$ROOT"/boot/vmlinu{x,z}-6.2.0-a "$dir"/vmlinu{x,z}; do
		touch "$image"
		finds 1 build-others FAIL "not built for kernel 6.2.0-a"
		rm "$image"
	done
	chmod go-rwx "$ROOT/boot"
	as_user 1 doctor
	grep -q "^build-others *FAIL *not built for kernel 6.2.0-a" <<<"$output"
}

@test "build-others: a link to a kernel's directory is not another kernel" {
	ln -s "$RELEASE" "$ROOT/lib/modules/current"
	finds 0 build-others PASS "no other kernel is installed"
	installed 6.2.0-a
	mkdir "$ROOT/elsewhere"
	mv "$ROOT/lib/modules/6.2.0-a" "$ROOT/elsewhere/modules"
	ln -s ../../elsewhere/modules "$ROOT/lib/modules/6.2.0-a"
	finds 1 build-others FAIL "not built for kernel 6.2.0-a, which has no other cmm driver"
}

@test "build-others: FAIL of one kernel outranks UNKNOWN of an earlier kernel" {
	fixture_module 0123456789ABCDEF 6.2.0-a updates/dkms "vermagic="
	mkdir -p "$ROOT/lib/modules/6.2.0-a/build/include"
	finds 0 build-others UNKNOWN "6.2.0-a/updates/dkms/cmm.ko does not say for which kernel it is built"
	installed 6.3.0-b
	finds 1 build-others FAIL "not built for kernel 6.3.0-b"
	fixture_module 0123456789ABCDEF 6.4.0-c updates/dkms "vermagic="
	finds 1 build-others FAIL "not built for kernel 6.3.0-b, which has no other cmm driver"
	run ! grep "more kernel" <<<"$output"
	rm -r "$ROOT/lib/modules/6.3.0-b"
	finds 0 build-others UNKNOWN "is built; 1 more kernel has this finding"
}

@test "build-running FAIL: an in-tree module file is not taken for ours" {
	local place
	for place in kernel/arch extra; do
		fixture_module 0123456789ABCDEF "$RELEASE" "$place" "intree=Y"
		mkdir -p "$ROOT/lib/modules/$RELEASE/build/include"
		admin 1 doctor
		grep -q "^build-running *FAIL .*would load its own in-tree driver" <<<"$output"
	done
}

@test "build-running FAIL: not built, and the kernel has a built-in driver" {
	rm "$ROOT/lib/modules/$RELEASE/updates/dkms/cmm.ko"
	echo kernel/arch/powerpc/platforms/pseries/cmm.ko >"$ROOT/lib/modules/$RELEASE/modules.builtin"
	depmod -b "$ROOT" "$RELEASE"
	rm -r "$FIXTURE_DEVICE"
	admin 1 doctor
	grep -qE "^build-running +FAIL +not built for kernel $RELEASE, which has its own driver built in" <<<"$output"
	grep -qE "^driver +FAIL .*see the check build-running" <<<"$output"
}

@test "build-running FAIL: depmod did not run after the module was installed" {
	local dir=$ROOT/lib/modules/$RELEASE place
	for place in updates/dkms/cmm.ko updates/cmm.ko.zst extra/cmm_dkms.ko.xz; do
		mv "$dir/updates" "$BATS_TEST_TMPDIR"
		depmod -b "$ROOT" "$RELEASE"
		mkdir -p "$dir/${place%/*}"
		cp "$BATS_TEST_TMPDIR/updates/dkms/cmm.ko" "$dir/$place"
		index_fails "/lib/modules/$RELEASE/$place is not in the module index of kernel $RELEASE,.*"
		rm -r "${dir:?}/${place%%/*}"
		mv "$BATS_TEST_TMPDIR/updates" "$dir"
	done
}

@test "build-running FAIL: the index of the kernel's modules is damaged" {
	local dir=$ROOT/lib/modules/$RELEASE
	: >"$dir/modules.dep.bin"
	index_fails "/lib/modules/$RELEASE/updates/dkms/cmm.ko is not in the module index.*"
	echo potato >"$dir/modules.dep.bin"
	index_fails "/lib/modules/$RELEASE/updates/dkms/cmm.ko is not in the module index.*"
	rm "$dir/modules.dep.bin"
	index_fails "/lib/modules/$RELEASE/updates/dkms/cmm.ko is not in the module index.*"
}

# libkmod crashes or loops forever on these files. The index has 50 bytes.
@test "build-running FAIL: the index or the module is cut off or overwritten" {
	local dir=$ROOT/lib/modules/$RELEASE length
	for length in 10 49; do
		depmod -b "$ROOT" "$RELEASE"
		truncate -s "$length" "$dir/modules.dep.bin"
		echo "length $length"
		admin 1 doctor
		grep -q "^build-running *FAIL .*damaged *depmod $RELEASE; if" <<<"$output"
		[ "$(grep -c PASS <<<"$output")" -gt 15 ]
		admin 0 report
	done
	depmod -b "$ROOT" "$RELEASE"
	patch_header 62 '\0\0'
	admin 1 doctor
	grep -q "^build-running *FAIL .* damaged" <<<"$output"
}

@test "build-running FAIL: the index names a module file that was moved" {
	local dir=$ROOT/lib/modules/$RELEASE
	mkdir "$dir/extra"
	mv "$dir/updates/dkms/cmm.ko" "$dir/extra"
	index_fails "the module index of .* names /lib/modules/$RELEASE/updates/dkms/cmm.ko, which does not exist"
}

@test "build-running FAIL: a built-in driver has the name of our module" {
	echo kernel/arch/powerpc/platforms/pseries/cmm.ko >"$ROOT/lib/modules/$RELEASE/modules.builtin"
	depmod -b "$ROOT" "$RELEASE"
	admin 1 doctor
	grep -qE "^build-running +FAIL +modprobe does not load .*/cmm.ko: kernel $RELEASE has its own driver" <<<"$output"
	grep -q "builds the module cmm_dkms" <<<"$output"
}

@test "headers WARN: the headers of the running kernel are not installed" {
	rm -r "$ROOT/lib/modules/$RELEASE/build"
	finds 0 headers WARN "headers of kernel $RELEASE are not installed" "linux-headers-$RELEASE (Debian, Ubuntu), kernel-devel-$RELEASE "
	mkdir "$ROOT/lib/modules/$RELEASE/build"
	finds 0 headers WARN "headers of kernel $RELEASE are not installed"
}

@test "headers UNKNOWN: the user may not look for the headers" {
	mkdir "$ROOT/usr/src"
	mv "$ROOT/lib/modules/$RELEASE/build" "$ROOT/usr/src/linux-headers"
	ln -s ../../../usr/src/linux-headers "$ROOT/lib/modules/$RELEASE/build"
	finds 0 headers PASS "the headers of kernel $RELEASE are installed"
	chmod go-rwx "$ROOT/usr/src"
	user_finds headers UNKNOWN "this user may not look for the headers of kernel $RELEASE"
}

@test "build-running FAIL: an upgrade removed the running kernel" {
	local dir=$ROOT/lib/modules/$RELEASE
	newer_kernel
	fixture_module 0123456789ABCDEF 6.12.0-newer
	mkdir -p "$ROOT/lib/modules/6.12.0-newer/build/include"
	rm -r "$dir"
	for _ in missing empty; do
		admin 1 doctor
		grep -q "^build-running *FAIL *the running kernel $RELEASE is no longer installed.* reboot into" <<<"$output"
		grep -q "^headers *WARN *the running kernel $RELEASE is no longer installed.* reboot into" <<<"$output"
		mkdir -p "$dir/updates/dkms"
	done
}

# sig_enforce VALUE: sets the kernel's parameter module.sig_enforce
sig_enforce() {
	mkdir -p "$ROOT/sys/module/module/parameters"
	echo "$1" >"$ROOT/sys/module/module/parameters/sig_enforce"
}

@test "signature FAIL: unsigned module, and lockdown or sig_enforce is on" {
	echo 'none [integrity] confidentiality' >"$ROOT/sys/kernel/security/lockdown"
	finds 1 signature FAIL "requires signed modules (lockdown)" "sign the module"
	echo 'none integrity [confidentiality]' >"$ROOT/sys/kernel/security/lockdown"
	finds 1 signature FAIL "cmm.ko is not signed"
	echo '[none] integrity confidentiality' >"$ROOT/sys/kernel/security/lockdown"
	sig_enforce Y
	finds 1 signature FAIL "requires signed modules (sig_enforce), and /lib/modules/$RELEASE/updates/dkms/cmm.ko is not signed"
	sig_enforce N
	finds 0 signature PASS "the kernel requires no signature"
}

@test "signature UNKNOWN: the kernel does not say if it requires signatures" {
	rm "$ROOT/sys/kernel/security/lockdown"
	finds 0 signature UNKNOWN "it is unknown whether the kernel requires signed modules"
	echo capability >"$ROOT/sys/kernel/security/lsm"
	finds 0 signature PASS "the kernel requires no signature"
	sig_enforce potato
	finds 0 signature UNKNOWN "it is unknown whether the kernel requires signed modules"
}

@test "signature UNKNOWN: the user may not read sig_enforce" {
	sig_enforce N
	chmod go-rwx "$ROOT/sys/module/module/parameters"
	user_finds signature UNKNOWN "it is unknown whether the kernel requires signed modules"
}

# sign_module: signs the module as the kernel's scripts/sign-file does. Sets SERIAL to the serial number of the key
sign_module() {
	local module=$ROOT/lib/modules/$RELEASE/updates/dkms/cmm.ko dir=$BATS_TEST_TMPDIR length
	openssl req -new -x509 -nodes -subj '/CN=DKMS module signing key' -newkey ec \
		-pkeyopt ec_paramgen_curve:P-256 -keyout "$dir/key" -out "$dir/certificate" 2>/dev/null
	SERIAL=$(openssl x509 -in "$dir/certificate" -noout -serial)
	SERIAL=${SERIAL#serial=}
	openssl cms -sign -binary -noattr -nocerts -nosmimecap -md sha256 -in "$module" \
		-signer "$dir/certificate" -inkey "$dir/key" -outform DER -out "$dir/signature"
	length=$(stat -c %s "$dir/signature")
	cat "$dir/signature" >>"$module"
	# This is struct module_signature: id_type 2 means PKCS#7, and the last member is the signature's length in
	# big-endian order.
	printf '\0\0\2\0\0\0\0\0\0\0%b%b~Module signature appended~\n' "\\x$(printf %02x $((length / 256)))" \
		"\\x$(printf %02x $((length % 256)))" >>"$module"
}

# key NAME NUMBER: adds a key NAME with the serial number NUMBER to the tree's /proc/keys
key() {
	echo "1f4cc1b8 I------     1 perm 1f030000     0     0 asymmetri $1: $2: X509.rsa bb419ea1 []" >>"$ROOT/proc/keys"
}

@test "signature: PASS only if the module's key is in /proc/keys" {
	sig_enforce Y
	sign_module
	finds 0 signature UNKNOWN "/proc/keys shows no key" "as root"
	echo '0f3d5a7c I--Q---     5 perm 3f030000     0     0 keyring   _ses: 1' >"$ROOT/proc/keys"
	finds 0 signature UNKNOWN "/proc/keys shows no key"
	key "Debian Secure Boot CA" 6ccece7e4c6c0d1f6149f3dd27dfcc5cbb419ea1
	finds 1 signature FAIL "signed by DKMS module signing key, a key that the kernel does not have" "trust"
	key "Another DKMS module signing key" 01
	key "A number that contains the serial number" "a${SERIAL,,}"
	finds 1 signature FAIL "a key that the kernel does not have"
	key "DKMS module signing key" 6ccece7e4c6c0d1f6149f3dd27dfcc5cbb419ea2
	finds 0 signature UNKNOWN "a key of this name"
	key "DKMS module signing key" "${SERIAL,,}"
	finds 0 signature PASS "signed by DKMS module signing key, a key that the kernel has"
}

# keyring NAME CONTENT: adds a keyring of the kernel to the tree's /proc/keys
keyring() {
	echo "0f3d5a7c I------     1 perm 1f0b0000     0     0 keyring   $1: $2" >>"$ROOT/proc/keys"
}

# The kernel verifies modules with the keys in .builtin_trusted_keys and .secondary_trusted_keys. On some systems it
# also uses .machine or .platform.
@test "signature UNKNOWN: the key may be in a keyring that is not for modules" {
	local name
	sig_enforce Y
	sign_module
	for name in .platform .machine .ima .evm .blacklist .builtin_regdb_keys; do
		rm -f "$ROOT/proc/keys"
		key "DKMS module signing key" "${SERIAL,,}"
		keyring .builtin_trusted_keys 1
		keyring .secondary_trusted_keys 2
		keyring "$name" empty
		finds 0 signature PASS "a key that the kernel has"
		keyring "$name" 1
		finds 0 signature UNKNOWN "unknown whether it trusts it for modules" "keyctl show %:.secondary_trusted_keys, as root"
	done
}

# key_line FLAGS TIMEOUT TYPE: makes the tree's /proc/keys with only one key. Its serial number is $SERIAL. The
# arguments are columns of this file
key_line() {
	echo "1f4cc1b8 $1     1 $2 1f030000     0     0 $3 A key: ${SERIAL,,}: X509.rsa bb419ea1 []" >"$ROOT/proc/keys"
}

@test "signature: PASS only for a valid key that the kernel loaded itself" {
	local flags
	sig_enforce Y
	sign_module
	key_line I------ perm asymmetri
	finds 0 signature PASS "a key that the kernel has"
	key_line I------ 3d asymmetri
	finds 0 signature PASS "a key that the kernel has"
	key_line I--Q--- perm asymmetri
	finds 0 signature UNKNOWN "a program added this key"
	for flags in IR----- I-D---- ----U-- I----N- I-----i; do
		key_line "$flags" perm asymmetri
		finds 1 signature FAIL "a key that the kernel does not have"
	done
	key_line I------ expd asymmetri
	finds 1 signature FAIL "a key that the kernel does not have"
	key_line I------ perm "user      asymmetri"
	finds 0 signature UNKNOWN "/proc/keys shows no key"
	SERIAL=01
	key_line I--Q--- perm asymmetri
	finds 0 signature UNKNOWN "/proc/keys shows no key" "as root"
}

# The running module and the file have the same source. But the file may have been signed again since it was loaded.
@test "signature: a verified running module says nothing about the file's key" {
	local verified="The running module, of the same source, has a signature that the kernel trusts"
	sig_enforce Y
	sign_module
	echo OE >"$FIXTURE_MODULE/taint"
	finds 0 signature UNKNOWN "/proc/keys shows no key"
	[[ $output != *"$verified"* ]]
	echo O >"$FIXTURE_MODULE/taint"
	finds 0 signature UNKNOWN "/proc/keys shows no key to compare it with. $verified"
	key "Another key" 01
	finds 1 signature FAIL "a key that the kernel does not have"
	key "DKMS module signing key" 02
	finds 0 signature UNKNOWN "unknown whether it is the same key. $verified" "keyctl show"
	put "$FIXTURE_MODULE" srcversion FEDCBA9876543210
	admin 0 doctor
	grep -q "^signature *UNKNOWN" <<<"$output"
	[[ $output != *"$verified"* ]]
}

@test "signature UNKNOWN: IMA's policy also verifies modules" {
	local words dir=$ROOT/sys/kernel/security/ima
	for words in ima_policy=secure_boot 'ima_policy="tcb|secure_boot"' ima-policy=secure_boot\|tcb \
		'ima_policy="secure_boot tcb" ima_policy=tcb' "ima_policy=secure_boot module_blacklist=$(printf '%0200d' 0)"; do
		echo "ro cmo_free_hint=off $words" >"$ROOT/proc/cmdline"
		admin 0 doctor -o CHECK,FINDING,TEXT
		grep -q "^signature *UNKNOWN the kernel's IMA policy also verifies modules, and it is unknown" <<<"$output"
	done
	for words in ima_policy=tcb ima_policy=secure_boots ima_policy; do
		echo "ro cmo_free_hint=off $words" >"$ROOT/proc/cmdline"
		finds 0 signature PASS "the kernel requires no signature"
	done
	mkdir "$dir"
	printf '%s\n' 'measure func=MODULE_CHECK' 'dont_appraise func=MODULE_CHECK' 'appraise func=FIRMWARE_CHECK' >"$dir/policy"
	finds 0 signature PASS "the kernel requires no signature"
	echo 'appraise func=MODULE_CHECK appraise_type=imasig' >>"$dir/policy"
	finds 0 signature UNKNOWN "the kernel's IMA policy also verifies modules" "security.ima /lib/modules/$RELEASE/updates"
	sig_enforce Y
	finds 1 signature FAIL "cmm.ko is not signed"
	sig_enforce N
	chmod go-r "$dir/policy"
	user_finds signature PASS "the kernel requires no signature"
	run ! grep -q "cannot read" <<<"$output"
	rm "$ROOT/proc/cmdline"
	mkdir "$ROOT/proc/cmdline"
	user_finds signature UNKNOWN "it is unknown whether IMA verifies modules"
}

@test "loading FAIL: kernel.modules_disabled is set and no driver is loaded" {
	put "$ROOT/proc/sys/kernel" modules_disabled 1
	finds 0 loading PASS "the cmm-dkms driver is already loaded"
	rm -r "$FIXTURE_DEVICE"
	admin 1 doctor
	grep -q "^loading *FAIL .*no module is loaded until the next boot" <<<"$output"
	setup
	rm "$ROOT/proc/sys/kernel/modules_disabled"
	finds 0 loading UNKNOWN "cannot be read"
}

@test "loading FAIL: the kernel parameter module_blacklist names the module" {
	local list
	for list in cmm nouveau,cmm cmm,nouveau; do
		echo "ro cmo_free_hint=off module_blacklist=$list quiet" >"$ROOT/proc/cmdline"
		finds 1 loading FAIL "has cmm: the kernel refuses this module" "remove cmm from module_blacklist"
	done
	for list in cmm_dkms cm "" ","; do
		echo "ro cmo_free_hint=off module_blacklist=cmm module_blacklist=$list" >"$ROOT/proc/cmdline"
		finds 0 loading PASS "the kernel loads modules"
	done
	echo "ro cmo_free_hint=off module_blacklist=$(printf '%0200d' 0),cmm" >"$ROOT/proc/cmdline"
	finds 0 loading UNKNOWN "too long"
}

@test "loading: module_blacklist is read as the kernel reads it" {
	local words
	for words in 'module-blacklist=cmm' 'module_blacklist="cmm"' '"module_blacklist=cmm"' $'x\tmodule_blacklist=cmm' \
		'dyndbg="file main.c +p" module_blacklist="nouveau,cmm" --'; do
		printf '%s\n' "ro cmo_free_hint=off $words" >"$ROOT/proc/cmdline"
		finds 1 loading FAIL "has cmm: the kernel refuses this module"
	done
	for words in '-- module_blacklist=cmm' 'x="a module_blacklist=cmm"' 'module_blacklist_=cmm' 'module_black=cmm' '"'; do
		printf '%s\n' "ro cmo_free_hint=off $words" >"$ROOT/proc/cmdline"
		finds 0 loading PASS "the kernel loads modules"
	done
}

# The kernel compares the list with the symbol of the function to which module_init() of the driver refers.
@test "loading FAIL: initcall_blacklist has the driver's init function" {
	local init words
	init=$(sed -n 's/^module_init(\(.*\));$/\1/p' "$BATS_TEST_DIRNAME/../../src/main.c")
	for words in "initcall_blacklist=$init" "initcall-blacklist=cmm_init,$init" "initcall_blacklist=$init initcall_blacklist=x"; do
		echo "ro cmo_free_hint=off $words" >"$ROOT/proc/cmdline"
		finds 1 loading FAIL "initcall_blacklist on the kernel's command line has $init" "remove $init from"
	done
	for words in initcall_blacklist=cmm_init "initcall_blacklist=x$init" initcall_blacklist "-- initcall_blacklist=$init"; do
		echo "ro cmo_free_hint=off $words" >"$ROOT/proc/cmdline"
		finds 0 loading PASS "the kernel loads modules"
	done
}

# These must not affect the finding: a line for another module, a masked file, and a file that modprobe does not read.
@test "loading: an install command in modprobe.d can give FAIL or UNKNOWN" {
	local command place
	mkdir -p "$ROOT"/{etc,run,usr/lib}/modprobe.d
	echo 'install cmm /bin/false' >"$ROOT/etc/modprobe.d/README"
	printf '%s\n' 'install cmms /bin/false' 'options cmm delay=2' >"$ROOT/etc/modprobe.d/other.conf"
	echo 'install cmm /bin/false' >"$ROOT/usr/lib/modprobe.d/hidden.conf"
	ln -s /dev/null "$ROOT/etc/modprobe.d/hidden.conf"
	finds 0 loading PASS "the kernel loads modules"
	for place in etc run usr/lib; do
		for command in /bin/true /usr/bin/false false; do
			echo "install cmm $command" >"$ROOT/$place/modprobe.d/hardening.conf"
			finds 1 loading FAIL "modprobe runs '$command' instead of loading cmm" "grep -rs '^[[:space:]]*install' "
		done
		echo "install cm? /sbin/insmod cmm.ko" >"$ROOT/$place/modprobe.d/hardening.conf"
		finds 0 loading UNKNOWN "which may load cmm or not"
		echo "install cmm /sbin/modprobe --ignore-install cmm \$CMDLINE_OPTS" >"$ROOT/$place/modprobe.d/hardening.conf"
		finds 0 loading PASS "the kernel loads modules"
		rm "$ROOT/$place/modprobe.d/hardening.conf"
	done
}

# For modprobe, a line may begin with spaces and tabs.
@test "loading FAIL: the suggested grep finds the file of the install command" {
	local dir command
	for dir in etc run usr/local/lib usr/lib lib; do
		mkdir -p "$ROOT/$dir/modprobe.d"
		printf ' \tinstall\tcmm /bin/false\n' >"$ROOT/$dir/modprobe.d/a.conf"
		finds 1 loading FAIL "instead of loading cmm" "grep -rs "
		command=$(remedy loading | sed "s/.*; grep -rs /grep -rls /; s/ finds its file$//; s, /, $ROOT/,g")
		eval "run $command"
		[ "$output" = "$ROOT/$dir/modprobe.d/a.conf" ]
		rm "$ROOT/$dir/modprobe.d/a.conf"
	done
}

# doctor knows only one install command that loads cmm: "modprobe --ignore-install cmm" (-i for short). If these words
# are in a comment, or name another module, the check must not pass. It must not pass either if modprobe has an option
# with which it loads no module, such as -r. The command of our package passes.
@test "loading: PASS only if the install command in modprobe.d loads cmm" {
	local finding command
	mkdir -p "$ROOT/etc/modprobe.d"
	while read -r finding command; do
		echo "install cmm $command" >"$ROOT/etc/modprobe.d/a.conf"
		admin "$([ "$finding" = FAIL ] && echo 1 || echo 0)" doctor
		grep -qE "^loading +$finding " <<<"$output"
	done < <(
		cat <<-'END'
			PASS modprobe -i cmm
			PASS /usr/sbin/modprobe --quiet --ignore-install cmm && echo loaded
			PASS modprobe  -i -v cmm -s oom_kb=5 $CMDLINE_OPTS
			UNKNOWN /sbin/modprobe --ignore-install cmm_dkms
			UNKNOWN /sbin/modprobe other --ignore-install cmm
			UNKNOWN /sbin/modprobe --ignore-install
			UNKNOWN /sbin/modprobe --dry-run --ignore-install cmm
			UNKNOWN /sbin/modprobe -r -i cmm
			UNKNOWN /sbin/modprobe --ignore-install cmm -n
			UNKNOWN /sbin/modprobe -i cmm $(cat /etc/cmm-options)
			UNKNOWN /sbin/modprobe -i cmm oom_kb="5 M"
			UNKNOWN echo modprobe --ignore-install cmm
			UNKNOWN /bin/true; modprobe other
			FAIL /bin/true # was: /sbin/modprobe --ignore-install cmm
			FAIL /bin/false --ignore-install cmm
		END
		sed -n 's/^install cmm_dkms \(.*\)cmm_dkms/PASS \1cmm/p' "$BATS_TEST_DIRNAME/../../udev/cmm-modprobe.conf"
	)
}

@test "loading FAIL: the driver refuses an option in the install command" {
	local words
	mkdir -p "$ROOT/etc/modprobe.d"
	for words in 'min_avail_mb=2G' "\$CMDLINE_OPTS min_avail_mb=2G" 'min_avail_mb=2G && echo delay=x'; do
		echo "install cmm /sbin/modprobe --ignore-install cmm $words" >"$ROOT/etc/modprobe.d/a.conf"
		finds 1 loading FAIL "the driver refuses the option min_avail_mb=2G, " "install) cmm' shows the option"
	done
	echo "install cmm /sbin/modprobe -i cmm min_avail_mb=2 && echo delay=x" >"$ROOT/etc/modprobe.d/a.conf"
	finds 0 loading PASS "the kernel loads modules"
}

@test "loading FAIL: modprobe.d has an alias from cmm to another module" {
	local line
	mkdir -p "$ROOT/etc/modprobe.d"
	for line in "alias cmm off" "alias cm? dummy"; do
		echo "$line" >"$ROOT/etc/modprobe.d/a.conf"
		finds 1 loading FAIL "looks for the module ${line##* } instead of cmm" "grep -rs '^[[:space:]]*alias' "
	done
	for line in "alias cmm cmm" "alias cmm_dkms off" "alias xcmm off" "alias other cmm"; do
		echo "$line" >"$ROOT/etc/modprobe.d/a.conf"
		finds 0 loading PASS "the kernel loads modules"
	done
}

# unsupported PLACE FILE VALUE: makes a file with the line "allow_unsupported_modules VALUE"
unsupported() {
	mkdir -p "$ROOT/$1/modprobe.d"
	echo "allow_unsupported_modules $3" >"$ROOT/$1/modprobe.d/$2"
}

@test "loading FAIL: SUSE's modprobe refuses modules that are not supported" {
	local text="10-unsupported-modules.conf in modprobe.d has 'allow_unsupported_modules 0'"
	unsupported lib 10-unsupported-modules.conf 0
	finds 1 loading FAIL "$text" "allow_unsupported_modules 1' to /etc/modprobe.d/10-unsupported-modules.conf"
	unsupported etc 05-early.conf 1
	finds 1 loading FAIL "$text"
	unsupported usr/lib 99-late.conf 1
	finds 0 loading PASS "the kernel loads modules"
	unsupported etc 99-late.conf no
	finds 1 loading FAIL "99-late.conf in modprobe.d has"
	ln -sf /dev/null "$ROOT/etc/modprobe.d/99-late.conf"
	finds 1 loading FAIL "$text"
	unsupported run 10-unsupported-modules.conf 1
	finds 0 loading PASS "the kernel loads modules"
	rm -r "$ROOT/run/modprobe.d"
	fixture_module 0123456789ABCDEF "$RELEASE" updates/dkms supported=external
	mkdir -p "$ROOT/lib/modules/$RELEASE/build/include"
	finds 0 loading PASS "the kernel loads modules"
}

# Not modprobe, but the kernel parses the values of options. It refuses units such as M, and only warns of an option
# with an unknown name.
@test "loading FAIL: the driver refuses the value of an option in modprobe.d" {
	local option
	mkdir -p "$ROOT/etc/modprobe.d"
	for option in oom_kb=64M min_mem_mb=25% delay=-1 delay= delay oom-kb=4294967296 loan_policy=3 disable=2 simulate=x; do
		echo "options cmm debug=0 $option min_avail_mb=0" >"$ROOT/etc/modprobe.d/a.conf"
		finds 1 loading FAIL "the driver refuses the option $option, " "'^(options|install) cmm' shows the option"
	done
	for option in oom_kb=0x10 'delay="5"' delay=+5 min_mem_mb=18446744073709551615 loan_policy=02 simulate simulate=on x=64M; do
		printf '%s\n' "options cmm $option" "options cmm_dkms delay=x" >"$ROOT/etc/modprobe.d/a.conf"
		finds 0 loading PASS "the kernel loads modules"
	done
}

@test "loading FAIL: the driver refuses an option on the kernel's command line" {
	local words
	for words in cmm.min_mem_mb=25% 'cmm.oom-kb="64M"' 'cmm.delay=x cmm.oom_kb=0'; do
		echo "ro cmo_free_hint=off $words" >"$ROOT/proc/cmdline"
		finds 1 loading FAIL "the driver refuses the option "
	done
	for words in cmm.oom_kb=5 cmm_dkms.oom_kb=x xcmm.oom_kb=x oom_kb=x '-- cmm.oom_kb=x'; do
		echo "ro cmo_free_hint=off $words" >"$ROOT/proc/cmdline"
		finds 0 loading PASS "the kernel loads modules"
	done
}

# doctor must not read from a device: some devices have no end, and a terminal waits for input. Like libkmod, doctor
# ignores a directory, and a file whose name ends neither with .conf nor with .alias.
@test "loading UNKNOWN: a file of modprobe.d is a pipe or a device" {
	local device
	mkdir -p "$ROOT/etc/modprobe.d/directory.conf"
	mkfifo "$ROOT/etc/modprobe.d/pipe"
	finds 0 loading PASS "the kernel loads modules"
	mkfifo "$ROOT/etc/modprobe.d/pipe.conf"
	still_finds loading UNKNOWN "modprobe.d cannot be read" "pipe.conf: it is not a regular file"
	rm "$ROOT/etc/modprobe.d/pipe.conf"
	for device in tty ptmx zero; do
		ln -s "/dev/$device" "$ROOT/etc/modprobe.d/$device.conf"
		timeout 10 "$CMM_ADMIN" doctor --sysroot "$ROOT" >/dev/null
		still_finds loading UNKNOWN "modprobe.d cannot be read" "$device.conf: it is not a regular file"
		rm "$ROOT/etc/modprobe.d/$device.conf"
	done
}

@test "loading UNKNOWN: the user may not read a file of modprobe.d" {
	mkdir -p "$ROOT/etc/modprobe.d"
	echo 'install cmm /bin/false' >"$ROOT/etc/modprobe.d/secret.conf"
	chmod go-rwx "$ROOT/etc/modprobe.d/secret.conf"
	user_finds loading UNKNOWN "modprobe.d cannot be read"
	[ "$(grep -c "cannot read .*secret.conf: Permission denied" <<<"$output")" -eq 1 ]
	mkdir "$ROOT/elsewhere"
	mv "$ROOT/etc/modprobe.d/secret.conf" "$ROOT/elsewhere"
	ln -s ../../elsewhere/secret.conf "$ROOT/etc/modprobe.d/secret.conf"
	chmod go-rwx "$ROOT/elsewhere"
	user_finds loading UNKNOWN "modprobe.d cannot be read"
}

@test "build-running FAIL: the module is built for another kernel release" {
	fixture_module 0123456789ABCDEF "$RELEASE" updates/dkms "vermagic=6.1.0-other SMP mod_unload "
	mkdir -p "$ROOT/lib/modules/$RELEASE/build/include"
	finds 1 build-running FAIL "is built for kernel 6.1.0-other, and kernel $RELEASE refuses it" \
		"dkms build --force -m cmm -v VERSION -k $RELEASE, then dkms install --force"
	fixture_module 0123456789ABCDEF "$RELEASE" updates/dkms "vermagic=6.1.0 SMP mod_unload "
	mkdir -p "$ROOT/lib/modules/$RELEASE/build/include"
	finds 1 build-running FAIL "is built for kernel 6.1.0, and"
	fixture_module 0123456789ABCDEF "$RELEASE" updates/dkms "vermagic="
	mkdir -p "$ROOT/lib/modules/$RELEASE/build/include"
	finds 0 build-running UNKNOWN "does not say for which kernel it is built"
}

# RHEL's weak-modules links a module of one kernel release into the directory of another release. The kernel loads this
# module only if the symbols that the module needs have the same versions in both releases.
@test "build-running UNKNOWN: another release's module has symbol versions" {
	local module=$ROOT/lib/modules/$RELEASE/updates/dkms/cmm.ko
	fixture_module 0123456789ABCDEF "$RELEASE" updates/dkms "vermagic=6.1.0-other SMP mod_unload modversions "
	mkdir -p "$ROOT/lib/modules/$RELEASE/build/include"
	printf '\1\0\0\0\0\0\0\0module_layout%043d' 0 | tr 0 '\0' >"$BATS_TEST_TMPDIR/versions"
	objcopy --add-section __versions="$BATS_TEST_TMPDIR/versions" --set-section-flags __versions=alloc,readonly "$module"
	finds 1 build-running FAIL "in which CONFIG_MODVERSIONS differs"
	configure "$RELEASE" PPC_SMLPAR MEMORY_BALLOON MODVERSIONS
	finds 0 build-running UNKNOWN "accepts it if the symbols that it needs are the same in both kernels"
}

# built_with WORDS: replaces the module by one with these words in its vermagic
built_with() {
	fixture_module 0123456789ABCDEF "$RELEASE" updates/dkms "vermagic=$RELEASE $1"
	mkdir -p "$ROOT/lib/modules/$RELEASE/build/include"
}

# The kernel compares these words even if the module has versions of symbols.
@test "build-running FAIL: the module is built for another configuration" {
	local option words
	while read -r option words; do
		built_with "$words "
		finds 1 build-running FAIL "is built for a kernel in which CONFIG_$option differs from that of kernel $RELEASE" "dkms build --force"
	done <<-'END'
		SMP mod_unload
		PREEMPTION SMP preempt mod_unload
		PREEMPTION SMP preempt_rt mod_unload
		MODULE_UNLOAD SMP
		MODVERSIONS SMP mod_unload modversions
	END
	for words in preempt preempt_rt; do
		built_with "SMP $words mod_unload modversions mprofile-kernel "
		configure "$RELEASE" PPC_SMLPAR MEMORY_BALLOON PREEMPTION MODVERSIONS
		finds 0 build-running PASS "built for kernel $RELEASE"
	done
	rm "$ROOT/boot/config-$RELEASE"
	built_with "SMP preempt mod_unload "
	admin 0 doctor
	grep -q "^build-running *PASS *built for kernel $RELEASE" <<<"$output"
}

@test "configuration WARN: a parameter differs from the configuration" {
	mkdir -p "$ROOT/etc/cmm"
	printf '[parameters]\ndelay = 7\n' >"$ROOT/etc/cmm/cmm.conf"
	finds 0 configuration WARN "delay is 1 s, and should be 7 s according to $ROOT/etc/cmm/cmm.conf:2" "cmm-admin apply"
}

@test "configuration WARN: a parameter differs from a configured percentage" {
	mkdir -p "$ROOT/etc/cmm"
	printf '[parameters]\nmin_mem_mb = 5%%\n' >"$ROOT/etc/cmm/cmm.conf"
	finds 0 configuration WARN "min_mem_mb is 256 MiB, and should be 102 MiB according to $ROOT/etc/cmm/cmm.conf:2" "cmm-admin apply"
	put "$FIXTURE_PARAMETERS" min_mem_mb 103
	finds 0 configuration PASS "set as the configuration says"
	put "$FIXTURE_PARAMETERS" min_mem_mb 104
	finds 0 configuration WARN "min_mem_mb is 104 MiB, and should be 102 MiB"
}

@test "oom-freed WARN: oom_freed_kb lowers the target" {
	put "$FIXTURE_DEVICE" oom_freed_kb 4096
	finds 0 oom-freed WARN "lower the target by 4 MiB" "cmm-admin reset-oom"
}

@test "floors WARN: min_mem_mb or min_avail_mb leaves nothing to be loaned" {
	put "$FIXTURE_PARAMETERS" min_mem_mb 2048
	finds 0 floors WARN "min_mem_mb is 2 GiB, so none of the partition's 2 GiB" "cmm-admin set min_mem_mb="
	put "$FIXTURE_PARAMETERS" min_mem_mb 256 min_avail_mb 99999
	finds 0 floors WARN "min_avail_mb is 99999 MiB"
	put "$FIXTURE_PARAMETERS" min_avail_mb 1900
	finds 0 floors WARN "min_avail_mb is 1900 MiB, and loans stop at 9/8 of it, so none of the partition's 2 GiB"
	put "$FIXTURE_PARAMETERS" min_avail_mb 1800
	finds 0 floors PASS "leave memory to be loaned"
}

@test "loan WARN: H_GET_MPP fails, and possible reasons are given" {
	put "$FIXTURE_DEVICE" state no-answer
	finds 0 loan WARN "H_GET_MPP fails" "POWER10 and later don't answer"
}

@test "loan WARN: the hypervisor refuses pages" {
	put "$FIXTURE_DEVICE" state refused
	finds 0 loan WARN "the hypervisor refuses pages" "journalctl"
}

@test "loan PASS: gives the same reason as report" {
	finds 0 loan PASS "the loan meets the target"
	put "$FIXTURE_DEVICE" loaned_target_kb 524288
	finds 0 loan PASS "256 MiB still to be loaned"
	put "$FIXTURE_DEVICE" state low-memory
	finds 0 loan PASS "min_avail_mb holds the rest of the loan back"
	put "$FIXTURE_PARAMETERS" disable 1
	put "$FIXTURE_DEVICE" state disabled loaned_kb 0
	finds 0 loan PASS "disabled: nothing is loaned"
}

# The state "throttled" stands for one that only a newer driver has.
@test "loan UNKNOWN: less than the target is on loan, for an unknown reason" {
	put "$FIXTURE_DEVICE" state throttled
	finds 0 loan PASS "the loan meets the target"
	put "$FIXTURE_DEVICE" loaned_target_kb 524288
	finds 0 loan UNKNOWN "256 MiB of the target is not on loan, and this version of cmm-admin does not know the driver's state 'throttled'"
	become_in_tree
	admin 1 doctor
	grep -q "^loan *UNKNOWN *256 MiB of the target is not on loan, and this driver does not report the reason" <<<"$output"
	put "$FIXTURE_DEVICE" loaned_target_kb 512 loaned_kb 512
	admin 1 doctor
	grep -q "^loan *PASS *the loan meets the target" <<<"$output"
}

@test "overcommit WARN: CommitLimit is enforced, and loans lower it" {
	finds 0 overcommit PASS "CommitLimit is not enforced"
	put "$ROOT/proc/sys/vm" overcommit_memory 2
	finds 0 overcommit WARN "lowers CommitLimit, now 1 GiB. Committed_AS is 512 MiB." "raise min_mem_mb"
	sed -i 's/^Committed_AS:.*/Committed_AS: 943719 kB/' "$ROOT/proc/meminfo"
	finds 0 overcommit WARN "Committed_AS is near it, 921.6 MiB."
	put "$ROOT/proc/sys/vm" overcommit_kbytes 1048576
	finds 0 overcommit PASS "a limit that loans do not lower"
	put "$ROOT/proc/sys/vm" overcommit_kbytes 0 overcommit_memory 1
	finds 0 overcommit PASS "CommitLimit is not enforced"
	sed -i /CommitLimit/d "$ROOT/proc/meminfo"
	finds 0 overcommit UNKNOWN "cannot be read"
}

@test "overcommit, oom-daemon and fadump pass if nothing is loaned" {
	put "$ROOT/proc/sys/vm" overcommit_memory 2
	process 77 earlyoom
	fadump fadump/enabled 1
	put "$FIXTURE_PARAMETERS" disable 1
	put "$FIXTURE_DEVICE" loaned_kb 0
	admin 0 doctor
	[ "$(grep -c "PASS *nothing is loaned" <<<"$output")" -eq 3 ]
	put "$FIXTURE_PARAMETERS" disable 0
	put "$FIXTURE_DEVICE" state no-loans
	admin 0 doctor
	[ "$(grep -c "PASS *nothing is loaned" <<<"$output")" -eq 3 ]
	put "$FIXTURE_DEVICE" state running
	admin 0 doctor
	[ "$(grep -cE "^(overcommit|oom-daemon|fadump) *WARN" <<<"$output")" -eq 3 ]
}

# process PID NAME: adds a process to the tree's /proc
process() {
	mkdir -p "$ROOT/proc/$1"
	echo "$2" >"$ROOT/proc/$1/comm"
}

@test "oom-daemon WARN: a daemon kills processes before the kernel does" {
	local name
	finds 0 oom-daemon PASS "no program runs"
	process 4242 my-earlyoom
	finds 0 oom-daemon PASS "no program runs"
	for name in systemd-oomd earlyoom nohang oomd low-memory-moni; do
		process 4243 "$name"
		finds 0 oom-daemon WARN "$name runs" "set min_avail_mb"
	done
	put "$FIXTURE_PARAMETERS" min_avail_mb 64
	finds 0 oom-daemon PASS "low-memory-moni runs, and min_avail_mb leaves 64 MiB"
	rm -r "$ROOT/proc/1" "$ROOT/proc/4243"
	finds 0 oom-daemon UNKNOWN "processes cannot be seen"
}

# fadump FILE VALUE: writes VALUE to FILE in the tree's /sys/kernel
fadump() {
	mkdir -p "$ROOT/sys/kernel/fadump"
	echo "$2" >"$ROOT/sys/kernel/$1"
}

@test "fadump WARN: without fadump=nocma, loans can take reserved pages" {
	local file
	finds 0 fadump PASS "loans take no pages"
	for file in fadump/enabled fadump_enabled; do
		rm -rf "$ROOT"/sys/kernel/fadump*
		echo 'ro cmo_free_hint=off' >"$ROOT/proc/cmdline"
		fadump "$file" 0
		finds 0 fadump PASS "loans take no pages"
		fadump "$file" 1
		finds 0 fadump WARN "from which loans can take pages" "fadump=nocma"
		echo 'ro cmo_free_hint=off fadump=on' >"$ROOT/proc/cmdline"
		finds 0 fadump WARN "from which loans can take pages"
		echo 'ro cmo_free_hint=off fadump=nocma' >"$ROOT/proc/cmdline"
		finds 0 fadump PASS "loans take no pages"
	done
	fadump fadump/enabled potato
	finds 0 fadump UNKNOWN "cannot be read"
}

@test "fadump UNKNOWN: the user may not look into fadump's directory" {
	fadump fadump/enabled 1
	chmod go-rwx "$ROOT/sys/kernel/fadump"
	user_finds fadump UNKNOWN "a file cannot be read"
}

# pages_in: adds 100 to cmo_faults every 0.1 s, until the file $BATS_TEST_TMPDIR/end exists
pages_in() {
	local faults=1234
	until [ -e "$BATS_TEST_TMPDIR/end" ]; do
		sleep 0.1
		faults=$((faults + 100))
		sed -i "s/^cmo_faults=.*/cmo_faults=$faults/" "$ROOT/proc/powerpc/lparcfg"
	done
}

@test "loan WARN: suggests loan_policy=2 while the hypervisor pages in" {
	put "$FIXTURE_DEVICE" state pressure loaned_target_kb 362144
	sed -i 's/^cmo_faults=.*/cmo_faults=1234/; s/^cmo_fault_time_usec=.*/cmo_fault_time_usec=5678000/' \
		"$ROOT/proc/powerpc/lparcfg"
	finds 0 loan PASS "loan_policy holds 97.7 MiB back"
	finds 0 loan PASS "1234 page faults were for memory that the hypervisor had paged out; the partition waited 5678 ms for them. Now there are 0.00 such page faults per second"
	pages_in 3>&- &
	finds 0 loan WARN "such page faults per second" "loan_policy=2 may cost less"
	touch "$BATS_TEST_TMPDIR/end"
	wait
	put "$FIXTURE_DEVICE" state no-loans
	finds 0 loan PASS "loan_policy 0 allows no loans"
	sed -i /^cmo_faults/d "$ROOT/proc/powerpc/lparcfg"
	put "$FIXTURE_DEVICE" state pressure
	finds 0 loan PASS "loan_policy holds 97.7 MiB back"
	[[ $output != *"page faults"* ]]
}

@test "udev WARN: the udev rule is missing" {
	rm "$ROOT/usr/lib/udev/rules.d/90-cmm.rules"
	finds 0 udev WARN "the udev rule or the systemd unit is missing" "install cmm-admin"
}

@test "udev PASS: the rule and the unit are below /usr/local/lib" {
	mkdir -p "$ROOT"/usr/local/lib/{udev,systemd}
	mv "$ROOT/usr/lib/udev/rules.d" "$ROOT/usr/local/lib/udev"
	mv "$ROOT/usr/lib/systemd/system" "$ROOT/usr/local/lib/systemd"
	finds 0 udev PASS "the udev rule and the systemd unit are installed"
}

@test "udev UNKNOWN: the user may not look into a directory" {
	local dir
	for dir in udev/rules.d systemd/system; do
		chmod go-rwx "$ROOT/usr/lib/$dir"
		user_finds udev UNKNOWN "may not look into a directory"
		chmod go+rX "$ROOT/usr/lib/$dir"
	done
}

@test "doctor reports a file that it can't read, and runs the other checks" {
	mkdir -p "$ROOT/etc/cmm"
	echo potato >"$ROOT/etc/cmm/cmm.conf"
	finds 1 configuration FAIL "a file of the configuration has a fault, and is ignored" "standard error"
	rm "$ROOT/etc/cmm/cmm.conf"
	: >"$FIXTURE_DEVICE/oom_freed_kb"
	admin 1 doctor --json
	[ "$(jq -r '.checks[] | select(.check == "driver") | .finding' <<<"$output")" = FAIL ]
	[ "$(jq '.checks | length' <<<"$output")" -eq "$CHECKS" ]
}

@test "configuration UNKNOWN: the user may not read a file" {
	mkdir -p "$ROOT/etc/cmm"
	echo '[parameters]' >"$ROOT/etc/cmm/cmm.conf"
	chmod 0 "$ROOT/etc/cmm/cmm.conf"
	as_user 0 doctor -o CHECK,FINDING,REMEDY
	grep -qE '^configuration +UNKNOWN run cmm-admin doctor as root' <<<"$output"
}

# depmod.d can name directories outside of /lib/modules. Then the paths in modules.dep are absolute.
@test "build-running UNKNOWN: the module file is outside of --sysroot" {
	local dir=$ROOT/lib/modules/$RELEASE
	mv "$dir/updates/dkms/cmm.ko" "$BATS_TEST_TMPDIR"
	printf 'external %s %s\n' "$RELEASE" "$BATS_TEST_TMPDIR" >"$BATS_TEST_TMPDIR/depmod.conf"
	depmod -C "$BATS_TEST_TMPDIR/depmod.conf" -b "$ROOT" "$RELEASE"
	grep -q "^$BATS_TEST_TMPDIR/cmm.ko:" "$dir/modules.dep" || skip "this depmod does not index a file outside of its root"
	admin 0 doctor
	[[ $errors == *"the module file $BATS_TEST_TMPDIR/cmm.ko is outside of --sysroot $ROOT" ]]
	[ "$(unknown)" = "file build-running" ]
}

@test "build-running UNKNOWN: the user may not read the module or the index" {
	local dir=$ROOT/lib/modules/$RELEASE file
	for file in updates/dkms/cmm.ko updates/dkms modules.dep.bin; do
		chmod go-rwx "$dir/$file"
		user_finds build-running UNKNOWN "this user may not read the module of kernel $RELEASE"
		user_finds file UNKNOWN "cannot be compared"
		as_user 0 report --all
		chmod go+rX "$dir/$file"
	done
	chmod go-rwx "$dir"
	user_finds build-running UNKNOWN "the modules of kernel $RELEASE cannot be read"
	user_finds headers UNKNOWN "the modules of kernel $RELEASE cannot be read"
	chmod go+rX "$dir"
	installed 6.2.0-a
	chmod go-rwx "$ROOT/lib/modules/6.2.0-a"
	user_finds build-others UNKNOWN "the modules of kernel 6.2.0-a cannot be read"
}

# still_finds CHECK FINDING TEXT ERROR: the same as "finds 0 CHECK FINDING TEXT". Also checks that doctor printed only
# one line on stderr, and that this line contains ERROR
still_finds() {
	finds 0 "$1" "$2" "$3"
	[ "$(wc -l <<<"$errors")" -eq 1 ]
	[[ $errors == *"$4"* ]]
}

# If tar copies /proc, all files in the copy are empty, because stat() reports a size of 0 for the files of /proc. With
# such a copy as --sysroot, doctor and report must name the empty file.
@test "doctor and report exit with status 1 if the kernel's release is empty" {
	local content
	for content in '' '\n'; do
		# shellcheck disable=SC2059  # the content has an escape
		printf "$content" >"$ROOT/proc/sys/kernel/osrelease"
		fails 1 "proc/sys/kernel/osrelease is empty" doctor
		fails 1 "proc/sys/kernel/osrelease is empty" report
	done
}

@test "doctor: a faulty file of another kernel does not stop the other checks" {
	local other=6.2.0-other
	fixture_module 0123456789ABCDEF "$other"
	mkdir "$ROOT/boot/config-$other"
	still_finds build-others PASS "built for all" "config-$other: it is not a regular file"
	rmdir "$ROOT/boot/config-$other"
	mkdir "$ROOT/lib/modules/$other/modules.d"
	still_finds build-others UNKNOWN "the modules of kernel $other cannot be read" "modules.d: it is not a regular file"
	rmdir "$ROOT/lib/modules/$other/modules.d"
	rmdir "$ROOT/var/lib/dkms/cmm"
	touch "$ROOT/var/lib/dkms/cmm"
	still_finds build-others PASS "built for all" "dkms/cmm: Not a directory"
}

@test "doctor: only the checks that need a faulty file are UNKNOWN" {
	mkdir "$ROOT/lib/modules/$RELEASE/modules.d"
	admin 0 doctor
	[ "$(unknown)" = "file build-running" ]
	rmdir "$ROOT/lib/modules/$RELEASE/modules.d"
	printf 'a\nb\n' >"$FIXTURE_MODULE/srcversion"
	still_finds file UNKNOWN "cannot be compared" "srcversion has more than one line"
	put "$FIXTURE_MODULE" srcversion 0123456789ABCDEF
	rm "$ROOT/boot/config-$RELEASE"
	mkdir "$ROOT/boot/config-$RELEASE"
	admin 0 doctor
	[ "$(unknown)" = "kernel-balloon kernel-smlpar free-hint" ]
	rmdir "$ROOT/boot/config-$RELEASE"
	ln -sf /dev/null "$ROOT/proc/powerpc/lparcfg"
	admin 0 doctor
	[[ $(unknown) == *firmware* ]]
	[[ $errors == *"lparcfg: it is not a regular file" ]]
}

@test "doctor: UNKNOWN if /proc/cpuinfo or /lib/modules cannot be read" {
	rm "$ROOT/proc/cpuinfo"
	mkdir "$ROOT/proc/cpuinfo"
	admin 0 doctor
	[[ $(unknown) == machine* ]]
	[[ $output == *"the firmware offers memory sharing"* ]]
	rm -r "$ROOT/lib/modules"
	touch "$ROOT/lib/modules"
	admin 0 doctor
	grep -q "^build-others *UNKNOWN */lib/modules cannot be read" <<<"$output"
}

@test "libkmod prints no messages of its own" {
	mkdir -p "$ROOT/etc/modprobe.d"
	printf 'evil\x1b]0;title\x07\xff line\n' >"$ROOT/etc/modprobe.d/a.conf"
	admin 0 doctor
	[ -z "$errors" ]
	cp "$ROOT/etc/modprobe.d/a.conf" "$ROOT/lib/modules/$RELEASE/modules.softdep"
	admin 0 report
	[ -z "$errors" ]
}

@test "build-running FAIL: the module file is damaged" {
	echo potato >"$ROOT/lib/modules/$RELEASE/updates/dkms/cmm.ko"
	admin 1 doctor
	grep -q "^build-running *FAIL .*cmm.ko, for kernel $RELEASE, is damaged" <<<"$output"
}

# patch_header OFFSET BYTES: overwrites a field of the ELF header of the module file; BYTES is for printf
patch_header() {
	# shellcheck disable=SC2059  # BYTES is a format
	printf "$2" | dd of="$ROOT/lib/modules/$RELEASE/updates/dkms/cmm.ko" bs=1 seek="$1" conv=notrunc status=none
}

@test "build-running FAIL: the module is for another machine, or not a module" {
	local endian
	patch_header 18 '\50\50'
	admin 1 doctor
	grep -q "^build-running *FAIL .*cmm.ko, for kernel $RELEASE, is damaged or for another machine" <<<"$output"
	endian=$(od -An -tu1 -j5 -N1 "$ROOT/lib/modules/$RELEASE/updates/dkms/cmm.ko")
	[ "$endian" -eq 1 ] || skip "the remaining module files of this test are little-endian"
	patch_header 18 '\24\0'
	admin 1 doctor
	grep -q "^build-running *FAIL .*is damaged or for another machine" <<<"$output"
	patch_header 18 '\25\0'
	finds 0 build-running PASS "built for kernel"
	patch_header 16 '\2\0'
	admin 1 doctor
	grep -q "^build-running *FAIL .*is damaged or for another machine" <<<"$output"
}

@test "file WARN: suggests a reboot, not unloading, for the in-tree driver" {
	become_in_tree
	put "$FIXTURE_MODULE" srcversion FEDCBA9876543210
	admin 1 doctor
	grep -q "^file *WARN .*reboot: unloading this driver is not safe" <<<"$output"
}

# remedy CHECK: prints the remedy that doctor gives for CHECK
remedy() {
	"$CMM_ADMIN" doctor --json --sysroot "$ROOT" | jq -r --arg check "$1" '.checks[] | select(.check == $check).remedy'
}

@test "file WARN: suggests modprobe only if modprobe would load our module" {
	put "$FIXTURE_MODULE" srcversion FEDCBA9876543210
	[ "$(remedy file)" = "rmmod cmm && modprobe cmm" ]
	mkdir -p "$ROOT/etc/modprobe.d"
	echo 'install cmm /bin/false' >"$ROOT/etc/modprobe.d/a.conf"
	[[ $(remedy file) == "first see the check loading: "* ]]
	rm "$ROOT/etc/modprobe.d/a.conf"
	put "$ROOT/proc/sys/kernel" modules_disabled 1
	[[ $(remedy file) == "first see the check loading: "* ]]
	put "$ROOT/proc/sys/kernel" modules_disabled 0
	sig_enforce Y
	[[ $(remedy file) == "first see the check signature: "* ]]
	sig_enforce N
	fixture_module 0123456789ABCDEF "$RELEASE" updates/dkms "vermagic=6.1.0-other SMP mod_unload "
	[[ $(remedy file) == "first see the check build-running: "* ]]
	fixture_module 0123456789ABCDEF "$RELEASE" kernel/arch "intree=Y"
	[[ $(remedy file) == "first see the check build-running: "* ]]
}

@test "driver FAIL: suggests modprobe only if modprobe would load our module" {
	rm -r "$FIXTURE_DEVICE"
	[ "$(remedy driver)" = "modprobe cmm" ]
	sed -i 's/cmo_enabled=1/cmo_enabled=0/' "$ROOT/proc/powerpc/lparcfg"
	[[ $(remedy driver) == "first see the check firmware: "* ]]
	sed -i 's/cmo_enabled=0/cmo_enabled=1/' "$ROOT/proc/powerpc/lparcfg"
	[ "$(remedy driver)" = "modprobe cmm" ]
	sed -i 's/cmo_page_size=4096/cmo_page_size=65536/' "$ROOT/proc/powerpc/lparcfg"
	echo CONFIG_PPC_4K_PAGES=y >>"$ROOT/boot/config-$RELEASE"
	[[ $(remedy driver) == "first see the check firmware: "* ]]
	sig_enforce Y
	[[ $(remedy driver) == "first see the check signature: "* ]]
	put "$ROOT/proc/sys/kernel" modules_disabled 1
	[[ $(remedy driver) == "first see the check loading: "* ]]
	put "$ROOT/proc/sys/kernel" modules_disabled 0
	fixture_module 0123456789ABCDEF "$RELEASE" kernel/arch "intree=Y"
	[[ $(remedy driver) == "first see the check build-running: "* ]]
	rm -r "$ROOT/lib/modules/$RELEASE/kernel/arch"
	depmod -b "$ROOT" "$RELEASE"
	[[ $(remedy driver) == "first see the check build-running: "* ]]
}

@test "udev WARN: a masked rule or unit counts as a missing one" {
	local mask
	for mask in etc/systemd/system/cmm-apply.service run/systemd/system/cmm-apply.service \
		etc/udev/rules.d/90-cmm.rules run/udev/rules.d/90-cmm.rules; do
		mkdir -p "$ROOT/${mask%/*}"
		ln -s /dev/null "$ROOT/$mask"
		finds 0 udev WARN "the udev rule or the systemd unit is missing or masked" "systemctl unmask"
		rm "$ROOT/$mask"
		touch "$ROOT/$mask"
		finds 0 udev WARN "the udev rule or the systemd unit is missing or masked" "empty or a link to /dev/null"
		echo '# own' >"$ROOT/$mask"
		finds 0 udev PASS "the udev rule and the systemd unit are installed"
		rm "$ROOT/$mask"
	done
	ln -sf /dev/null "$ROOT/usr/lib/systemd/system/cmm-apply.service"
	finds 0 udev WARN "the udev rule or the systemd unit is missing or masked"
}

@test "doctor prints colors only on a terminal, and not if NO_COLOR is set" {
	run -0 script -qec "TERM=xterm '$CMM_ADMIN' doctor --sysroot '$ROOT'" /dev/null
	[[ $output == *$'\e'* ]]
	run -0 script -qec "NO_COLOR=1 TERM=xterm '$CMM_ADMIN' doctor --sysroot '$ROOT'" /dev/null
	[[ $output != *$'\e'* ]]
}
