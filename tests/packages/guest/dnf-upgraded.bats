#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs after a reboot into the newer kernel. The driver and its configuration must be there without further commands.
# Then dnf removes the packages.

bats_require_minimum_version 1.5.0
load /cmm/packages/common

@test "the newer kernel has the driver and its configuration" {
	[ "$RELEASE" = "$(linux-version list | linux-version sort | tail -n 1)" ]
	wait_for 30 configured
	hv_connect
	hv_loan 65536
	doctor_succeeds
}

@test "removal leaves only an admin's files, and the driver still runs" {
	start_metrics
	do_dnf remove cmm-dkms cmm-admin
	[ "$(hv_loaned_kb)" -eq 65536 ]
	[ -z "$(dkms status -m cmm)" ]
	[ -z "$(find /lib/modules -name 'cmm*.ko*')" ]
	unit_is cmm-metrics.timer ActiveState inactive
	is_equal "files that are left" "$(new_files)" "$(admin_files)"
}
