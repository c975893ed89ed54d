# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes a whole Debian ppc64el system with systemd, dkms, a compiler, headers, apt and dnf. In guests with this system,
# tests install the packages. The caller must have sourced lab.sh and chroot.sh.

SYSTEM_PACKAGES=systemd-sysv,udev,dbus,kmod,dkms,gcc,make,libc6-dev,linux-base,dnf,rpm,gpg,bats,procps,powerpc-utils,bsdutils,libsmartcols1,libsysfs2,libbytesize1,libinih1,libjson-c5,libudev1,libncursesw6,libkmod2,bash-completion
SYSTEM_MB=3072

# system_use RELEASE: selects the Debian release for the functions below. Sets SYSTEM_RELEASE, and the versions of two
# kernels of that release:
# - SYSTEM_KERNEL, which is installed at first. It has 64K pages on Debian 12, and 4K pages on Debian 13.
# - SYSTEM_NEWER, which tests install later. It has 64K pages.
system_use() {
	local flavor=powerpc64le
	SYSTEM_RELEASE=$1
	debian_use_release "$1"
	SYSTEM_KERNEL=$(system_kernels "$flavor" | tail -n 2 | head -n 1)
	[ -z "$(system_kernels "$flavor-64k")" ] || flavor+=-64k
	SYSTEM_NEWER=$(system_newest "$flavor")
	[ "$SYSTEM_NEWER" != "$SYSTEM_KERNEL" ] || die "Debian's $1 has only one kernel, $SYSTEM_KERNEL"
}

# system_kernels FLAVOR: prints the versions of Debian's kernels of this flavor, with the oldest first
system_kernels() {
	apt-cache search --names-only "^linux-image-[0-9.]+[-+][0-9a-z]+-$1\$" |
		sed -n 's/^linux-image-\([^ ]*\) .*/\1/p' | sort -V
}

# system_newest FLAVOR: prints the version of the newest kernel of this flavor that can be downloaded. The archive's
# index can list packages that the archive does not have yet, so this function tries each version.
system_newest() {
	local dir version
	dir=$(mktemp -d "$CACHE/tmp-newest.XXXXXX")
	for version in $(system_kernels "$1" | tac); do
		if (cd "$dir" && apt-get download "linux-headers-$version:ppc64el") >/dev/null 2>&1; then
			printf '%s\n' "$version"
			break
		fi
	done
	rm -rf "$dir"
}

# Makes this host able to run ppc64le programs, because packages run their maintainer scripts when they are installed
system_emulate() {
	mountpoint -q /proc/sys/fs/binfmt_misc ||
		mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
	update-binfmts --enable qemu-ppc64le
	arch-test ppc64el >/dev/null || die "this machine can't run ppc64le programs, not even with qemu-user and binfmt_misc"
}

