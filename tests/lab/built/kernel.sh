# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Cross-builds kernels from Debian's source packages. These kernels have little more than they need to boot. The caller
# must have sourced lab.sh.

RECIPES=$TOP/tests/lab/built

# Files that are built without KASAN, because their code runs at each use of a lock, and makes nearly three quarters of
# all accesses that KASAN would check. KASAN still checks the locks themselves, in spinlock_debug.c.
UNSANITIZED=(KASAN_SANITIZE_{lockdep,qspinlock,stacktrace,trace_preemptirq}.o=n)

# built_row NAME: prints the Debian release and the source package of this kernel, and the files in tests/lab/built from
# which its configuration is made
built_row() {
	case $1 in
	debug) echo trixie linux-source-6.12 base.config watch.config kasan.config ;;
	debug-hash) echo trixie linux-source-6.12 base.config watch.config ;;
	kcsan) echo trixie linux-source-6.12 base.config kcsan.config ;;
	coverage) echo trixie linux-source-6.12 base.config coverage.config ;;
	6.12-cmm-* | 6.12-clang) echo trixie linux-source-6.12 base.config ;;
	5.10-*) echo bullseye linux-source-5.10 base.config ;;
	7.2-cmm) echo sid linux-source-7.2 base.config newer.config ;;
	*) return 1 ;;
	esac
}

# Prints the names of the kernels that the lab builds, except debug, debug-hash, kcsan and coverage, which only some
# tests use:
#
# 5.10-64k		the oldest kernel
# 5.10-defconfig	only the headers of the oldest kernel in its default configuration. Like the kernels of most
#			distributions, it has more options than 5.10-64k
# 6.12-cmm-module	a kernel that has the in-tree driver as a module
# 6.12-cmm-built-in	a kernel that has the in-tree driver built in
# 6.12-cmm-unset	a kernel without the in-tree driver
# 6.12-clang		only the headers of a kernel for which modules have to be built with clang
# 7.2-cmm		the newest of these kernels, with the in-tree driver as a module
built_names() {
	printf '%s\n' 5.10-{64k,defconfig} 6.12-cmm-{module,built-in,unset} 6.12-clang 7.2-cmm
}

# The source packages come from other releases than the lab's. So each of the next two functions runs in a subshell with
# its own apt configuration. A source package is for every architecture, so the index of one architecture is enough.
built_source_version() (
	debian_use_release "$1" amd64
	debian_version "$2"
)

built_unpack_source() (
	debian_use_release "$1" amd64
	debian_unpack "$3" "$2"
)

# built_check_config MADE WANTED: fails if the configuration MADE lacks an option of the fragment WANTED. make silently
# drops options that are unknown or have unmet dependencies. If WANTED has several lines about an option, only the last
# of these lines counts.
built_check_config() {
	local made=$1 wanted=$2 line
	while read -r line; do
		case $line in
		'' | '#'*) continue ;;
		*=n) ! grep -q "^${line%n}" "$made" && continue ;;
		*) grep -qxF -- "$line" "$made" && continue ;;
		esac
		die "the kernel's configuration lacks $line, which was asked for"
	done < <(tac "$wanted" | awk -F= '!seen[$1]++')
}

# built_make LOG TREE ARG...: calls built_run, which runs make with these arguments in TREE
built_make() {
	built_run "$1" "$2" make -C /tree "${MAKE_CROSS[@]}" "${@:3}"
}

# built_run LOG TREE COMMAND...: TREE is the directory with a kernel's source. Runs the command in the builder
# $BUILT_IN, with TREE mounted at /tree. The command's output goes to a file in build/log with a name that begins with
# LOG.
built_run() {
	local log=$1 tree=$2 builder
	shift 2
	builder=$(lab_builder "$BUILT_IN")
	quietly "$BUILD/log/$log-${tree##*/}" chroot_run "$builder" "/tree=$tree" -- "$@"
}

# built_configure TREE LINE...: configures the kernel in TREE. The options are the lines of TREE/base.config, and then
# each LINE
built_configure() {
	local tree=$1 config=$1/arch/powerpc/configs/cmm.config
	shift
	{
		cat "$tree/base.config"
		printf '%s\n' "$@"
	} >"$config"
	built_make built-config "$tree" tinyconfig cmm.config
	built_check_config "$tree/.config" "$config"
}

