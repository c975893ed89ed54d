#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Installed by dnf from a signed repository, on a partition whose firmware offers memory
# sharing: the driver is loaded at once.

bats_require_minimum_version 1.5.0
load /cmm/packages/common

@test "dnf installs both packages by name, and dkms builds the module" {
	for_dnf repository
	list_files >"$BEFORE"
	mkdir -p /etc/cmm/cmm.conf.d
	write_drop_in
	do_dnf install "cmm-dkms-$VERSION" "cmm-admin-$VERSION"
	is_built_for "$RELEASE" "$VERSION-1"
	run ! compgen -G "/tmp/dkms*"
}

@test "the driver is loaded where the firmware offers memory sharing, and set as cmm.conf says" {
	wait_for 30 configured
	unit_is cmm.service Result success
	[ "$(systemctl is-enabled cmm.service)" = enabled ]
}

@test "it loans what the hypervisor asks for; report and doctor find nothing wrong" {
	hv_connect
	hv_loan 65536
	[ "$(hv_loaned_kb)" -eq 65536 ]
	cmm-admin report
	doctor_is_content
	hv_loan 0
}

@test "a newer kernel, and then its headers: the module is built for it without a hand" {
	apt-get install -y /cmm/kernel/linux-image-*.deb
	newest=$(linux-version list | linux-version sort | tail -n 1)
	[ "$newest" != "$RELEASE" ]
	apt-get install -y /cmm/kernel/linux-headers-*.deb
	is_built_for "$newest" "$VERSION-1"
	doctor_is_content
}
