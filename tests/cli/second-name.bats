#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# If the in-tree driver cmm is built into the kernel, our module is named cmm_dkms. A boot parameter keeps the built-in
# driver from starting, but its parameters still exist. A write to the built-in driver's parameter "disable" would
# start a driver that was never initialized.
# shellcheck disable=SC2154  # admin() sets errors

bats_require_minimum_version 1.5.0
load ../lib/cli

# Makes a tree in which cmm_dkms runs. $DEAD is the directory with the parameters of the built-in driver
setup() {
	fixture
	DEAD=$FIXTURE_PARAMETERS
	FIXTURE_MODULE=$ROOT/sys/module/cmm_dkms
	FIXTURE_PARAMETERS=$FIXTURE_MODULE/parameters
	mv "$ROOT/sys/module/cmm" "$FIXTURE_MODULE"
	mkdir -p "$DEAD"
	put "$DEAD" delay 77 hotplug_delay 77 oom_kb 77 min_mem_mb 77 debug 0 simulate N disable 0
	chmod a-w "$DEAD"/*
}

@test "with two drivers, report and get show the one that runs" {
	admin 0 report --all
	grep -qE '^delay +1 s ' <<<"$output"
	grep -qE 'origin +DKMS or by hand' <<<"$output"
	admin 0 get oom_kb
	[[ $output == *"1 MiB"* && $output != *77* ]]
}

@test "set, disable and apply write to the driver that runs, if there are two" {
	mkdir -p "$ROOT/etc/cmm"
	printf '[parameters]\nmin_mem_mb = 512\n' >"$ROOT/etc/cmm/cmm.conf"
	admin 0 set oom_kb=2048
	admin 0 apply
	put "$FIXTURE_DEVICE" loaned_kb 0
	admin 0 disable --timeout 1
	[ "$(tail -n 1 "$FIXTURE_PARAMETERS/oom_kb")" = 2048 ]
	[ "$(tail -n 1 "$FIXTURE_PARAMETERS/min_mem_mb")" = 512 ]
	[ "$(tail -n 1 "$FIXTURE_PARAMETERS/disable")" = 1 ]
	[ "$(cat "$DEAD"/{oom_kb,min_mem_mb,disable} | xargs)" = "77 77 0" ]
}

@test "with two drivers, doctor checks the module file of the running one" {
	local release=6.1.0-fixture
	fixture_module 0123456789ABCDEF "$release"
	mv "$ROOT/lib/modules/$release/updates/dkms/cmm.ko" "$ROOT/lib/modules/$release/updates/dkms/cmm_dkms.ko"
	echo kernel/arch/powerpc/platforms/pseries/cmm.ko >"$ROOT/lib/modules/$release/modules.builtin"
	depmod -b "$ROOT" "$release"
	mkdir -p "$ROOT/sys/kernel/security"
	echo '[none] integrity confidentiality' >"$ROOT/sys/kernel/security/lockdown"
	put "$ROOT/proc/sys/kernel" modules_disabled 0
	admin 0 doctor
	grep -qE "^file +PASS +the running driver is /lib/modules/$release/updates/dkms/cmm_dkms.ko" <<<"$output"
	grep -qE "^build-running +PASS" <<<"$output"
	put "$FIXTURE_MODULE" srcversion FEDCBA9876543210
	admin 0 doctor
	grep -qE "^file +WARN .* rmmod cmm_dkms && modprobe cmm_dkms$" <<<"$output"
	rm -r "$FIXTURE_DEVICE" "$DEAD"
	admin 1 doctor
	grep -qE "^driver +FAIL .* modprobe cmm_dkms$" <<<"$output"
	cp "$BATS_TEST_DIRNAME/machines/made/power10/proc/cpuinfo" "$ROOT/proc"
	admin 0 doctor
	grep -qE "^machine +WARN .*\(modprobe cmm_dkms simulate=1\)$" <<<"$output"
}

@test "doctor warns of parameters of a built-in driver that does not run" {
	admin 1 doctor --raw
	grep -qE '^leftovers WARN .*/sys/module/cmm/parameters/disable.*would.*start' <<<"$output"
	rm -r "$DEAD"
	admin 1 doctor --raw
	grep -qE '^leftovers PASS ' <<<"$output"
}

@test "report shows the built-in driver if only that one runs" {
	rm -r "$FIXTURE_MODULE" "$FIXTURE_DEVICE"/{state,stats}
	admin 0 report --all
	grep -qE '^delay +77 s ' <<<"$output"
	grep -qE 'origin +built in' <<<"$output"
}
