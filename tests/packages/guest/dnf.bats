#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Installation by dnf from a signed repository, on a partition with firmware that offers memory sharing. There the driver
# is loaded at once.

bats_require_minimum_version 1.5.0
load /cmm/packages/common

@test "installation by name: both packages, and dkms builds the module" {
	use_dnf_repository repository
	list_files >"$BEFORE"
	mkdir -p /etc/cmm/cmm.conf.d
	write_drop_in
	do_dnf install "cmm-dkms-$VERSION" "cmm-admin-$VERSION"
	is_built_for "$RELEASE" "$VERSION-1"
	run ! compgen -G "/tmp/dkms*"
}

@test "firmware with memory sharing: the driver is loaded and configured" {
	wait_for 30 configured
	unit_is cmm.service Result success
	[ "$(systemctl is-enabled cmm.service)" = enabled ]
}

@test "hypervisor's request: is met; report and doctor succeed" {
	hv_connect
	hv_loan 65536
	[ "$(hv_loaned_kb)" -eq 65536 ]
	cmm-admin report
	doctor_succeeds
	hv_loan 0
}

@test "newer kernel, then its headers: dkms builds the module automatically" {
	apt-get install -y /cmm/kernel/linux-image-*.deb
	newest=$(linux-version list | linux-version sort | tail -n 1)
	[ "$newest" != "$RELEASE" ]
	apt-get install -y /cmm/kernel/linux-headers-*.deb
	is_built_for "$newest" "$VERSION-1"
	doctor_succeeds
}
