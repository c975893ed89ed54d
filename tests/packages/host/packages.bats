#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Checks the packages and their units with lintian, rpmlint and systemd-analyze. The tests run in the system in which
# packages are built.

bats_require_minimum_version 1.5.0

PACKAGES=/work/packages
UNITS=(cmm.service cmm-simulate.service cmm-apply.service cmm-metrics.service)

# Installs the files of cmm-admin's package, once for all tests
setup_file() {
	mkdir -p /tmp/installed
	dpkg-deb -x "$PACKAGES/cmm-admin_$VERSION-1_ppc64el.deb" /tmp/installed
	cp -r /tmp/installed/usr/lib/systemd/system/. /usr/lib/systemd/system/
	cp -r /tmp/installed/usr/share/man/. /usr/share/man/
	mkdir -p /usr/libexec
	cp -r /tmp/installed/usr/libexec/cmm /usr/libexec/
	printf '#!/bin/sh\n' >/usr/sbin/cmm-admin
	chmod +x /usr/sbin/cmm-admin
}

@test "lintian reports nothing about binary and source packages" {
	run lintian --pedantic --display-info --display-experimental --allow-root \
		--fail-on error,warning,info,pedantic,experimental "$PACKAGES"/cmm-*.deb "$PACKAGES"/cmm-dkms_*.dsc
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "rpmlint reports nothing about the RPMs, except what rpmlint.toml allows" {
	rpmlint --strict -c /work/source/packaging/rpm/rpmlint.toml "$PACKAGES"/*.rpm
	tar -C /tmp --strip-components=3 -xf "$PACKAGES/cmm-dkms-$VERSION.tar.gz" \
		"cmm-dkms-$VERSION/packaging/rpm/cmm.spec"
	rpmlint --strict -c /work/source/packaging/rpm/rpmlint.toml /tmp/cmm.spec
}

# bats test_tags=slow
@test "packages built again from the source packages equal the first ones" {
	for file in "$PACKAGES"/*.{deb,dsc,rpm,tar.gz,tar.xz}; do
		echo "$file"
		cmp "$file" "/work/again/${file##*/}"
	done
}

@test "all packages have the version of src/version.h" {
	[ "$(dpkg-deb -f "$PACKAGES/cmm-dkms_$VERSION-1_all.deb" Version)" = "$VERSION-1" ]
	[ "$(rpm -qp --qf '%{version}' "$PACKAGES/cmm-dkms-$VERSION-1.noarch.rpm")" = "$VERSION" ]
	[ "$(rpm -qp --qf '%{version} %{arch}' "$PACKAGES/cmm-admin-$VERSION-1.ppc64le.rpm")" = "$VERSION ppc64le" ]
}

@test "the module's version for dkms includes the release of the RPM" {
	rpm2cpio "$PACKAGES/cmm-dkms-$VERSION-1.noarch.rpm" | (cd /tmp && cpio -idm --quiet)
	grep -qx "PACKAGE_VERSION=\"$VERSION-1\"" "/tmp/usr/src/cmm-$VERSION-1/dkms.conf"
}

# The RPM is built on Debian, and must work on RHEL 9 and SLES 15, too. Their versions of inih, json-c and ncurses
# differ from Debian's. So the RPM must not need these libraries.
@test "the RPM depends only on libraries that RHEL 9 and SLES 15 have, too" {
	run -0 rpm -qp --requires "$PACKAGES/cmm-admin-$VERSION-1.ppc64le.rpm"
	local known='^(/bin/sh|config\(.*|coreutils|kmod|util-linux|rpmlib\(.*|rtld\(GNU_HASH\)'
	known+='|libc\.so\.6.*|libm\.so\.6.*|ld64\.so\.2.*|libbytesize\.so\.1\(\)\(64bit\)|libkmod\.so\.2.*|libsmartcols\.so\.1.*'
	known+='|libsysfs\.so\.2\(\)\(64bit\)|libudev\.so\.1.*)( |$)'
	[[ $output == *libsmartcols* ]]
	run ! grep -vE "$known" <<<"$output"
}

