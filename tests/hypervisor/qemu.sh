# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The hypervisor: Debian's QEMU source with our patches, cut down to the pseries
# machine and the devices of our guests. Wants lab.sh.

HYPERVISOR=$TOP/tests/hypervisor
QEMU_OPTIONS=(--target-list=ppc64-softmmu --without-default-features --enable-tcg --enable-system
	--enable-plugins --enable-fdt=system --meson=/usr/bin/meson --disable-docs --disable-debug-info
	--without-default-devices --with-devices-ppc64=cmm)
QEMU_DEVICES=(PSERIES NVDIMM USB VIRTIO_PCI VIRTIO_SERIAL VIRTIO_BLK)

# make_qemu DIR: qemu-system-ppc64 in DIR, and what a plugin is built with; its firmware is the
# packaged QEMU's
make_qemu() {
	local dir=$1 work=$1/work
	mkdir "$work"
	say "downloading the source of QEMU"
	(cd "$work" && quietly "$BUILD/log/qemu-source" apt-get source --download-only qemu)
	quietly "$BUILD/log/qemu-unpack" dpkg-source -x "$work"/qemu_*.dsc "$work/source"
	(
		cd "$work/source" || exit
		QUILT_PATCHES=$HYPERVISOR/patches QUILT_PC=.pc-cmm quietly "$BUILD/log/qemu-patch" quilt push -a
	)
	printf 'CONFIG_%s=y\n' "${QEMU_DEVICES[@]}" >"$work/source/configs/devices/ppc64-softmmu/cmm.mak"
	say "building QEMU (about 4 minutes, once)"
	mkdir "$work/build"
	(
		cd "$work/build" || exit
		quietly "$BUILD/log/qemu-configure" ../source/configure "${QEMU_OPTIONS[@]}"
		quietly "$BUILD/log/qemu-build" ninja qemu-system-ppc64
	)
	cp "$work/build/qemu-system-ppc64" "$work/source/include/qemu/qemu-plugin.h" "$dir/"
	rm -rf "$work"
}

lab_qemu() {
	cache_entry qemu "$(debian_source_version qemu) ${QEMU_OPTIONS[*]} ${QEMU_DEVICES[*]} \
		$(cat "$HYPERVISOR"/patches/*) 1" make_qemu
}
