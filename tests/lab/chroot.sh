# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Debian systems to build in, so that results don't depend on the host's compiler and libraries.
# Needs common.sh and debian.sh.
#
# A container usually may not mount anything, including a /proc of its own. But a user namespace in the container
# may bind-mount existing directories.

# chroot_make DIR RELEASE ARCHITECTURES PACKAGES: makes DIR/root.tar. It is one file because the cache checks one
# file faster than a tree. An index of packages that has expired is accepted if the host's apt accepts it.
chroot_make() {
	local dir=$1 release=$2 architectures=$3 packages=$4 option
	option=$(apt-config dump Acquire::Check-Valid-Until)
	APT_CONFIG='' quietly "$BUILD/log/${dir##*/}" mmdebstrap --mode=root --format=tar \
		--architectures="$architectures" --variant=apt --include="$packages" \
		${option:+--aptopt="$option"} "$release" "$dir/root.tar" "$(debian_source_line deb "$release")"
}

# chroot_enter ARCHIVE DIR: unpacks the archive in DIR/root, unless it is there already. Device nodes are left
# out: some containers may not make them, and chroot_run mounts the host's /dev.
chroot_enter() {
	local archive=$1 dir=$2 root=$2/root
	mkdir -p "$dir"
	(
		flock 9
		[ "$(cat "$root/.made-of" 2>/dev/null)" != "$archive" ] || exit 0
		rm -rf "$root"
		mkdir -p "$root"
		tar -C "$root" --numeric-owner --exclude='./dev/*' -xf "$archive" &&
			printf '%s\n' "$archive" >"$root/.made-of"
	) 9>"$dir/lock"
}

# chroot_run DIR PLACE=DIRECTORY... -- COMMAND...: runs the command in the system of DIR, without a network. Each
# DIRECTORY is mounted at its PLACE. Each run has a mount point of its own.
chroot_run() {
	local root=$1/root here binds=() namespaces=(--mount --net --pid --fork) proc=(-t proc proc) status=0
	here=$(mktemp -d "$1/run.XXXXXX")
	shift
	while [ "$1" != -- ]; do
		mkdir -p "$root/${1%%=*}"
		binds+=("${1#*=}" "${1%%=*}")
		shift
	done
	shift
	if unshare --mount true 2>/dev/null; then
		:
	elif unshare --mount --propagation unchanged true 2>/dev/null; then
		# This script's / is a chroot and not a mount point, so its propagation can't be changed.
		namespaces+=(--propagation unchanged)
	else
		namespaces=(--map-root-user --mount --net)
		proc=(--rbind /proc)
	fi
	# shellcheck disable=SC2016  # the inner shell's
	unshare "${namespaces[@]}" bash -euc '
		root=$1 here=$2 proc=$3 count=$4
		shift 4
		mount --bind "$root" "$here"
		mount --make-private "$here"
		for ((; count > 0; count -= 2)); do
			mount --rbind "$1" "$here/$2"
			shift 2
		done
		mount --rbind /dev "$here/dev"
		mount $proc "$here/proc"
		mount -t tmpfs tmp "$here/tmp"
		exec chroot "$here" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LC_ALL=C.UTF-8 "$@"
	' bash "$root" "$here" "${proc[*]}" "${#binds[@]}" ${binds[@]+"${binds[@]}"} "$@" || status=$?
	# If / is shared, the first mount is visible outside of the new namespace, too.
	umount "$here" 2>/dev/null || true
	rmdir "$here"
	return "$status"
}

# chroot_run_online DIR COMMAND: runs the bash command in the system of DIR as root, with the host's network and /sys
chroot_run_online() {
	# shellcheck disable=SC2016  # the inner shell's
	unshare --mount --pid --fork bash -euc '
		mount --rbind /dev "$1/dev"
		mount -t proc proc "$1/proc"
		mount -t sysfs sys "$1/sys"
		cp /etc/resolv.conf "$1/etc/"
		exec chroot "$1" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 bash -euc "$2"
	' bash "$1/root" "$2"
}
