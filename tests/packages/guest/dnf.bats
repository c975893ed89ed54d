#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Tests the installation by dnf from a signed repository. The partition's firmware offers memory sharing, so the
# installation loads the driver.

bats_require_minimum_version 1.5.0
load /cmm/packages/common

@test "dnf installs both packages by name, and dkms builds the module" {
	use_dnf_repository repository
	list_files >"$BEFORE"
	mkdir -p /etc/cmm/cmm.conf.d
	write_drop_in
	use_names "-$VERSION"
	do_dnf install "${NAMES[@]}"
	is_built_for "$RELEASE" "$VERSION-1"
	run ! compgen -G "/tmp/dkms*"
}

@test "on firmware with memory sharing the driver is loaded and configured" {
	wait_for 30 configured
	unit_is cmm.service Result success
	[ "$(systemctl is-enabled cmm.service)" = enabled ]
}

@test "the driver meets the hypervisor's request; report and doctor succeed" {
	hv_connect
	hv_loan 65536
	[ "$(hv_loaned_kb)" -eq 65536 ]
	cmm-admin report
	doctor_succeeds
	hv_loan 0
}

@test "dkms builds the module when a newer kernel's headers are installed" {
	apt-get install -y /cmm/kernel/linux-image-*.deb
	newest=$(linux-version list | linux-version sort | tail -n 1)
	[ "$newest" != "$RELEASE" ]
	apt-get install -y /cmm/kernel/linux-headers-*.deb
	is_built_for "$newest" "$VERSION-1"
	doctor_succeeds
}
