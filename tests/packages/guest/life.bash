# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For the tests of what happens to packages in their life. Wants common.bash.

IN_TREE=/lib/modules/$RELEASE/kernel/arch/powerpc/platforms/pseries
BARE=9.9.9-bare-powerpc64le
BREAK='#error broken'

# As a kernel that has the driver would bring it
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

# doctor_says CHECK FINDING TEXT
doctor_says() {
	local line
	line=$(cmm-admin doctor -n -o CHECK,FINDING,TEXT | grep "^$1 " || true)
	echo "$line"
	[[ $line == *" $2 "*"$3"* ]]
}

break_source() {
	echo "$BREAK" >>"$1/src/main.c"
}

mend_source() {
	sed -i "/^$BREAK\$/d" "$1/src/main.c"
}

# break_package FOLDER: of an unpacked package
break_package() {
	break_source "$1/usr/src/cmm-$NEXT"
	(cd "$1" && find usr -type f -print0 | xargs -0 md5sum >DEBIAN/md5sums)
}

# The newest kernel, for who goes by versions; its headers have the balloon taken out.
make_bare_kernel() {
	local build=/usr/src/linux-headers-$BARE config
	cp -r "/usr/src/linux-headers-$RELEASE" "$build"
	mkdir -p "/lib/modules/$BARE"
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
