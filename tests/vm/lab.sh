# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What an emulated Power partition is made of; each is a cache entry.
# shellcheck source=../lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
# shellcheck source=../lib/debian.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/debian.sh"
# shellcheck source=debug/kernel.sh
. "$(dirname "${BASH_SOURCE[0]}")/debug/kernel.sh"

# stock: Debian's; debug: ours, see debug/kernel.sh
KERNEL=${KERNEL:-stock}

GUEST_PACKAGES=bash,coreutils,util-linux,mount,procps,kmod,udev,grep,sed,gawk,findutils,bats,busybox-static,kexec-tools,libsmartcols1,libsysfs2,libbytesize1,libinih1,libncursesw6,powerpc-utils
SYSROOT_PACKAGES=libc6-dev,libsmartcols-dev,libsysfs-dev,libbytesize-dev,libinih-dev,libudev-dev,libncurses-dev,libkmod-dev
GUEST_MODULES=(virtio_pci virtio_blk virtio_console ext4 crc32c_generic memory-notifier-error-inject)
MAKE_CROSS=(ARCH=powerpc "CROSS_COMPILE=$CROSS" "CC=${CROSS}gcc" CONFIG_DEBUG_INFO_BTF_MODULES=)
IN_TREE_DRIVER=(arch/powerpc/platforms/pseries/{cmm.c,pseries.h})

# The version of the kernel that Debian's meta package stands for: 6.1.0-NN-powerpc64le
lab_stock_version() {
	local image
	image=$(debian_dependency linux-image-powerpc64le:ppc64el linux-image-)
	printf '%s\n' "${image#linux-image-}"
}

# Kernel, the modules that a guest needs, and the headers ready to build with:
# vmlinux, config, lib/modules/V, headers -> usr/src/linux-headers-V
make_kernel() {
	local dir=$1 version=$2 abi=${2%-powerpc64le} whole module
	whole=$(mktemp -d "$CACHE/tmp-image.XXXXXX")
	debian_unpack "$whole" "linux-image-$version:ppc64el"
	mv "$whole/boot/vmlinux-$version" "$dir/vmlinux"
	mv "$whole/boot/config-$version" "$dir/config"
	depmod -b "$whole" "$version"
	modprobe -d "$whole" -S "$version" -a --show-depends "${GUEST_MODULES[@]}" |
		awk '$1 == "insmod" { print $2 }' | sort -u >"$dir/modules.list"
	while read -r module; do
		module=${module#"$whole/"}
		mkdir -p "$dir/${module%/*}"
		cp "$whole/$module" "$dir/$module"
	done <"$dir/modules.list"
	cp "$whole/lib/modules/$version"/modules.{order,builtin,builtin.modinfo} "$dir/lib/modules/$version/"
	rm -rf "$whole" "$dir/modules.list"

	debian_unpack "$dir" "linux-headers-$version:ppc64el" "linux-headers-$abi-common" \
		"linux-kbuild-${abi%.*}:amd64"
	# shellcheck disable=SC2016  # make's, not the shell's
	printf 'include $(dir $(realpath $(lastword $(MAKEFILE_LIST))))../linux-headers-%s-common/Makefile\n' \
		"$abi" >"$dir/usr/src/linux-headers-$version/Makefile"
	ln -s "usr/src/linux-headers-$version" "$dir/headers"
}

# lab_debian_kernel VERSION
lab_debian_kernel() {
	cache_entry "kernel-$1" "$(debian_version "linux-image-$1:ppc64el") ${GUEST_MODULES[*]} 2" \
		make_kernel "$1"
}

# The kernel of the guests
lab_kernel() {
	case $KERNEL in
	stock) lab_debian_kernel "$(lab_stock_version)" ;;
	debug) lab_debug_kernel ;;
	*) die "KERNEL is $KERNEL; stock and debug are known" ;;
	esac
}

# lab_version KERNEL: what uname -r says on it
lab_version() {
	basename "$1"/lib/modules/*
}

# root.img: an ext4 file system with the guest's user space
make_rootfs() {
	local dir=$1 tree
	tree=$(mktemp -d "$CACHE/tmp-tree.XXXXXX")
	debian_extract "$tree" "$GUEST_PACKAGES"
	printf 'root:x:0:0:root:/root:/bin/bash\n' >"$tree/etc/passwd"
	printf 'root:x:0:\n' >"$tree/etc/group"
	ln -sf gawk "$tree/usr/bin/awk"
	rm -rf "$tree"/usr/share/{doc,man,locale}
	say "making the root file system"
	quietly "$BUILD/log/mke2fs" mke2fs -q -t ext4 -d "$tree" "$dir/root.img" 512M
	rm -rf "$tree"
}

lab_rootfs() {
	cache_entry rootfs "$LAB_RELEASE $GUEST_PACKAGES 1" make_rootfs
}

# Links that begin with / would lead out of the tree.
make_sysroot() {
	local dir=$1 link
	debian_extract "$dir" "$SYSROOT_PACKAGES"
	find "$dir" -type l -lname '/*' | while read -r link; do
		ln -sfnr "$dir$(readlink "$link")" "$link"
	done
}

# A tree with the libraries and headers that cmm-admin is cross-built with
lab_sysroot() {
	cache_entry sysroot "$LAB_RELEASE $SYSROOT_PACKAGES 2" make_sysroot
}

# From Debian's package of the kernel's source: the in-tree driver, to be
# built as a peer, and checkpatch
make_kernel_source() {
	local dir=$1 package=$2 whole=$1/whole
	debian_unpack "$whole" "$package"
	say "taking the in-tree driver and checkpatch out of $package"
	tar -C "$dir" --strip-components=1 -xf "$whole/usr/src/$package.tar.xz" \
		"${IN_TREE_DRIVER[@]/#/$package/}" \
		"$package/scripts/checkpatch.pl" \
		"$package/scripts/spelling.txt" \
		"$package/scripts/const_structs.checkpatch"
	rm -rf "$whole"
}

lab_kernel_source() {
	local package version
	version=$(lab_stock_version)
	package=linux-source-${version%.*}
	cache_entry kernel-source "$package $(debian_version "$package") 1" make_kernel_source "$package"
}

# lab_module KERNEL SOURCE DIR: builds the cmm.ko of the folder SOURCE in DIR
lab_module() {
	local kernel=$1 source=$2 dir=$3
	mkdir -p "$dir"
	cp "$source"/* "$dir/"
	quietly "$dir/make.log" make -C "$kernel/headers" M="$dir" "${MAKE_CROSS[@]}" modules
}

# lab_in_tree_module KERNEL DIR: the in-tree driver as a module
lab_in_tree_module() {
	local kernel=$1 dir=$2 source=$1/in-tree
	[ -d "$source" ] || source=$(lab_kernel_source)/arch/powerpc/platforms/pseries
	mkdir -p "$dir-source"
	cp "$source"/* "$dir-source/"
	echo 'obj-m := cmm.o' >"$dir-source/Kbuild"
	lab_module "$kernel" "$dir-source" "$dir"
}

# lab_tool DIR: cross-builds cmm-admin in DIR
lab_tool() {
	local dir=$1 sysroot
	sysroot=$(lab_sysroot)
	mkdir -p "$dir"
	PKG_CONFIG_SYSROOT_DIR=$sysroot \
		PKG_CONFIG_LIBDIR=$sysroot/usr/lib/powerpc64le-linux-gnu/pkgconfig \
		quietly "$dir/make.log" make -C "$TOP" O="$dir" CC="${CROSS}gcc --sysroot=$sysroot" tool
}
