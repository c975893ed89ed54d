#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The packages, and the units and rule in them, by the tools that are made for it. Runs in
# the system that packages are built in.

bats_require_minimum_version 1.5.0

PACKAGES=/work/packages
UNITS=(cmm.service cmm-simulate.service cmm-apply.service cmm-metrics.service)

# What cmm-admin's package installs, once for all tests
setup_file() {
	mkdir -p /tmp/installed
	dpkg-deb -x "$PACKAGES/cmm-admin_$VERSION-1_ppc64el.deb" /tmp/installed
	cp -r /tmp/installed/lib/systemd/system/. /lib/systemd/system/
	cp -r /tmp/installed/usr/share/man/. /usr/share/man/
	mkdir -p /usr/libexec
	cp -r /tmp/installed/usr/libexec/cmm /usr/libexec/
	printf '#!/bin/sh\n' >/usr/sbin/cmm-admin
	chmod +x /usr/sbin/cmm-admin
}

@test "lintian is silent at its strictest, about source packages too" {
	run lintian --pedantic --display-info --fail-on error,warning,info,pedantic --allow-root \
		"$PACKAGES"/cmm-*.deb "$PACKAGES"/cmm-dkms_*.dsc
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "rpmlint has no error and no warning, but for those explained" {
	rpmlint --strict -c /work/source/packaging/rpm/rpmlint.toml "$PACKAGES"/*.rpm
	tar -C /tmp --strip-components=3 -xf "$PACKAGES/cmm-dkms-$VERSION.tar.gz" \
		"cmm-dkms-$VERSION/packaging/rpm/cmm.spec"
	rpmlint --strict -c /work/source/packaging/rpm/rpmlint.toml /tmp/cmm.spec
}

@test "source packages alone make the same packages, byte by byte" {
	for file in "$PACKAGES"/*.{deb,dsc,rpm,tar.gz,tar.xz}; do
		echo "$file"
		cmp "$file" "/work/again/${file##*/}"
	done
}

@test "each package has the version of src/version.h" {
	[ "$(dpkg-deb -f "$PACKAGES/cmm-dkms_$VERSION-1_all.deb" Version)" = "$VERSION-1" ]
	[ "$(rpm -qp --qf '%{version}' "$PACKAGES/cmm-dkms-$VERSION-1.noarch.rpm")" = "$VERSION" ]
	[ "$(rpm -qp --qf '%{version} %{arch}' "$PACKAGES/cmm-admin-$VERSION-1.ppc64le.rpm")" = "$VERSION ppc64le" ]
}

@test "for dkms, an RPM's version has its release" {
	rpm2cpio "$PACKAGES/cmm-dkms-$VERSION-1.noarch.rpm" | (cd /tmp && cpio -idm --quiet)
	grep -qx "PACKAGE_VERSION=\"$VERSION-1\"" "/tmp/usr/src/cmm-$VERSION-1/dkms.conf"
}

# As RHEL 9 and SLES 15 have them, too: Debian's inih, json-c and ncurses are others.
@test "the RPM wants no library that other distributions don't have" {
	run -0 rpm -qp --requires "$PACKAGES/cmm-admin-$VERSION-1.ppc64le.rpm"
	local known='^(/bin/sh|config\(.*|coreutils|kmod|util-linux|rpmlib\(.*|rtld\(GNU_HASH\)'
	known+='|libc\.so\.6.*|libm\.so\.6.*|ld64\.so\.2.*|libbytesize\.so\.1\(\)\(64bit\)|libkmod\.so\.2.*|libsmartcols\.so\.1.*'
	known+='|libsysfs\.so\.2\(\)\(64bit\)|libudev\.so\.1.*)( |$)'
	[[ $output == *libsmartcols* ]]
	run ! grep -vE "$known" <<<"$output"
}

@test "both kinds of packages have the same files, but for where a distribution wants them" {
	files_of_deb() {
		dpkg-deb -c "$1" | awk '/^-/ { print $NF }' | sed 's|^\.||'
	}
	same_names() {
		grep -vE '/share/(doc|licenses|lintian)/|/\.build-id' | sed -E 's|^/lib|/usr/lib|; s|\.gz$||;
			s|vendor-completions|site-functions|; s|/cmm-[0-9.]+(-1)?/|/cmm/|' | sort
	}
	diff <(for deb in "$PACKAGES"/cmm-{dkms,admin}_*.deb; do files_of_deb "$deb"; done | same_names) \
		<(rpm -qp --qf '[%{filemodes:perms} %{filenames}\n]' "$PACKAGES"/cmm-{dkms,admin}-*.rpm | awk '/^-/ { print $2 }' | same_names)
}

@test "systemd-analyze verify has nothing to say of the units" {
	run -0 systemd-analyze verify "${UNITS[@]/#//lib/systemd/system/}" /lib/systemd/system/cmm-metrics.timer
	[ -z "$output" ]
}

# exposure UNIT: ten times the figure of systemd-analyze security
exposure() {
	systemd-analyze security --offline=true --no-pager "/lib/systemd/system/$1" |
		sed -nE 's/.*Overall exposure level for .*: ([0-9]+)\.([0-9]) .*/\1\2/p'
}

# A module can be loaded only by root, with CAP_SYS_MODULE, in the system's own root directory.
@test "systemd-analyze security: the units' exposure is 1.8 if they load the driver, and else 1.1" {
	[ "$(exposure cmm.service)" -eq 18 ]
	[ "$(exposure cmm-simulate.service)" -eq 18 ]
	[ "$(exposure cmm-apply.service)" -eq 11 ]
	[ "$(exposure cmm-metrics.service)" -eq 11 ]
}
