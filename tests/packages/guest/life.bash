# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Helpers for apt-life.bats and dnf-life.bats. The caller must have loaded common.bash.

IN_TREE=/lib/modules/$RELEASE/kernel/arch/powerpc/platforms/pseries
BARE=9.9.9-bare-powerpc64le
BREAK='#error broken'

# Installs the in-tree driver where a kernel package would
install_in_tree() {
	mkdir -p "$IN_TREE"
	cp /cmm/in-tree/cmm.ko "$IN_TREE/"
	depmod
}

finds_in_tree() {
	[ "$(modinfo -n cmm)" = "$IN_TREE/cmm.ko" ]
}

runs_version() {
	[ "$(cat /sys/module/cmm/version)" = "$1" ]
}

reload() {
	modprobe -r cmm
	modprobe cmm simulate=1
}

# doctor_says CHECK FINDING TEXT: checks that the line about CHECK in the output of cmm-admin doctor has this FINDING
# and TEXT
doctor_says() {
	local line
	line=$(cmm-admin doctor -n -o CHECK,FINDING,TEXT | grep "^$1 " || true)
	echo "$line"
	[[ $line == *" $2 "*"$3"* ]]
}

break_source() {
	echo "$BREAK" >>"$1/src/main.c"
}

repair_source() {
	sed -i "/^$BREAK\$/d" "$1/src/main.c"
}

# break_package DIR: breaks the source of the driver in the unpacked package in DIR, and corrects the package's
# checksums
break_package() {
	break_source "$1/usr/src/cmm-$NEXT"
	(cd "$1" && find usr -type f -print0 | xargs -0 md5sum >DEBIAN/md5sums)
}

# Makes the files of a kernel without the balloon: only headers and no modules, so the kernel can't boot.
# Its version is the highest one, in case a program looks at the newest kernel only
make_bare_kernel() {
	local build=/usr/src/linux-headers-$BARE config
	cp -r "/usr/src/linux-headers-$RELEASE" "$build"
	mkdir -p "/lib/modules/$BARE/kernel"
	ln -s "$build" "/lib/modules/$BARE/build"
	touch "/lib/modules/$BARE"/modules.{order,builtin,builtin.modinfo}
	depmod "$BARE"
	for config in "$build/.config" "$build/include/config/auto.conf"; do
		sed -i '/^CONFIG_MEMORY_BALLOON=/d' "$config"
	done
	cp "$build/.config" "/boot/config-$BARE"
}

remove_bare_kernel() {
	rm -r "/usr/src/linux-headers-$BARE" "/lib/modules/$BARE" "/boot/config-$BARE"
}
