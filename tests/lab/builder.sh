# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Builders are amd64 Debian systems in which the lab compiles QEMU and everything for guests, so that results don't
# depend on the host's release. The caller must have sourced common.sh, debian.sh and chroot.sh.

BUILDER_COMPILER=gcc-powerpc64le-linux-gnu,make,pahole
# The libraries that cmm-admin needs, in the versions that guests have
BUILDER_TOOL=pkgconf:ppc64el,libc6-dev:ppc64el,libsmartcols-dev:ppc64el,libsysfs-dev:ppc64el,libbytesize-dev:ppc64el,libinih-dev:ppc64el,libjson-c-dev:ppc64el,libudev-dev:ppc64el,libncurses-dev:ppc64el,libkmod-dev:ppc64el
BUILDER_KERNEL=gcc,bc,bison,flex,libc6-dev,libelf-dev,sparse,perl
BUILDER_QEMU=dpkg-dev,quilt,ninja-build,meson,python3,libglib2.0-dev,libfdt-dev,libpixman-1-dev,zlib1g-dev
BUILDER_COVERAGE=gcovr

# builder_packages BUILDER: prints the packages of a builder. BUILDER is the name of a Debian release, or "clang" for a
# builder that has the lab's release and clang
builder_packages() {
	case $1 in
	"$LAB_RELEASE") echo "$BUILDER_COMPILER,$BUILDER_TOOL,$BUILDER_KERNEL,$BUILDER_QEMU,$BUILDER_COVERAGE" ;;
	clang) echo "$BUILDER_COMPILER,$BUILDER_KERNEL,clang" ;;
	*) echo "$BUILDER_COMPILER" ;;
	esac
}

builder_release() {
	echo "${1/clang/$LAB_RELEASE}"
}

make_builder() {
	local dir=$1 builder=$2 release architectures=amd64
	release=$(builder_release "$builder")
	[ "$builder" != "$LAB_RELEASE" ] || architectures=amd64,ppc64el
	say "making a Debian system for builds: $builder (about a minute, once)"
	chroot_make "$dir" "$release" "$architectures" "$(builder_packages "$builder")"
}

builder_compiler_versions() (
	debian_use_release "$(builder_release "$1")" amd64
	for package in ${BUILDER_COMPILER//,/ }; do
		debian_version "$package"
	done
)

# lab_builder BUILDER: makes the builder if necessary, and prints its directory, which is DIR for chroot_run
lab_builder() {
	local builder=$1 versions archive
	versions=$(builder_compiler_versions "$builder")
	archive=$(cache_entry "builder-$builder" "$(builder_packages "$builder") $versions 1" \
		make_builder "$builder")/root.tar
	chroot_enter "$archive" "$BUILD/builder/$builder"
	printf '%s\n' "$BUILD/builder/$builder"
}

# build LOG PLACE=DIRECTORY... -- COMMAND...: runs the command in the builder of the lab's release, and writes the
# command's output to the file LOG. chroot_run explains the arguments after LOG
build() {
	local builder
	builder=$(lab_builder "$LAB_RELEASE")
	quietly "$1" chroot_run "$builder" "${@:2}"
}
