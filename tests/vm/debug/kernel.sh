# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The debug kernel: cross-built from Debian's package of the source, with what
# watches a driver turned on and little else. Wants lab.sh.

DEBUG_KERNEL=$TOP/tests/vm/debug
DEBUG_RELEASE=trixie
DEBUG_SOURCE=linux-source-6.12

# These are another release's packages, so each has a subshell to itself. A source is
# for every architecture, and so in each index.
debug_source_version() (
	debian_use_release "$DEBUG_RELEASE" amd64
	debian_version "$DEBUG_SOURCE"
)

debug_unpack_source() (
	debian_use_release "$DEBUG_RELEASE" amd64
	debian_unpack "$1" "$DEBUG_SOURCE"
)

# Make drops without a word what it doesn't know, or what lacks something else.
check_debug_config() {
	local made=$1 line
	while read -r line; do
		case $line in
		'' | '#'*) continue ;;
		*=n) ! grep -q "^${line%n}" "$made" && continue ;;
		*) grep -qxF -- "$line" "$made" && continue ;;
		esac
		die "the debug kernel's configuration did not come to have $line"
	done <"$DEBUG_KERNEL/config"
}

# make_debug_kernel DIR: as make_kernel does, and in-tree, with the in-tree
# driver. Without debug info, but with its symbols.
make_debug_kernel() {
	local dir=$1 work=$1/whole tree version
	debug_unpack_source "$work"
	tree=$work/$DEBUG_SOURCE
	say "unpacking $DEBUG_SOURCE"
	quietly "$BUILD/log/debug-unpack" tar -C "$work" -xf "$work/usr/src/$DEBUG_SOURCE.tar.xz"

	cp "$DEBUG_KERNEL/config" "$tree/arch/powerpc/configs/cmm.config"
	quietly "$BUILD/log/debug-config" make -C "$tree" "${MAKE_CROSS[@]}" tinyconfig cmm.config
	check_debug_config "$tree/.config"

	say "building the debug kernel (about 5 minutes, once)"
	quietly "$BUILD/log/debug-build" make -C "$tree" "${MAKE_CROSS[@]}" -j"$(nproc)" vmlinux modules
	quietly "$BUILD/log/debug-modules" make -C "$tree" "${MAKE_CROSS[@]}" \
		INSTALL_MOD_PATH="$dir" DEPMOD=true modules_install
	version=$(basename "$dir"/lib/modules/*)
	rm -f "$dir/lib/modules/$version/build"
	cp "$tree/vmlinux" "$dir/"
	debug_headers "$tree" "$dir/headers"
	mkdir "$dir/in-tree"
	cp "${IN_TREE_DRIVER[@]/#/$tree/}" "$dir/in-tree/"
	rm -rf "$work"
}

# The kernel's own way to make a headers package. It would build the programs
# that take part anew for where CC builds for, and they are to run here.
debug_headers() {
	local tree=$1 headers=$2
	(
		cd "$tree" || exit
		srctree=. SRCARCH=powerpc CC=gcc HOSTCC=gcc \
			quietly "$BUILD/log/debug-headers" sh scripts/package/install-extmod-build "$headers"
	)
}

lab_debug_kernel() {
	cache_entry kernel-debug "$(debug_source_version) $(cat "$DEBUG_KERNEL"/{config,kernel.sh})" \
		make_debug_kernel
}
