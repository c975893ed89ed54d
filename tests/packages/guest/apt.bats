#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Installed by apt, on a partition whose firmware offers nothing: from the packages to a
# driver that is set as cmm.conf says.

bats_require_minimum_version 1.5.0
load /cmm/packages/common

@test "apt refuses a repository that another key signed" {
	run ! for_apt impostor
	[[ $output == *NO_PUBKEY* ]]
}

@test "apt installs both packages by name, and dkms builds the module" {
	for_apt repository
	list_files >"$BEFORE"
	apt-get install -y "cmm-dkms=$VERSION-1" "cmm-admin=$VERSION-1"
	is_built_for "$RELEASE"
}

@test "the unit that loads the driver is passed over, which is no failure" {
	systemctl start cmm.service
	unit_is cmm.service Result exec-condition
	journal_says "the firmware offers no memory sharing" -u cmm.service
	run ! systemctl is-failed cmm.service
	[ ! -e /sys/module/cmm ]
	[ "$(systemctl is-enabled cmm.service)" = enabled ]
	[ "$(systemctl is-enabled cmm-simulate.service || true)" = disabled ]
	[ "$(systemctl is-enabled cmm-metrics.timer || true)" = disabled ]
}

@test "the driver is set as cmm.conf says when it is loaded" {
	write_drop_in
	modprobe cmm simulate=1
	wait_for 30 configured
	unit_is cmm-apply.service Result success
}

@test "report and doctor find nothing wrong" {
	loan 65536
	cmm-admin report
	doctor_is_content
}

@test "udev has nothing against the rule" {
	run -0 udevadm test "$DEVICE"
	[[ $output != *[Ii]nvalid* && $output != *[Uu]nknown* ]]
	[[ $output == *"cmm-apply.service"* ]]
}

@test "an out-of-memory event is a line in the journal" {
	spare_this_process
	oom_event_for_all
	wait_for 30 journal_says "out of memory: took back 65536 KiB" -t cmm
	cmm-admin reset-oom
	echo 2048 >"$PARAMETERS/oom_kb"
}

@test "after a broken configuration, the unit says which line" {
	echo 'oom_kb = 1junk' >>"$DROP_IN"
	modprobe -r cmm
	modprobe cmm simulate=1
	wait_for 30 unit_is cmm-apply.service Result exit-code
	journal_says "$DROP_IN:4" -u cmm-apply.service
	parameter_is oom_kb 1024
	write_drop_in
	systemctl restart cmm-apply.service
	configured
}

@test "a metrics file is written; where its folder is missing, the unit fails" {
	run ! systemctl start cmm-metrics.service
	journal_says "cannot write /var/lib/prometheus/node-exporter/cmm.prom" -u cmm-metrics.service
	mkdir -p /var/lib/prometheus/node-exporter
	systemctl start cmm-metrics.service
	grep -q '^cmm_loaned_bytes ' /var/lib/prometheus/node-exporter/cmm.prom
	rm -r /var/lib/prometheus
}

@test "a newer kernel with its headers: the module is built for it without a hand" {
	systemctl enable cmm-simulate.service
	cmm-admin set delay=2 --persist
	apt-get install -y /cmm/kernel/*.deb
	newest=$(linux-version list | linux-version sort | tail -n 1)
	[ "$newest" != "$RELEASE" ]
	is_built_for "$newest"
	is_built_for "$RELEASE"
	doctor_is_content
}
