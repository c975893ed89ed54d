#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# After a restart on the newer kernel: the driver and its configuration are there by
# themselves; and what dnf removes is gone.

bats_require_minimum_version 1.5.0
load /cmm/packages/common

@test "the newer kernel runs, with the driver and its configuration" {
	[ "$RELEASE" = "$(linux-version list | linux-version sort | tail -n 1)" ]
	wait_for 30 configured
	hv_connect
	hv_loan 65536
	doctor_is_content
}

@test "what dnf removes is gone" {
	hv_loan 0
	modprobe -r cmm
	rm "$DROP_IN"
	dnf remove -y cmm-dkms cmm-admin
	[ -z "$(dkms status -m cmm)" ]
	[ -z "$(find /lib/modules -name 'cmm*.ko*')" ]
	rm -r /etc/yum.repos.d
	is_equal "files that are left" "$(new_files)" ""
}
