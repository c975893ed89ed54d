#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The systemd units and the scripts of the packages, by their text and with commands that only note their
# arguments.

bats_require_minimum_version 1.5.0

UNITS=$BATS_TEST_DIRNAME/../../udev
PACKAGING=$BATS_TEST_DIRNAME/../../packaging

# Commands in $PATH that note their arguments in $NOTES. systemctl knows a unit with the metrics file $METRICS, and
# udevadm the device with the properties in $PROPERTIES.
setup() {
	local command
	NOTES=$BATS_TEST_TMPDIR/notes
	METRICS=$BATS_TEST_TMPDIR/cmm.prom
	PROPERTIES=$BATS_TEST_TMPDIR/properties
	mkdir "$BATS_TEST_TMPDIR/bin"
	for command in udevadm systemctl deb-systemd-invoke; do
		cat >"$BATS_TEST_TMPDIR/bin/$command" <<-EOF
			#!/bin/sh
			echo "$command \$*" >>"$NOTES"
			case \$1 in
			show) echo "Environment=LANG=C CMM_METRICS=$METRICS TZ=UTC" ;;
			info) cat "$PROPERTIES" ;;
			esac
		EOF
		chmod +x "$BATS_TEST_TMPDIR/bin/$command"
	done
	touch "$NOTES" "$METRICS"
}

# debian SCRIPT ARG...: a script of the Debian package, as if systemd ran
debian() {
	sed 's|\[ -d /run/systemd/system \]|true|' "$PACKAGING/debian/cmm-admin.$1" >"$BATS_TEST_TMPDIR/script"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH sh "$BATS_TEST_TMPDIR/script" "${@:2}"
}

# rpm SCRIPT ARG...: a script of the RPM, as if systemd ran
rpm() {
	sed -n "/^%$1 -n cmm-admin\$/,/^\(%\|\$\)/{ /^%$1/d; /^%[a-z]* -n/d; p }" "$PACKAGING/rpm/cmm.spec" |
		sed 's/\[ -x [^ ]*systemctl \]/true/; s/\[ -d [^ ]*system \]/true/; s|%{_sysconfdir}|/nonexistent|; s/%%/%/g' \
			>"$BATS_TEST_TMPDIR/script"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH sh "$BATS_TEST_TMPDIR/script" "${@:2}"
}

# triggered: udev is to process the driver's device again, by the rules of now
triggered() {
	grep -v '^udevadm info' "$NOTES" | grep '^udevadm' | tail -n 2 | tr '\n' ',' |
		grep -qx 'udevadm control --reload,udevadm trigger --action=add --subsystem-match=cmm,'
}

@test "every service has a time-out" {
	local unit
	for unit in "$UNITS"/*.service; do
		echo "$unit"
		grep -qE '^TimeoutStartSec=[1-9][0-9]*(s|min)$' "$unit"
	done
}

@test "the timer of the metrics goes by the clock" {
	grep -q '^OnCalendar=' "$UNITS/cmm-metrics.timer"
	run ! grep -qE '^On(Unit|Active|Boot|Startup)' "$UNITS/cmm-metrics.timer"
}

@test "the metrics are written, or removed, whether there is a driver or not" {
	run ! grep -qE '^(Condition|Assert)' "$UNITS/cmm-metrics.service"
	grep -qx 'SuccessExitStatus=3' "$UNITS/cmm-metrics.service"
}

@test "the rule applies the configuration when the device appears, and not at its later events" {
	[ "$(grep -c cmm-apply.service "$UNITS/90-cmm.rules")" -eq 1 ]
	grep -qx 'ACTION=="add", ENV{SYSTEMD_WANTS}+="cmm-apply.service"' "$UNITS/90-cmm.rules"
	grep -qx 'ACTION!="remove", TAG+="systemd"' "$UNITS/90-cmm.rules"
}

@test "the configuration is applied if the driver was loaded before the tool was installed" {
	local properties
	# No device, a device that no rule has seen, and one with a tag of another rule
	for properties in '' 'SUBSYSTEM=cmm' $'SUBSYSTEM=cmm\nTAGS=:other:'; do
		echo "$properties" >"$PROPERTIES"
		debian postinst configure
		triggered
		: >"$NOTES"
		rpm post 1
		triggered
		: >"$NOTES"
	done
}

@test "an upgrade does not apply the configuration to a driver that has it" {
	printf 'SUBSYSTEM=cmm\nTAGS=:systemd:\nCURRENT_TAGS=:systemd:\n' >"$PROPERTIES"
	debian postinst configure 1.9
	rpm post 2
	run ! grep trigger "$NOTES"
}

@test "where udev does not run, the package is installed all the same" {
	printf '#!/bin/sh\nexit 1\n' >"$BATS_TEST_TMPDIR/bin/udevadm"
	debian postinst configure
	rpm post 1
	rm "$BATS_TEST_TMPDIR/bin/udevadm"
	debian postinst configure
	rpm post 1
}

@test "removal removes the metrics file, after the timer is stopped; an upgrade does not" {
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

@test "removal without a metrics file, and without an answer of systemd" {
	local answer
	for answer in 'echo Environment=' 'exit 1'; do
		printf '#!/bin/sh\n%s\n' "$answer" >"$BATS_TEST_TMPDIR/bin/systemctl"
		debian prerm remove
		rpm preun 0
	done
}