@test "the RPM names its static libraries, and has their licenses" {
	local name license='GPL-2.0-or-later AND BSD-3-Clause AND MIT AND X11-distribute-modifications-variant'
	[ "$(rpm -qp --qf '%{license}' "$PACKAGES/cmm-admin-$VERSION-1.ppc64le.rpm")" = "$license" ]
	[ "$(rpm -qp --qf '%{license}' "$PACKAGES/cmm-dkms-$VERSION-1.noarch.rpm")" = GPL-2.0-or-later ]
	for name in inih json-c ncurses; do
		rpm -qp --provides "$PACKAGES/cmm-admin-$VERSION-1.ppc64le.rpm" | grep -qE "^bundled\($name\) = [0-9.]+$"
		rpm -qp --licensefiles "$PACKAGES/cmm-admin-$VERSION-1.ppc64le.rpm" | grep -q "/COPYING.$name$"
	done
}

# Without ps, "dkms remove --rpm_safe_upgrade" does not recognize a reinstallation, and removes the new module.
@test "the RPM of cmm-dkms depends on ps, which dkms needs" {
	rpm -qp --requires "$PACKAGES/cmm-dkms-$VERSION-1.noarch.rpm" | grep -qx /usr/bin/ps
}

@test "the RPM of cmm-dkms recommends the kernel headers of Fedora and SUSE" {
	run -0 rpm -qp --recommends "$PACKAGES/cmm-dkms-$VERSION-1.noarch.rpm"
	[ "$output" = "$(printf '%s\n' '(kernel-default-devel if kernel-default)' '(kernel-devel if kernel-core)' cmm-admin)" ]
}

@test "rpm installs systemd before cmm-admin, whose scriptlets call systemctl" {
	run -0 rpm -qp --qf '[%{ordername}\n]' "$PACKAGES/cmm-admin-$VERSION-1.ppc64le.rpm"
	[ "$output" = $'systemd\nsystemd' ]
}

@test "deb and RPM have the same files, apart from distribution-specific paths" {
	files_of_deb() {
		dpkg-deb -c "$1" | awk '/^-/ { print $NF }' | sed 's|^\.||'
	}
	same_names() {
		grep -vE '/share/(doc|licenses|lintian)/|/\.build-id' | sed -E 's|\.gz$||;
			s|vendor-completions|site-functions|; s|/cmm-[0-9.]+(-1)?/|/cmm/|' | sort
	}
	diff <(for deb in "$PACKAGES"/cmm-{dkms,admin}_*.deb; do files_of_deb "$deb"; done | same_names) \
		<(rpm -qp --qf '[%{filemodes:perms} %{filenames}\n]' "$PACKAGES"/cmm-{dkms,admin}-*.rpm | awk '/^-/ { print $2 }' | same_names)
}

@test "systemd-analyze verify reports nothing about the units" {
	run -0 systemd-analyze verify "${UNITS[@]/#//usr/lib/systemd/system/}" /usr/lib/systemd/system/cmm-metrics.timer
	[ -z "$output" ]
}

# exposure UNIT: prints the exposure level that systemd-analyze security computes for the unit, times ten
exposure() {
	systemd-analyze security --offline=true --no-pager "/usr/lib/systemd/system/$1" |
		sed -nE 's/.*Overall exposure level for .*: ([0-9]+)\.([0-9]) .*/\1\2/p'
}

# The exposure is higher if a unit loads the driver, because such a unit needs root, CAP_SYS_MODULE and the system's own
# root directory.
@test "systemd-analyze: exposure 1.8 for units that load the driver, else 1.1" {
	[ "$(exposure cmm.service)" -eq 18 ]
	[ "$(exposure cmm-simulate.service)" -eq 18 ]
	[ "$(exposure cmm-apply.service)" -eq 11 ]
	[ "$(exposure cmm-metrics.service)" -eq 11 ]
}

# The autopkgtests "installed" and "built" run tests/cli. Each has a field Depends. tests/cli also needs a compiler.
@test "the autopkgtests of the tool depend on all packages that tests/cli needs" {
	local name package
	# shellcheck source=../../lab/common.sh
	. /work/source/tests/lab/common.sh
	# shellcheck source=../../lab/needs.sh
	. "$TOP/tests/lab/needs.sh"
	for name in gcc libc "${NEEDED_BY_CLI[@]}"; do
		read -r package _ <<<"$(needs_row "$name")"
		echo "$package"
		[ "$(grep -cE "^(Depends:|  ).* $package(,|$)" "$TOP/packaging/debian/tests/control")" -eq 2 ]
	done
}
