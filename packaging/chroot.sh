# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Where packages are built: an amd64 Debian with the libraries of ppc64el beside its own,
# which the host is spared.
# shellcheck source=../tests/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../tests/lib/common.sh"
# shellcheck source=../tests/lib/debian.sh
. "$(dirname "${BASH_SOURCE[0]}")/../tests/lib/debian.sh"

PACKAGING_NATIVE=dpkg-dev,make,debhelper,dh-dkms,lintian,rpm,rpmlint,createrepo-c,gpg,gpg-agent,man-db,systemd,udev,kmod,patch,bats
PACKAGING_CROSS=gcc-powerpc64le-linux-gnu,pkgconf:ppc64el,libc6-dev:ppc64el,libsmartcols-dev:ppc64el,libsysfs-dev:ppc64el,libbytesize-dev:ppc64el,libinih-dev:ppc64el,libudev-dev:ppc64el,libncurses-dev:ppc64el,libkmod-dev:ppc64el

# make_packaging DIR: root.tar, which is one file to look through where a tree is many
make_packaging() {
	say "making the system that packages are built in (about a minute, once)"
	APT_CONFIG='' quietly "$BUILD/log/packaging" mmdebstrap --mode=root --format=tar \
		--architectures=amd64,ppc64el --variant=apt \
		--include="$PACKAGING_NATIVE,$PACKAGING_CROSS" \
		"$LAB_RELEASE" "$1/root.tar" "$(debian_source_line deb "$LAB_RELEASE")"
}

packaging_system() {
	cache_entry packaging "$LAB_RELEASE $PACKAGING_NATIVE $PACKAGING_CROSS 1" make_packaging
}

# packaging_enter DIR: a system of one's own in DIR/root, made where it isn't there
packaging_enter() {
	local root=$1/root archive
	[ ! -e "$root/.whole" ] || return 0
	archive=$(packaging_system)/root.tar
	rm -rf "$root"
	mkdir -p "$root"
	tar -C "$root" --numeric-owner -xf "$archive"
	touch "$root/.whole"
}

# packaging_run DIR COMMAND...: in the system of DIR, where DIR/work is /work, without
# a network
packaging_run() {
	local dir=$1
	shift
	mkdir -p "$dir/work" "$dir/root/work"
	# shellcheck disable=SC2016  # the inner shell's
	unshare --mount --net --pid --fork bash -euc '
		root=$1
		mount --bind "$root/../work" "$root/work"
		mount -t proc proc "$root/proc"
		mount -t tmpfs tmp "$root/tmp"
		shift
		exec chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp \
			LC_ALL=C.UTF-8 SOURCE_DATE_EPOCH="$1" "${@:2}"
	' bash "$dir/root" "$(git -C "$TOP" log -1 --format=%ct)" "$@"
}
