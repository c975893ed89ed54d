#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=all
# Builds RPMs from the source RPM with rpmbuild and with macros like Fedora's. The tests run in the system in which
# packages are built.

bats_require_minimum_version 1.5.0

RPMS=/tmp/fedora/rpmbuild/RPMS
RELEASE=1.fc42

setup_file() {
	mkdir -p /tmp/fedora
	cat /work/source/packaging/rpm/debian.macros /work/source/tests/packages/host/fedora.macros >/tmp/fedora/.rpmmacros
	HOME=/tmp/fedora rpmbuild --rebuild --nodeps --target ppc64le-linux "/work/packages/cmm-$VERSION-1.src.rpm" \
		>/tmp/fedora/log 2>&1 || {
		tail -n 20 /tmp/fedora/log
		return 1
	}
}

# has PACKAGE FILE: succeeds if the package contains the file
has() {
	rpm -qlp "$RPMS/"*"/$1-$VERSION-$RELEASE."*.rpm | grep -qxF "$2"
}

@test "program, units and compressed manual pages have Fedora's paths" {
	has cmm-admin /usr/bin/cmm-admin
	has cmm-admin /usr/share/man/man8/cmm-admin.8.gz
	has cmm-admin /usr/lib/systemd/system/cmm.service
	has cmm-admin /usr/lib/udev/rules.d/90-cmm.rules
	has cmm-admin /usr/libexec/cmm/load
}

@test "units and udev rule start the program by Fedora's path" {
	cd /tmp/fedora
	rpm2cpio "$RPMS/ppc64le/cmm-admin-$VERSION-$RELEASE.ppc64le.rpm" | cpio -idm --quiet
	grep -q '^ExecStart=/usr/bin/cmm-admin apply' usr/lib/systemd/system/cmm-apply.service
	run ! grep -r /usr/sbin/cmm-admin usr/lib
}

@test "debug packages are built: debuginfo and debugsource" {
	rpm -qlp "$RPMS/ppc64le/cmm-admin-debuginfo-$VERSION-$RELEASE.ppc64le.rpm" |
		grep -qx '/usr/lib/debug/usr/bin/cmm-admin-.*\.debug'
	rpm -qlp "$RPMS/ppc64le/cmm-debugsource-$VERSION-$RELEASE.ppc64le.rpm" | grep -q '/tools/main\.c$'
}

@test "the module's version for dkms includes the release of the RPM" {
	cd /tmp/fedora
	rpm2cpio "$RPMS/noarch/cmm-dkms-$VERSION-$RELEASE.noarch.rpm" | cpio -idm --quiet
	grep -qx "PACKAGE_VERSION=\"$VERSION-$RELEASE\"" "usr/src/cmm-$VERSION-$RELEASE/dkms.conf"
	run -0 rpm -qp --scripts "$RPMS/noarch/cmm-dkms-$VERSION-$RELEASE.noarch.rpm"
	[[ $output == *"dkms add -m cmm -v $VERSION-$RELEASE "* ]]
}
