# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds the emulated hypervisor: Debian's source of QEMU with the patches in tests/hypervisor. The build has only the
# pseries machine and the devices that guests use. The caller must have sourced lab.sh.

HYPERVISOR=$TOP/tests/hypervisor
QEMU_OPTIONS=(--target-list=ppc64-softmmu --without-default-features --enable-tcg --enable-system
	--enable-plugins --enable-fdt=system --meson=/usr/bin/meson --disable-docs --disable-debug-info
	--without-default-devices --with-devices-ppc64=cmm)
QEMU_DEVICES=(PSERIES NVDIMM USB VIRTIO_PCI VIRTIO_SERIAL VIRTIO_BLK)

# make_qemu DIR: puts qemu-system-ppc64, its firmware, and the header for plugins into DIR
make_qemu() {
	local dir=$1 work=$1/work
	mkdir "$work"
	say "downloading the source of QEMU"
	(cd "$work" && quietly "$BUILD/log/qemu-source" apt-get source --download-only qemu)
	printf 'CONFIG_%s=y\n' "${QEMU_DEVICES[@]}" >"$work/cmm.mak"
	say "building QEMU (about 4 minutes, once)"
	# shellcheck disable=SC2016  # the inner shell's
	build "$BUILD/log/qemu-build" "/work=$work" "/patches=$HYPERVISOR/patches" -- sh -euc '
		cd /work
		dpkg-source -x qemu_*.dsc source
		(cd source && QUILT_PATCHES=/patches QUILT_PC=.pc-cmm quilt push -a)
		cp cmm.mak source/configs/devices/ppc64-softmmu/
		mkdir build
		cd build
		../source/configure "$@"
		ninja qemu-system-ppc64
	' configure "${QEMU_OPTIONS[@]}"
	# Debian's source of QEMU lacks the firmware, so the firmware comes from the package qemu-system-data.
	debian_unpack "$work/data" qemu-system-data
	cp "$work/build/qemu-system-ppc64" "$work/source/include/qemu/qemu-plugin.h" \
		"$work"/data/usr/share/qemu/vof.bin "$dir/"
	rm -rf "$work"
}

lab_qemu() {
	cache_entry qemu "$(debian_source_version qemu) ${QEMU_OPTIONS[*]} ${QEMU_DEVICES[*]} \
		$(cat "$HYPERVISOR"/patches/*) 2" make_qemu
}