# built_build TREE DIR [ARG...]: builds the kernel in TREE. ARGs are arguments for make. DIR gets the files that
# kernels_arrange lists, and the in-tree driver's source in DIR/in-tree. vmlinux has symbols, but no debug information.
built_build() {
	local tree=$1 dir=$2
	mkdir -p "$dir"
	built_make built-build "$tree" -j"$(nproc)" "${UNSANITIZED[@]}" "${@:3}" vmlinux modules
	built_make built-modules "$tree" INSTALL_MOD_PATH=/tree/installed DEPMOD=true modules_install
	mv "$tree/installed/lib" "$dir/"
	rm -f "$dir"/lib/modules/*/{build,source}
	cp "$tree/vmlinux" "$dir/"
	built_headers "$tree" "$dir/headers"
	mkdir "$dir/in-tree"
	cp "${IN_TREE_DRIVER[@]/#/$tree/}" "$dir/in-tree/"
}

# built_headers TREE DIR: copies all files that are needed to build modules from TREE to DIR. Newer kernels have a
# script for that. The script rebuilds the programs that run while modules are built. Because of CC and HOSTCC, the
# script builds these programs for the builder, not for guests.
built_headers() {
	local tree=$1 headers=$2
	if [ -e "$tree/scripts/package/install-extmod-build" ]; then
		built_run built-headers "$tree" sh -euc '
			cd /tree
			srctree=. SRCARCH=powerpc CC=gcc HOSTCC=gcc \
				sh scripts/package/install-extmod-build /tree/headers-package
		'
		mv "$tree/headers-package" "$headers"
		cp "$tree/.config" "$headers/"
		return
	fi
	mkdir -p "$headers"
	(
		cd "$tree" || exit
		{
			printf '%s\n' Makefile Module.symvers .config include scripts arch/powerpc/{Makefile,include,scripts}
			find arch/powerpc -name 'Makefile*' -o -name 'Kbuild*' -o -name crtsavres.o
			find . -maxdepth 1 -name 'Kbuild*' -o -maxdepth 1 -name 'Kconfig*'
		} | while read -r path; do
			[ ! -e "$path" ] || printf '%s\n' "$path"
		done | tar -c -T - | tar -C "$headers" -x
	)
}

# built_start DIR RELEASE SOURCE FRAGMENT...: unpacks the source package SOURCE of the Debian release RELEASE below DIR,
# and prints the directory of the unpacked source. In that directory, the file base.config gets the contents of the
# FRAGMENTs, which are files in tests/lab/built.
built_start() {
	local work=$1 release=$2 source=$3 fragment
	shift 3
	built_unpack_source "$release" "$source" "$work"
	say "unpacking $source"
	quietly "$BUILD/log/built-unpack" tar -C "$work" -xf "$work/usr/src/$source.tar.xz"
	for fragment in "$@"; do
		cat "$RECIPES/$fragment"
	done >"$work/$source/base.config"
	printf '%s\n' "$work/$source"
}

# built_unlinked TREE DIR [ARG...]: puts the headers of the kernel in TREE into DIR, without building the kernel. So the
# list of the kernel's symbols is empty, and a build of a module can't check the symbols that the module uses. ARGs are
# arguments for make.
built_unlinked() {
	local tree=$1 dir=$2
	built_make built-prepare "$tree" "${@:3}" modules_prepare
	: >"$tree/Module.symvers"
	built_headers "$tree" "$dir/headers"
	mkdir -p "$dir/lib/modules/$(cat "$tree/include/config/kernel.release")"
	touch "$dir/unlinked"
}

make_built_kernel() {
	local dir=$1 name=$2 tree BUILT_IN=$LAB_RELEASE
	shift 2
	[ "$name" != 6.12-clang ] || BUILT_IN=clang
	tree=$(built_start "$dir/whole" "$@")
	say "building kernel $name (some minutes, once)"
	case $name in
	6.12-cmm)
		built_configure "$tree" CONFIG_CMM=m 'CONFIG_LOCALVERSION="-cmm-module"'
		built_build "$tree" "$dir/module"
		built_configure "$tree" CONFIG_CMM=y 'CONFIG_LOCALVERSION="-cmm-built-in"'
		built_build "$tree" "$dir/built-in"
		built_configure "$tree" CONFIG_CMM=n CONFIG_VIRTIO_BALLOON=m 'CONFIG_LOCALVERSION="-cmm-unset"'
		built_build "$tree" "$dir/unset"
		;;
	6.12-clang)
		cp "$tree/base.config" "$tree/arch/powerpc/configs/cmm.config"
		built_make built-config "$tree" "${MAKE_CLANG[@]}" tinyconfig cmm.config
		built_unlinked "$tree" "$dir" "${MAKE_CLANG[@]}"
		echo clang >"$dir/toolchain"
		;;
	kcsan)
		# KCSAN checks only code that is built for it, here the driver. So it does not report races in the rest
		# of the kernel.
		built_configure "$tree" CONFIG_CMM=m
		built_build "$tree" "$dir" KCSAN_SANITIZE=n
		;;
	5.10-defconfig)
		built_make built-config "$tree" pseries_le_defconfig
		built_unlinked "$tree" "$dir"
		;;
	*)
		built_configure "$tree" CONFIG_CMM=m
		built_build "$tree" "$dir"
		;;
	esac
	rm -rf "$dir/whole"
}

# lab_built_kernel NAME: builds this kernel if necessary, and prints the kernel's directory
lab_built_kernel() {
	local row entry=$1 part='' version dir
	read -r -a row <<<"$(built_row "$1")"
	if [[ $1 = 6.12-cmm-* ]]; then
		entry=6.12-cmm part=/${1#6.12-cmm-}
	fi
	version=$(built_source_version "${row[@]:0:2}")
	dir=$(cache_entry "kernel-$entry" "$version ${row[*]} $(cd "$RECIPES" && cat "${row[@]:2}") \
		${UNSANITIZED[*]} 3" \
		make_built_kernel "$entry" "${row[@]}")
	printf '%s%s\n' "$dir" "$part"
}
