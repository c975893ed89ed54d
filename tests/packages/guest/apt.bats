#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Tests the installation by apt from a signed repository, and then the loaded driver with the settings of cmm.conf. The
# partition's firmware does not offer memory sharing.

bats_require_minimum_version 1.5.0
load /cmm/packages/common

@test "apt refuses a repository signed with another key" {
	run ! use_apt_repository impostor
	# apt verifies with gpgv on Debian 12, and with sqv on Debian 13.
	[[ $output == *@(NO_PUBKEY|"Missing key")* ]]
}

@test "apt installs both packages by name, and dkms builds the module" {
	use_apt_repository repository
	list_files >"$BEFORE"
	use_names "=$VERSION-1"
	apt-get install -y "${NAMES[@]}"
	is_built_for "$RELEASE"
}

@test "firmware without memory sharing: cmm.service is skipped, not failed" {
	systemctl start cmm.service
	unit_is cmm.service Result exec-condition
	journal_says "the firmware offers no memory sharing" -u cmm.service
	run ! systemctl is-failed cmm.service
	[ ! -e /sys/module/cmm ]
	[ "$(systemctl is-enabled cmm.service)" = enabled ]
	[ "$(systemctl is-enabled cmm-simulate.service || true)" = disabled ]
	[ "$(systemctl is-enabled cmm-metrics.timer || true)" = disabled ]
}

@test "the configuration is applied when the driver is loaded" {
	write_drop_in
	modprobe cmm simulate=1
	wait_for 30 configured
	unit_is cmm-apply.service Result success
}

@test "report and doctor succeed" {
	loan 65536
	cmm-admin report
	doctor_succeeds
}

@test "'udevadm test' reports no fault of the udev rule" {
	run -0 udevadm test "$DEVICE"
	[[ $output != *[Ii]nvalid* && $output != *[Uu]nknown* ]]
	[[ $output == *"cmm-apply.service"* ]]
}

@test "an OOM event writes a line to the journal" {
	spare_this_process
	oom_event_for_all
	wait_for 30 journal_says "out of memory: returned 65536 KiB" -t cmm
	cmm-admin reset-oom
	echo 2048 >"$PARAMETERS/oom_kb"
}

@test "event 'short' is logged as notice in state 'pressure', else as warning" {
	# udevadm reads an event's properties from the device's file uevent
	for state in pressure low-memory no-memory; do
		printf 'CMM_EVENT=short\nCMM_STATE=%s\n' "$state" >/root/uevent
		mount --bind /root/uevent "$DEVICE/uevent"
		run -0 udevadm test --action=change "$DEVICE"
		umount "$DEVICE/uevent"
		priority=warning
		[ "$state" != pressure ] || priority=notice
		[[ $output == *"-p daemon.$priority 'the target cannot be met ($state)"* ]]
	done
}

@test "a wrong line in the configuration: the unit fails, and logs the place" {
	echo 'oom_kb = 1junk' >>"$DROP_IN"
	modprobe -r cmm
	modprobe cmm simulate=1
	wait_for 30 unit_is cmm-apply.service Result exit-code
	journal_says "$DROP_IN:4" -u cmm-apply.service
	parameter_is oom_kb 65536	# the value in cmm.conf
	write_drop_in
	systemctl restart cmm-apply.service
	configured
}

@test "cmm-metrics.service writes its file, and fails without the directory" {
	run ! systemctl start cmm-metrics.service
	journal_says "cannot write /var/lib/prometheus/node-exporter/cmm.prom" -u cmm-metrics.service
	mkdir -p /var/lib/prometheus/node-exporter
	systemctl start cmm-metrics.service
	grep -q '^cmm_loaned_bytes ' /var/lib/prometheus/node-exporter/cmm.prom
	rm -r /var/lib/prometheus
}

@test "dkms builds the module when a newer kernel and headers are installed" {
	systemctl enable cmm-simulate.service
	cmm-admin set delay=2 --persist
	apt-get install -y /cmm/kernel/*.deb
	newest=$(linux-version list | linux-version sort | tail -n 1)
	[ "$newest" != "$RELEASE" ]
	is_built_for "$newest"
	is_built_for "$RELEASE"
	doctor_succeeds
}

# Here, the packages on which this autopkgtest depends are installed. Status 77 would mean that it was skipped.
@test "the autopkgtest 'simulate' passes" {
	modprobe -r cmm
	run sh -x /cmm/packages/simulate
	echo "$output"
	[ "$status" -eq 0 ]
}
