# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What an emulated Power partition is made of; each is a cache entry.
# shellcheck source=../lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
# shellcheck source=../lib/debian.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/debian.sh"
# shellcheck source=../lib/chroot.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/chroot.sh"
# shellcheck source=kernels.sh
. "$(dirname "${BASH_SOURCE[0]}")/kernels.sh"
# shellcheck source=built/kernel.sh
. "$(dirname "${BASH_SOURCE[0]}")/built/kernel.sh"

# stock: that of the release; debug and others: see built/kernel.sh; or a name of kernels.list
KERNEL=${KERNEL:-stock}

GUEST_PACKAGES=bash,coreutils,util-linux,mount,procps,kmod,udev,grep,sed,gawk,findutils,bats,busybox-static,kexec-tools,libsmartcols1,libsysfs2,libbytesize1,libinih1,libncursesw6,powerpc-utils
SYSROOT_PACKAGES=libc6-dev,libsmartcols-dev,libsysfs-dev,libbytesize-dev,libinih-dev,libudev-dev,libncurses-dev,libkmod-dev
GUEST_MODULES=(virtio_pci virtio_blk virtio_console ext4 crc32c_generic memory-notifier-error-inject)
MAKE_CROSS=(ARCH=powerpc "CROSS_COMPILE=$CROSS" "CC=${CROSS}gcc" CONFIG_DEBUG_INFO_BTF_MODULES=)
MAKE_CLANG=(CC=clang LLVM_IAS=0)
TOOLCHAIN_PACKAGES=gcc-powerpc64le-linux-gnu,make,pahole
IN_TREE_DRIVER=(arch/powerpc/platforms/pseries/{cmm.c,pseries.h})

# The version of the kernel that Debian's meta package stands for: 6.1.0-NN-powerpc64le
lab_stock_version() {
	local image
	image=$(debian_dependency linux-image-powerpc64le:ppc64el linux-image-)
	printf '%s\n' "${image#linux-image-}"
}

make_kernel() {
	local dir=$1 version=$2 whole packages
	whole=$dir/whole
	mapfile -t packages < <(kernels_packages "$version")
	debian_unpack "$whole" "${packages[@]}"
	kernels_arrange "$whole" "$dir"
	rm -rf "$whole"
}

# lab_debian_kernel VERSION: one of $LAB_RELEASE
lab_debian_kernel() {
	cache_entry "kernel-$1" "$(debian_version "linux-image-$1:ppc64el") ${GUEST_MODULES[*]} 4" \
		make_kernel "$1"
}

# The kernel of the guests
lab_kernel() {
	case $KERNEL in
	stock) lab_debian_kernel "$(lab_stock_version)" ;;
	*)
		if built_row "$KERNEL" >/dev/null; then
			lab_built_kernel "$KERNEL"
		elif kernels_names | grep -qxF -- "$KERNEL"; then
			lab_named_kernel "$KERNEL"
		else
			die "KERNEL is $KERNEL; known are stock, debug, $({
				built_names
				kernels_names
			} | paste -sd ' ')"
		fi
		;;
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
	local dir=$1 release=$2 package=$3 whole=$1/whole
	built_unpack_source "$release" "$package" "$whole"
	say "taking the in-tree driver and checkpatch out of $package"
	tar -C "$dir" --strip-components=1 -xf "$whole/usr/src/$package.tar.xz" \
		"${IN_TREE_DRIVER[@]/#/$package/}" \
		"$package/scripts/checkpatch.pl" \
		"$package/scripts/spelling.txt" \
		"$package/scripts/const_structs.checkpatch"
	rm -rf "$whole"
}

# lab_kernel_source KERNEL: of its version, from the release that its compiler is from
lab_kernel_source() {
	local version release package
	version=$(lab_version "$1" | grep -oE '^[0-9]+\.[0-9]+')
	release=$(cat "$1/toolchain" 2>/dev/null || echo "$LAB_RELEASE")
	package=linux-source-$version
	cache_entry "kernel-source-$version" "$package $(built_source_version "$release" "$package") 1" \
		make_kernel_source "$release" "$package"
}

make_toolchain() {
	say "making a system with the compiler of Debian $2 (about a minute, once)"
	chroot_make "$1" "$2" amd64 "$TOOLCHAIN_PACKAGES"
}

toolchain_versions() (
	debian_use_release "$1" amd64
	for package in ${TOOLCHAIN_PACKAGES//,/ }; do
		debian_version "$package"
	done
)

# lab_toolchain RELEASE: prints the folder of a system with its compiler
lab_toolchain() {
	local release=$1 versions archive
	versions=$(toolchain_versions "$release")
	archive=$(cache_entry "toolchain-$release" "$TOOLCHAIN_PACKAGES $versions 1" make_toolchain "$release")/root.tar
	chroot_enter "$archive" "$BUILD/toolchain/$release"
	printf '%s\n' "$BUILD/toolchain/$release"
}

# lab_module KERNEL SOURCE DIR: builds the cmm.ko of the folder SOURCE in DIR
lab_module() {
	local kernel=$1 source=$2 dir=$3 headers=$1/headers place=$3 toolchain compiler=() options=()
	mkdir -p "$dir"
	cp "$source"/* "$dir/"
	if [ -e "$kernel/toolchain" ]; then
		toolchain=$(lab_toolchain "$(cat "$kernel/toolchain")")
		compiler=(chroot_run "$toolchain" "/kernel=$kernel" "/module=$dir" --)
		headers=/kernel/headers place=/module
	fi
	! grep -qs '^CONFIG_CC_IS_CLANG=y' "$kernel/headers/.config" || options=("${MAKE_CLANG[@]}")
	[ ! -e "$kernel/unlinked" ] || options+=(KBUILD_MODPOST_WARN=1)
	quietly "$dir/make.log" ${compiler[@]+"${compiler[@]}"} \
		make -j "$(nproc)" -C "$headers" M="$place" "${MAKE_CROSS[@]}" \
		${options[@]+"${options[@]}"} modules
}

# lab_in_tree_module KERNEL DIR: the in-tree driver as a module, which says that it is that
lab_in_tree_module() {
	local kernel=$1 dir=$2 source=$1/in-tree
	[ -d "$source" ] || source=$(lab_kernel_source "$kernel")/arch/powerpc/platforms/pseries
	mkdir -p "$dir-source"
	cp "$source"/* "$dir-source/"
	printf '%s\n' '#include <linux/module.h>' 'MODULE_INFO(intree, "Y");' >"$dir-source/intree.h"
	# shellcheck disable=SC2016  # make's
	printf '%s\n' 'obj-m := cmm.o' 'CFLAGS_cmm.o := -include $(src)/intree.h' >"$dir-source/Kbuild"
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
