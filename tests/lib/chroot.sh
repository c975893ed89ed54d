# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Debian systems that something is built in, which the host is spared. Wants common.sh and
# debian.sh.

# chroot_make DIR RELEASE ARCHITECTURES PACKAGES: root.tar, which is one file to look through
# where a tree is many. An archive that the host takes for current is that here too.
chroot_make() {
	local dir=$1 release=$2 architectures=$3 packages=$4 option
	option=$(apt-config dump Acquire::Check-Valid-Until)
	APT_CONFIG='' quietly "$BUILD/log/chroot-$release" mmdebstrap --mode=root --format=tar \
		--architectures="$architectures" --variant=apt --include="$packages" \
		${option:+--aptopt="$option"} "$release" "$dir/root.tar" "$(debian_source_line deb "$release")"
}

# chroot_enter ARCHIVE DIR: a system of one's own in DIR/root, made where it isn't there
chroot_enter() {
	local archive=$1 dir=$2 root=$2/root
	mkdir -p "$dir"
	(
		flock 9
		[ "$(cat "$root/.made-of" 2>/dev/null)" != "$archive" ] || exit 0
		rm -rf "$root"
		mkdir -p "$root"
		tar -C "$root" --numeric-owner -xf "$archive" &&
			printf '%s\n' "$archive" >"$root/.made-of"
	) 9>"$dir/lock"
}

# chroot_run DIR PLACE=FOLDER... -- COMMAND...: in the system of DIR, where each folder is
# found at its place, without a network
chroot_run() {
	# shellcheck disable=SC2016  # the inner shell's
	unshare --mount --net --pid --fork bash -euc '
		root=$1
		shift
		while [ "$1" != -- ]; do
			mkdir -p "$root/${1%%=*}"
			mount --bind "${1#*=}" "$root/${1%%=*}"
			shift
		done
		shift
		mount -t proc proc "$root/proc"
		mount -t tmpfs tmp "$root/tmp"
		exec chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp \
			LC_ALL=C.UTF-8 "$@"
	' bash "$1/root" "${@:2}"
}
