#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs after a reboot into the newer kernel. The driver and its configuration must be there without further commands.
# Then apt removes the packages.

bats_require_minimum_version 1.5.0
load /cmm/packages/common

@test "the newer kernel has the driver and its configuration" {
	[ "$RELEASE" = "$(linux-version list | linux-version sort | tail -n 1)" ]
	wait_for 30 configured
	parameter_is delay 2
	[ "$(modinfo -n cmm)" = "/lib/modules/$RELEASE/updates/dkms/cmm.ko" ]
	loan 65536
	cmm-admin report
	doctor_succeeds
}

@test "removal keeps the configuration, and the driver still runs" {
	start_metrics
	apt-get remove -y cmm-dkms cmm-admin
	loaned_is 65536
	[ -z "$(dkms status -m cmm)" ]
	[ -z "$(find /lib/modules -name 'cmm*.ko*')" ]
	run ! systemctl cat cmm.service
	unit_is cmm-metrics.timer ActiveState inactive
	[ ! -e "$METRICS" ]
	[ -e /etc/cmm/cmm.conf ]
}

@test "purge leaves only files that an admin made" {
	apt-get purge -y cmm-dkms cmm-admin
	is_equal "files that are left" "$(new_files)" "$(admin_files)"
	loaned_is 65536
}
