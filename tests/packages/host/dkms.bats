#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=dkms
# Tests dkms.conf with dkms, which builds for ppc64le and for several kernels. The variable DKMS is the directory of
# dkms. The tests run in the system in which packages are built.

bats_require_minimum_version 1.5.0

MODULES=/lib/modules
TREE=/var/lib/dkms
SOURCE=/usr/src/cmm-$VERSION
STOCK=6.1-stock		# has balloon support, but not the in-tree driver
BUILT_IN=6.1-built-in	# has the in-tree driver built in
MODULE=6.1-module	# has the in-tree driver as a module
BARE=6.1-bare		# has no balloon support

setup_file() {
	headers "$STOCK"
	headers "$BUILT_IN" CONFIG_CMM=y
	headers "$MODULE" CONFIG_CMM=m
	headers "$BARE"
	mkdir -p /etc/depmod.d
}

setup() {
	export ARCH=powerpc CROSS_COMPILE=powerpc64le-linux-gnu- PATH=/work/bin:$PATH
	rm -rf "$TREE" "$SOURCE" /usr/lib/depmod.d/cmm.conf
	mkdir -p "$TREE"
	make -s -C /work/source dkms_install
	kernel "$STOCK"
	kernel "$BUILT_IN"
	kernel "$MODULE"
	kernel "$BARE"
	sed -i '/^CONFIG_MEMORY_BALLOON=/d' "$MODULES/$BARE"/build/{.config,include/config/auto.conf}
	put_in_tree "$MODULES/$MODULE"
	dkms add -m cmm -v "$VERSION"
}

teardown() {
	rm -rf "$MODULES"
	rm -f /etc/depmod.d/dist.conf
	restore_distribution
}

dkms() {
	bash "$DKMS/usr/sbin/dkms" "$@"
}

# headers NAME [OPTION]: makes headers for the kernel NAME. These are a copy of the headers of Debian's kernel, with
# OPTION added to the configuration
headers() {
	local build=/work/usr/src/$1 config
	rm -rf "$build"
	cp -r /work/usr/src/linux-headers-*-powerpc64le "$build"
	for config in .config include/config/auto.conf; do
		[ -z "${2:-}" ] || printf '%s\n' "$2" >>"$build/$config"
		cp "$build/$config" "$build/$config.kept"
	done
}

# kernel NAME: makes an empty directory of modules for the kernel NAME, with a link to the kernel's headers
kernel() {
	local config
	for config in .config include/config/auto.conf; do
		cp "/work/usr/src/$1/$config.kept" "/work/usr/src/$1/$config"
	done
	rm -rf "${MODULES:?}/$1"
	mkdir -p "$MODULES/$1/kernel"
	touch "$MODULES/$1"/modules.{order,builtin,builtin.modinfo}
	ln -s "/work/usr/src/$1" "$MODULES/$1/build"
	depmod "$1"
}

# configure KERNEL OPTION: adds OPTION to both files of the kernel's configuration, because dkms may read either file
configure() {
	printf '%s\n' "$2" | tee -a "$MODULES/$1/build/.config" >>"$MODULES/$1/build/include/config/auto.conf"
}

# put_in_tree DIR: installs the in-tree driver as kernel packages do. DIR is the directory of the kernel's modules
put_in_tree() {
	mkdir -p "$1/kernel/arch/powerpc/platforms/pseries"
	cp /work/in-tree/cmm.ko "$1/kernel/arch/powerpc/platforms/pseries/"
	depmod "${1##*/}"
}

distribution_is() {
	cp -a /etc/os-release /tmp/os-release
	rm /etc/os-release
	printf 'ID=%s\nVERSION_ID=9\n' "$1" >/etc/os-release
}

restore_distribution() {
	[ ! -e /tmp/os-release ] || mv /tmp/os-release /etc/os-release
}

install_for() {
	dkms install -m cmm -v "$VERSION" -k "$1" -a ppc64le
}

