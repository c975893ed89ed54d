# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Functions that make the components of an emulated Power partition: kernels, root file system, QEMU, modules, cmm-admin
# shellcheck source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=debian.sh
. "$(dirname "${BASH_SOURCE[0]}")/debian.sh"
# shellcheck source=chroot.sh
. "$(dirname "${BASH_SOURCE[0]}")/chroot.sh"
# shellcheck source=builder.sh
. "$(dirname "${BASH_SOURCE[0]}")/builder.sh"
# shellcheck source=kernels.sh
. "$(dirname "${BASH_SOURCE[0]}")/kernels.sh"
# shellcheck source=built/kernel.sh
. "$(dirname "${BASH_SOURCE[0]}")/built/kernel.sh"
# shellcheck source=qemu.sh
. "$(dirname "${BASH_SOURCE[0]}")/qemu.sh"
# shellcheck source=machines.sh
. "$(dirname "${BASH_SOURCE[0]}")/machines.sh"

# The name of the guests' kernel. "stock" is the kernel of $LAB_RELEASE. The other names are in built/kernel.sh and
# kernels.list.
KERNEL=${KERNEL:-stock}

# The directory with a subdirectory for each guest
GUESTS=${GUESTS:-$BUILD/guest}
export GUESTS

GUEST_PACKAGES=bash,coreutils,util-linux,mount,procps,kmod,udev,grep,sed,gawk,findutils,bats,busybox-static,kexec-tools,libsmartcols1,libsysfs2,libbytesize1,libinih1,libjson-c5,libncursesw6,powerpc-utils
GUEST_MODULES=(virtio_pci virtio_blk virtio_console ext4 crc32c_generic memory-notifier-error-inject)
MAKE_CROSS=(ARCH=powerpc "CROSS_COMPILE=$CROSS" "CC=${CROSS}gcc" CONFIG_DEBUG_INFO_BTF_MODULES=)
MAKE_CLANG=(CC=clang LLVM_IAS=0)
IN_TREE_DRIVER=(arch/powerpc/platforms/pseries/{cmm.c,pseries.h})

# Prints the version of the kernel that Debian's meta package depends on, such as 6.1.0-50-powerpc64le
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

# lab_debian_kernel VERSION: prints the directory of the kernel with this version in $LAB_RELEASE
lab_debian_kernel() {
	cache_entry "kernel-$1" "$(debian_version "linux-image-$1:ppc64el") ${GUEST_MODULES[*]} 4" \
		make_kernel "$1"
}

# lab_kernel: prints the directory of the guests' kernel, $KERNEL
lab_kernel() {
	case $KERNEL in
	stock) lab_debian_kernel "$(lab_stock_version)" ;;
	*)
		if built_row "$KERNEL" >/dev/null; then
			lab_built_kernel "$KERNEL"
		elif kernels_names | grep -qxF -- "$KERNEL"; then
			lab_named_kernel "$KERNEL"
		else
			die "KERNEL is $KERNEL; known are stock, debug, debug-hash, kcsan, $({
				built_names
				kernels_names
			} | paste -sd ' ')"
		fi
		;;
	esac
}

# Succeeds if the guests' kernel is a debug kernel
lab_is_debug() {
	[[ $KERNEL = debug* ]]
}

# lab_version KERNEL: prints the release of the kernel in this directory, as uname -r does
lab_version() {
	basename "$1"/lib/modules/*
}

# make_rootfs DIR: makes DIR/root.img, an ext4 file system with the guest's user space
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

# make_kernel_source DIR RELEASE PACKAGE: puts the in-tree driver's source, and the script checkpatch, into DIR. Both
# come from PACKAGE, the package of the kernel's source in this Debian release.
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

# lab_kernel_source KERNEL: KERNEL is the directory of a kernel. Prints the directory that make_kernel_source makes for
# this kernel's version. Its files come from the Debian release that the file "toolchain" in KERNEL names. If there is
# no such file, they come from the lab's release
lab_kernel_source() {
	local version release package
	version=$(lab_version "$1" | grep -oE '^[0-9]+\.[0-9]+')
	release=$(cat "$1/toolchain" 2>/dev/null || echo "$LAB_RELEASE")
	package=linux-source-$version
	cache_entry "kernel-source-$version" "$package $(built_source_version "$release" "$package") 1" \
		make_kernel_source "$release" "$package"
}

# lab_module KERNEL SOURCE DIR [ARG...]: KERNEL is the directory of a kernel, and SOURCE is the directory with the
# source of modules. Copies SOURCE to DIR, and builds the modules there. The file "toolchain" in KERNEL names the
# builder. If there is no such file, the builder is that of the lab's release. ARGs are arguments for make.
lab_module() {
	local kernel=$1 source=$2 dir=$3 builder options=()
	mkdir -p "$dir"
	cp "$source"/* "$dir/"
	builder=$(lab_builder "$(cat "$kernel/toolchain" 2>/dev/null || echo "$LAB_RELEASE")")
	! grep -qs '^CONFIG_CC_IS_CLANG=y' "$kernel/headers/.config" || options=("${MAKE_CLANG[@]}")
	[ ! -e "$kernel/unlinked" ] || options+=(KBUILD_MODPOST_WARN=1)
	quietly "$dir/make.log" chroot_run "$builder" "/kernel=$kernel" "/module=$dir" -- \
		make -j "$(nproc)" -C /kernel/headers M=/module "${MAKE_CROSS[@]}" \
		${options[@]+"${options[@]}"} "${@:4}" modules
}

# lab_in_tree_module KERNEL DIR: builds the in-tree driver as a module in DIR. For this module, modinfo shows "intree:
# Y", as for a module that was built with the kernel
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
	mkdir -p "$1"
	build "$1/make.log" "/source=$TOP" "/build=$1" -- \
		make -C /source O=/build CC="${CROSS}gcc" PKG_CONFIG="${CROSS}pkg-config" tool
}
