# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes Debian systems, and runs builds in them, so that results don't depend on the host's compiler and libraries.
# The caller must have sourced common.sh and debian.sh.
#
# Usually a container is not allowed to mount anything, not even a /proc of its own. But in a user namespace inside
# the container, existing directories can be bind-mounted.

# chroot_make DIR RELEASE ARCHITECTURES PACKAGES: makes a Debian system with these packages, as the archive
# DIR/root.tar. The cache verifies an archive faster than a tree of files. If the host's apt accepts package indices
# that have expired, the new system's apt accepts them, too.
chroot_make() {
	local dir=$1 release=$2 architectures=$3 packages=$4 option
	option=$(apt-config dump Acquire::Check-Valid-Until)
	APT_CONFIG='' quietly "$BUILD/log/${dir##*/}" mmdebstrap --mode=root --format=tar \
		--architectures="$architectures" --variant=apt --include="$packages" \
		${option:+--aptopt="$option"} "$release" "$dir/root.tar" "$(debian_source_line deb "$release")"
}

# chroot_enter ARCHIVE DIR: unpacks the archive in DIR/root, unless that was done before. Leaves out device nodes,
# because in some containers they can't be made. chroot_run mounts the host's /dev anyway.
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

# chroot_run DIR PLACE=DIRECTORY... -- COMMAND...: runs the command in the system in DIR/root, without a network. Each
# DIRECTORY of the host is mounted at its PLACE in the system. Each call uses a mount point of its own, so that calls
# can run at the same time.
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
		# This script runs in a chroot. Its / is not a mount point, so the propagation of / can't be changed.
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
	# If / is a shared mount, "mount --bind" also mounts $here outside of the new namespace. So $here is unmounted
	# here.
	umount "$here" 2>/dev/null || true
	rmdir "$here"
	return "$status"
}

# chroot_run_online DIR COMMAND: runs the bash command in the system in DIR/root, as root, with the host's network, and
# with /sys
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