# make_upgrade DIR VERSION PACKAGE...: downloads each PACKAGE of a newer kernel, and repacks it without compression and
# without most modules and headers. Otherwise the guest would need minutes to unpack the packages, and minutes for each
# run of depmod. The scripts in the packages stay.
#
# An empty package provides linux-initramfs-tool, so that apt does not install a real one. A real one would take a
# quarter of an hour to make an initramfs in the guest, and the lab boots with an initramfs of its own.
make_upgrade() {
	local dir=$1 version=$2 fake deb tree
	say "downloading kernel $version and its headers"
	(
		cd "$dir" || exit
		quietly "$BUILD/log/upgrade" apt-get download "${@:3}"
	)
	for deb in "$dir"/*.deb; do
		tree=$(mktemp -d "$CACHE/tmp-upgrade.XXXXXX")
		chmod 755 "$tree"
		dpkg-deb -R "$deb" "$tree"
		rm -rf "$tree"/{,usr/}lib/modules/*/kernel/{sound,net,drivers/[^bcv]*}
		rm -rf "$tree"/usr/src/*-common/{arch/[^Kp]*,arch/parisc,include/{drm,dt-bindings,media,soc,sound}}
		quietly "$BUILD/log/repack" dpkg-deb -Znone -b "$tree" "$deb"
		rm -rf "$tree"
	done
	fake=$(mktemp -d "$CACHE/tmp-initramfs.XXXXXX")
	mkdir "$fake/DEBIAN"
	printf '%s\n' 'Package: lab-initramfs' 'Version: 1' 'Architecture: all' 'Maintainer: lab <lab@lab.invalid>' \
		'Provides: linux-initramfs-tool' 'Description: no initramfs' >"$fake/DEBIAN/control"
	dpkg-deb --root-owner-group -b "$fake" "$dir/linux-image-0-lab-initramfs_1_all.deb" >/dev/null
	rm -rf "$fake"
}

# lab_upgrade: prints the directory with the packages of the kernel $SYSTEM_NEWER. On Debian 13, headers need scripts of
# the same version, and these scripts are in the package linux-kbuild.
lab_upgrade() {
	local version=$SYSTEM_NEWER abi=${SYSTEM_NEWER%-powerpc64le*} packages
	packages=("linux-image-$version:ppc64el" "linux-headers-$version:ppc64el" "linux-headers-$abi-common")
	[ -z "$(debian_version "linux-kbuild-$abi:ppc64el" 2>/dev/null)" ] || packages+=("linux-kbuild-$abi:ppc64el")
	cache_entry upgrade "$version $(debian_version "linux-image-$version:ppc64el") 4" \
		make_upgrade "$version" "${packages[@]}"
}

# make_system DIR KERNEL HEADERS: makes DIR/root.img, a file system with the whole system. KERNEL is the directory of an
# unpacked kernel, from which the modules are copied. HEADERS is the name of the package with this kernel's headers
make_system() {
	local dir=$1 kernel=$2 headers=$3 tree
	tree=$(mktemp -d "$CACHE/tmp-system.XXXXXX")
	say "making a whole ppc64el system (about 7 minutes, once)"
	system_emulate
	APT_CONFIG='' quietly "$BUILD/log/system" mmdebstrap --mode=root --format=directory \
		--architectures=ppc64el --variant=apt --include="$SYSTEM_PACKAGES,$headers" \
		"$SYSTEM_RELEASE" "$tree" "$(debian_source_line deb "$SYSTEM_RELEASE")"
	cp -r "$kernel"/lib/modules/. "$tree/lib/modules/"
	cp "$kernel"/config "$tree/boot/config-$(lab_version "$kernel")"
	chroot "$tree" depmod "$(lab_version "$kernel")"
	printf 'cmm-guest\n' >"$tree/etc/hostname"
	printf '/dev/vda / ext4 defaults 0 1\n' >"$tree/etc/fstab"
	rm -f "$tree/etc/resolv.conf"
	quietly "$BUILD/log/mke2fs" mke2fs -q -t ext4 -d "$tree" "$dir/root.img" "${SYSTEM_MB}M"
	rm -rf "$tree"
}

# lab_system: prints the directory with the system of $SYSTEM_RELEASE, in which $SYSTEM_KERNEL is installed
lab_system() {
	local kernel headers=linux-headers-$SYSTEM_KERNEL
	kernel=$(lab_debian_kernel "$SYSTEM_KERNEL")
	cache_entry system "$SYSTEM_RELEASE $SYSTEM_PACKAGES $SYSTEM_MB $headers $(debian_version "$headers:ppc64el") 2" \
		make_system "$kernel" "$headers"
}

# make_stand_in DIR SYSTEM PROVIDES...: makes an RPM without files. dnf does not know the packages that dpkg has
# installed. So this RPM provides each PROVIDES, and the libraries of the system in the directory SYSTEM.
make_stand_in() {
	local dir=$1 system=$2 work
	shift 2
	work=$(mktemp -d "$CACHE/tmp-stand-in.XXXXXX")
	packaging_enter "$work"
	mkdir "$work/work"
	debugfs -R "rdump /usr/lib/powerpc64le-linux-gnu $work/work" "$system/root.img" 2>/dev/null
	{
		printf '%s\n' 'Name: debian-base' 'Version: 12' 'Release: 1' 'License: none' \
			'Summary: What dpkg installed'
		{
			printf '%s\n' "$@"
			packaging_run "$work" sh -c \
				"find /work/powerpc64le-linux-gnu -maxdepth 1 -type f | /usr/lib/rpm/rpmdeps --provides"
		} | sed 's/^/Provides: /'
		printf '%s\n' '%description' 'What dpkg installed.' '%files'
	} >"$work/work/base.spec"
	quietly "$BUILD/log/stand-in" packaging_run "$work" rpmbuild -bb --target ppc64le-linux \
		--define "_topdir /work" /work/base.spec
	mv "$work"/work/RPMS/ppc64le/debian-base-12-1.ppc64le.rpm "$dir/"
	rm -rf "$work"
}

# lab_stand_in SYSTEM: calls make_stand_in if its RPM is missing, and prints the RPM's directory. SYSTEM is the
# directory of a system
lab_stand_in() {
	local provides=('dkms = 3.0.10' gcc make /usr/bin/ps coreutils kmod util-linux /bin/sh 'rtld(GNU_HASH)')
	cache_entry stand-in "$1 ${provides[*]} 1" make_stand_in "$1" "${provides[@]}"
}
