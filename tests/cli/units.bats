#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The systemd units, and the installation scripts of the packages. These scripts do not change the system, because the
# commands that they call only record their arguments.

bats_require_minimum_version 1.5.0

UNITS=$BATS_TEST_DIRNAME/../../udev
PACKAGING=$BATS_TEST_DIRNAME/../../packaging

# Makes commands that record their arguments in $NOTES. The fake "systemctl show" also prints an environment in which
# CMM_METRICS, the path of the metrics file, is $METRICS.
setup() {
	local command
	NOTES=$BATS_TEST_TMPDIR/notes
	METRICS=$BATS_TEST_TMPDIR/cmm.prom
	mkdir "$BATS_TEST_TMPDIR/bin"
	for command in udevadm systemctl deb-systemd-invoke dkms; do
		cat >"$BATS_TEST_TMPDIR/bin/$command" <<-EOF
			#!/bin/sh
			echo "$command \$*" >>"$NOTES"
			case \$1 in
			show) echo "Environment=LANG=C CMM_METRICS=$METRICS TZ=UTC" ;;
			esac
		EOF
		chmod +x "$BATS_TEST_TMPDIR/bin/$command"
	done
	touch "$NOTES" "$METRICS"
}

# debian SCRIPT ARG...: runs a script of the Debian package as on a system with systemd
debian() {
	sed "s|\[ -d /run/systemd/system \]|true|; s|/run/cmm-admin|$BATS_TEST_TMPDIR/cmm-admin|" \
		"$PACKAGING/debian/cmm-admin.$1" >"$BATS_TEST_TMPDIR/script"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH sh "$BATS_TEST_TMPDIR/script" "${@:2}"
}

# rpm SCRIPT ARG...: runs a script of the RPM as on a system with systemd
rpm() {
	sed -n "/^%$1 -n cmm-admin\$/,/^\(%\|\$\)/{ /^%$1/d; /^%[a-z]* -n/d; p }" "$PACKAGING/rpm/cmm.spec" |
		sed 's/\[ -x [^ ]*systemctl \]/true/; s/\[ -d [^ ]*system \]/true/; s|%{_sysconfdir}|/nonexistent|; s/%%/%/g' \
			>"$BATS_TEST_TMPDIR/script"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH sh "$BATS_TEST_TMPDIR/script" "${@:2}"
}

# triggered: succeeds if a script made udev reload its rules, and process the driver's device again
triggered() {
	grep '^udevadm' "$NOTES" | tail -n 2 | tr '\n' ',' |
		grep -qx 'udevadm control --reload,udevadm trigger --action=add --subsystem-match=cmm,'
}

@test "each service of the packages has a time-out" {
	local unit
	for unit in "$UNITS"/*.service; do
		echo "$unit"
		grep -qE '^TimeoutStartSec=[1-9][0-9]*(s|min)$' "$unit"
	done
}

@test "units that load or configure the driver do not run in a crash kernel" {
	local name
	for name in cmm cmm-simulate cmm-apply; do
		echo "$name"
		grep -qx 'ConditionPathExists=!/proc/vmcore' "$UNITS/$name.service"
	done
}

@test "cmm-metrics.timer runs at fixed times of day" {
	grep -q '^OnCalendar=' "$UNITS/cmm-metrics.timer"
	run ! grep -qE '^On(Unit|Active|Boot|Startup)' "$UNITS/cmm-metrics.timer"
}

@test "cmm-metrics.service succeeds with and without a driver" {
	run ! grep -qE '^(Condition|Assert)' "$UNITS/cmm-metrics.service"
	grep -qx 'SuccessExitStatus=3' "$UNITS/cmm-metrics.service"
}

@test "the udev rule applies the configuration at the add event only" {
	[ "$(grep -c cmm-apply.service "$UNITS/90-cmm.rules")" -eq 1 ]
	grep -qx 'ACTION=="add", ENV{SYSTEMD_WANTS}+="cmm-apply.service"' "$UNITS/90-cmm.rules"
	grep -qx 'ACTION!="remove", TAG+="systemd"' "$UNITS/90-cmm.rules"
}

# The package may have been installed and removed before. Then the device of a loaded driver may still have the tag of
# the udev rule. If the package was not purged, dpkg passes its old version to postinst, as at an upgrade. But the
# scripts must not take the tag or the version as a sign of an upgrade.
@test "a loaded driver is configured at the first and at later installations" {
	local old
	for old in '' 1.9; do
		debian preinst install "$old"
		debian postinst configure "$old"
		triggered
		: >"$NOTES"
	done
	rpm post 1
	triggered
}

@test "the RPM builds the driver once for each kernel with headers" {
	local modules=$BATS_TEST_TMPDIR/modules kernel
	mkdir -p "$modules"/{6.1.0/kernel,without-headers/kernel}
	for kernel in 6.1.0 6.2.0 removed; do
		mkdir -p "$modules/$kernel/build/include"
	done
	touch "$modules/6.2.0/vmlinuz" "$modules/removed/modules.dep"
	ln -s 6.1.0 "$modules/current"
	mv "$modules/6.2.0" "$BATS_TEST_TMPDIR/elsewhere"
	ln -s ../elsewhere "$modules/6.2.0"
	sed -n '/^%post -n cmm-dkms$/,/^done/{ /^%post/d; p }' "$PACKAGING/rpm/cmm.spec" |
		sed "s|/lib/modules|$modules|g; s|%{dkms_version}|2.0.0|g" >"$BATS_TEST_TMPDIR/script"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH sh "$BATS_TEST_TMPDIR/script"
	[ "$(sed -n 's/^dkms build .* -k //p' "$NOTES" | xargs)" = "6.1.0 6.2.0" ]
	[ "$(sed -n 's/^dkms install .* -k //p' "$NOTES" | xargs)" = "6.1.0 --force 6.2.0 --force" ]
}

@test "an upgrade does not apply the configuration again" {
	debian preinst install
	debian postinst configure
	: >"$NOTES"
	debian preinst upgrade 1.9
	debian postinst configure 1.9
	rpm post 2
	run ! grep trigger "$NOTES"
}

@test "the packages can be installed even if udev does not run" {
	printf '#!/bin/sh\nexit 1\n' >"$BATS_TEST_TMPDIR/bin/udevadm"
	debian preinst install
	debian postinst configure
	rpm post 1
	rm "$BATS_TEST_TMPDIR/bin/udevadm"
	debian preinst install
	debian postinst configure
	rpm post 1
}

@test "removal stops the timer and removes the metrics file" {
	debian prerm upgrade
	rpm preun 1
	[ -e "$METRICS" ]
	debian prerm remove
	[ ! -e "$METRICS" ]
	grep -q 'deb-systemd-invoke stop cmm-metrics.timer cmm-metrics.service' "$NOTES"
	touch "$METRICS"
	rpm preun 0
	[ ! -e "$METRICS" ]
	grep -q 'systemctl --no-reload disable --now .*cmm-metrics.timer' "$NOTES"
	grep -q 'systemctl stop cmm-metrics.service' "$NOTES"
}

@test "removal works without a metrics file, and without systemd" {
	local answer
	for answer in 'echo Environment=' 'exit 1'; do
		printf '#!/bin/sh\n%s\n' "$answer" >"$BATS_TEST_TMPDIR/bin/systemctl"
		debian prerm remove
		rpm preun 0
	done
}
