#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The systemd units, by their text: no run waits for ever, and a run that does not begin or end keeps no
# other from beginning.

bats_require_minimum_version 1.5.0

UNITS=$BATS_TEST_DIRNAME/../../udev

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