# found NAME KERNEL: prints the file that modprobe would load for the module NAME on KERNEL
found() {
	modprobe -S "$2" --ignore-install --show-depends "$1" | sed -n "s|^insmod $MODULES/$2/\([^ ]*\).*|\1|p"
}

is_installed_for() {
	[[ "$(dkms status -m cmm -k "$1" -a ppc64le)" == *": installed"* ]]
}

@test "for a kernel without the in-tree driver, the module is cmm" {
	install_for "$STOCK"
	[ "$(found cmm "$STOCK")" = updates/dkms/cmm.ko ]
	[ "$(modinfo -F version "$MODULES/$STOCK/updates/dkms/cmm.ko")" = "$VERSION" ]
}

# bats test_tags=slow
@test "the installed module has symbols, but no debug information" {
	install_for "$STOCK"
	run -0 powerpc64le-linux-gnu-readelf -S "$MODULES/$STOCK/updates/dkms/cmm.ko"
	[[ $output != *.debug_info* ]]
	[[ $output == *.symtab* ]]
}

# bats test_tags=slow
@test "the installed module is signed with the key of dkms" {
	install_for "$STOCK"
	[ "$(modinfo -F sig_id "$MODULES/$STOCK/updates/dkms/cmm.ko")" = PKCS#7 ]
}

@test "for a kernel with the in-tree driver built in, the module is cmm_dkms" {
	install_for "$BUILT_IN"
	[ "$(found cmm_dkms "$BUILT_IN")" = updates/dkms/cmm_dkms.ko ]
	[ ! -e "$MODULES/$BUILT_IN/updates/dkms/cmm.ko" ]
}

# A script replaces modprobe, and records the arguments that the install command in modprobe.d passes to it.
# bats test_tags=slow
@test "options for cmm in modprobe.d are passed to cmm_dkms" {
	install_for "$BUILT_IN"
	mkdir -p /tmp/real
	ln -sf /bin/kmod /tmp/real/modprobe
	mv /sbin/modprobe /sbin/modprobe.kept
	cat >/sbin/modprobe <<-'EOF'
		#!/bin/sh
		[ "$1" != -c ] || exec /tmp/real/modprobe -c
		echo "$*" >/tmp/real/ran
	EOF
	chmod +x /sbin/modprobe
	echo "options cmm delay=9 oom_kb=4096" >/etc/modprobe.d/test.conf
	run /tmp/real/modprobe -S "$BUILT_IN" cmm_dkms debug=1
	rm /etc/modprobe.d/test.conf
	mv /sbin/modprobe.kept /sbin/modprobe
	[ "$(cat /tmp/real/ran)" = "--ignore-install cmm_dkms delay=9 oom_kb=4096 debug=1" ]
}

# bats test_tags=slow
@test "dkms remove works without the kernel's headers" {
	install_for "$BUILT_IN"
	rm -rf "$MODULES/$BUILT_IN/build"
	dkms remove -m cmm -v "$VERSION" --all
	[ -z "$(find "$MODULES" -name 'cmm_dkms*')" ]
	[ ! -e "$TREE/cmm" ]
}

@test "Debian: our module is preferred; removal restores the in-tree module" {
	install_for "$MODULE"
	[ "$(found cmm "$MODULE")" = updates/dkms/cmm.ko ]
	dkms remove -m cmm -v "$VERSION" --all
	[ "$(found cmm "$MODULE")" = kernel/arch/powerpc/platforms/pseries/cmm.ko ]
}

# bats test_tags=slow
@test "SUSE: our module is preferred; removal restores the in-tree module" {
	distribution_is sles
	install_for "$MODULE"
	[ "$(found cmm "$MODULE")" = updates/cmm.ko ]
	dkms remove -m cmm -v "$VERSION" --all
	[ "$(found cmm "$MODULE")" = kernel/arch/powerpc/platforms/pseries/cmm.ko ]
}

@test "RHEL: our module is preferred; removal restores the in-tree module" {
	distribution_is rhel
	echo "search updates extra built-in weak-updates" >/etc/depmod.d/dist.conf
	install_for "$MODULE"
	[ "$(found cmm "$MODULE")" = extra/cmm.ko ]
	dkms remove -m cmm -v "$VERSION" --all
	[ "$(found cmm "$MODULE")" = kernel/arch/powerpc/platforms/pseries/cmm.ko ]
}

# bats test_tags=slow
@test "if depmod.d has only 'search built-in', our module is still preferred" {
	echo "search built-in" >/etc/depmod.d/dist.conf
	distribution_is debian
	install_for "$MODULE"
	[ "$(found cmm "$MODULE")" = updates/dkms/cmm.ko ]
}

@test "dkms build skips a kernel without balloon support" {
	run -77 dkms build -m cmm -v "$VERSION" -k "$BARE" -a ppc64le
	[[ $output == *BUILD_EXCLUSIVE* ]]
}

# bats test_tags=slow
@test "dkms autoinstall succeeds for a kernel without balloon support" {
	run -0 dkms autoinstall -k "$BARE" -a ppc64le
	run ! is_installed_for "$BARE"
}

# bats test_tags=slow
@test "autoinstall skips a kernel without balloon support, keeps other modules" {
	install_for "$STOCK"
	run -0 dkms autoinstall -k "$BARE" -a ppc64le
	is_installed_for "$STOCK"
	run ! is_installed_for "$BARE"
}

# bats test_tags=slow
@test "dkms build accepts CONFIG_BALLOON, the balloon's new option name" {
	configure "$BARE" CONFIG_BALLOON=y
	run dkms build -m cmm -v "$VERSION" -k "$BARE" -a ppc64le
	[ "$status" -ne 77 ]
}

# bats test_tags=slow
@test "dkms autoinstall builds the module for a kernel with balloon support" {
	install_for "$BUILT_IN"
	run -0 dkms autoinstall -k "$STOCK" -a ppc64le
	is_installed_for "$STOCK"
	is_installed_for "$BUILT_IN"
	[ "$(found cmm "$STOCK")" = updates/dkms/cmm.ko ]
}

# bats test_tags=slow
@test "dkms build and autoinstall fail on a compile error" {
	echo '#error broken' >>"$SOURCE/src/main.c"
	run -10 dkms build -m cmm -v "$VERSION" -k "$STOCK" -a ppc64le
	run -11 dkms autoinstall -k "$STOCK" -a ppc64le
	grep -q 'error: #error broken' "$TREE/cmm/$VERSION/build/make.log"
}

# bats test_tags=slow
@test "for other architectures dkms build is skipped, and autoinstall succeeds" {
	run -77 dkms build -m cmm -v "$VERSION" -k "$STOCK" -a x86_64
	run -77 dkms build -m cmm -v "$VERSION" -k "$STOCK" -a ppc64
	run -0 dkms autoinstall -k "$STOCK" -a x86_64
	run ! is_installed_for "$STOCK"
}

# Debian's dkms does not warn of CLEAN, but the dkms of other distributions does. So sed restores the warning in a copy
# of Debian's dkms.
# bats test_tags=slow
@test "dkms does not warn of deprecated features in dkms.conf" {
	sed 's/^#\( *\*) *deprecated "CLEAN\)/\1/' "$DKMS/usr/sbin/dkms" >/tmp/dkms
	run -0 bash /tmp/dkms install -m cmm -v "$VERSION" -k "$STOCK" -a ppc64le
	[[ $output != *[Dd]eprecated* ]]
}

# bats test_tags=slow
@test "for a kernel that was built with clang, the module is built with clang" {
	configure "$STOCK" CONFIG_CC_IS_CLANG=y
	mv "$MODULES/$STOCK/build/.kernelvariables" /tmp/
	mkdir -p /tmp/fake
	printf '#!/bin/sh\ntouch /tmp/fake/called\nexit 1\n' >/tmp/fake/clang
	chmod +x /tmp/fake/clang
	PATH=/tmp/fake:$PATH run ! dkms build -m cmm -v "$VERSION" -k "$STOCK" -a ppc64le
	mv /tmp/.kernelvariables "$MODULES/$STOCK/build/"
	[ -e /tmp/fake/called ]
}
