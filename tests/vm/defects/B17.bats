#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# B17: attributes that appear after the add event
# in-tree may pass: udev is mostly slower than the driver

bats_require_minimum_version 1.5.0
load ../lib/defect

@test "a udev rule finds them" {
	mkdir -p /run/udev/rules.d
	cat >/run/udev/rules.d/90-cmm-test.rules <<-'EOF'
		ACTION=="add", SUBSYSTEM=="cmm", KERNEL=="cmm0", ATTR{loaned_kb}=="0", ATTR{oom_freed_kb}=="0", RUN+="/usr/bin/touch /run/cmm-seen"
	EOF
	udevadm control --reload
	for _ in 1 2 3 4 5; do
		rm -f /run/cmm-seen
		modprobe cmm
		udevadm settle --timeout=20
		[ -e /run/cmm-seen ]
		rmmod cmm
	done
	rm /run/udev/rules.d/90-cmm-test.rules
	udevadm control --reload
}
