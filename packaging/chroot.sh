# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The system that packages are built in: an amd64 Debian that also has the libraries of ppc64el
# shellcheck source=../tests/lab/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../tests/lab/common.sh"
# shellcheck source=../tests/lab/debian.sh
. "$(dirname "${BASH_SOURCE[0]}")/../tests/lab/debian.sh"
# shellcheck source=../tests/lab/chroot.sh
. "$(dirname "${BASH_SOURCE[0]}")/../tests/lab/chroot.sh"

PACKAGING_NATIVE=dpkg-dev,make,debhelper,dh-dkms,lintian,apt-utils,debugedit,elfutils,rpm,rpmlint,createrepo-c,gpg,gpg-agent,man-db,systemd,udev,kmod,patch,bats
# libc6-dev-ppc64el-cross is listed so that the build ID is the same as with crossbuild-essential-ppc64el, which
# installs this package, too. The compiler prefers the headers of this package to those of libc6-dev:ppc64el. The debug
# symbols have the paths of headers, and the build ID depends on the debug symbols.
PACKAGING_CROSS=gcc-powerpc64le-linux-gnu,libc6-dev-ppc64el-cross,pkgconf:ppc64el,libc6-dev:ppc64el,libsmartcols-dev:ppc64el,libsysfs-dev:ppc64el,libbytesize-dev:ppc64el,libinih-dev:ppc64el,libjson-c-dev:ppc64el,libudev-dev:ppc64el,libncurses-dev:ppc64el,libkmod-dev:ppc64el

make_packaging() {
	say "making the system that packages are built in (about 3 minutes, once)"
	chroot_make "$1" "$LAB_RELEASE" amd64,ppc64el "$PACKAGING_NATIVE,$PACKAGING_CROSS"
}

packaging_system() {
	cache_entry packaging "$LAB_RELEASE $PACKAGING_NATIVE $PACKAGING_CROSS 1" make_packaging
}

# packaging_enter DIR: makes the system in the directory DIR/root, unless it is already there
packaging_enter() {
	chroot_enter "$(packaging_system)/root.tar" "$1"
}

# packaging_run DIR COMMAND...: runs COMMAND in the system in DIR/root. There DIR/work is /work
packaging_run() {
	local dir=$1
	shift
	mkdir -p "$dir/work"
	chroot_run "$dir" "/work=$dir/work" -- "$@"
}
