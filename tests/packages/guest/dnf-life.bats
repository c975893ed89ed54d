#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Tests upgrade, downgrade and removal by dnf, and builds that fail or are not possible. The kernel has the in-tree
# driver as a module.

bats_require_minimum_version 1.5.0
load /cmm/packages/common
load /cmm/packages/life

@test "before the installation modprobe finds the in-tree driver" {
	install_in_tree
	use_dnf_repository repository
	list_files >"$BEFORE"
	finds_in_tree
}

@test "dnf refuses an index or a package that is signed with another key" {
	use_dnf_repository impostor
	run ! do_dnf install cmm-dkms
	[[ $output == *"GPG signature verification error"* ]]
	run ! do_dnf --setopt=cmm.repo_gpgcheck=0 install cmm-dkms
	[[ $output == *"GPG check FAILED"* ]]
	use_dnf_repository repository
}

@test "after the installation modprobe finds our driver" {
	do_dnf install "cmm-dkms-$VERSION" "cmm-admin-$VERSION"
	is_built_for "$RELEASE" "$VERSION-1"
}

@test "after an upgrade the old driver still runs, and doctor warns of that" {
	modprobe cmm simulate=1
	loan 65536
	echo '# mine' >>/etc/cmm/cmm.conf
	do_dnf upgrade
	is_built_for "$RELEASE" "$NEXT-1"
	[ "$(dkms status -m cmm | wc -l)" -eq 1 ]
	runs_version "$VERSION"
	loaned_is 65536
	doctor_says file WARN "which has version $NEXT"
	reload
	runs_version "$NEXT"
	grep -qx '# mine' /etc/cmm/cmm.conf
}

@test "after a downgrade the newer driver still runs until a reload" {
	do_dnf downgrade cmm-dkms cmm-admin
	is_built_for "$RELEASE" "$VERSION-1"
	[ "$(dkms status -m cmm | wc -l)" -eq 1 ]
	runs_version "$NEXT"
	reload
	runs_version "$VERSION"
}

@test "dnf and doctor report a failed build, and a reinstallation repairs it" {
	local header=/lib/modules/$RELEASE/build/include/generated/autoconf.h
	echo "$BREAK" >>"$header"
	run -0 do_dnf reinstall cmm-dkms
	echo "$output"
	[[ $output == *"cmm-dkms: the build for $RELEASE failed; see /var/lib/dkms/cmm/$VERSION-1/build/make.log, "* ]]
	doctor_says build-running FAIL "/var/lib/dkms/cmm/$VERSION-1/build/make.log"
	sed -i "/^$BREAK\$/d" "$header"
	do_dnf reinstall cmm-dkms
	is_built_for "$RELEASE" "$VERSION-1"
}

@test "a kernel without balloon support: dnf installs the packages anyway" {
	make_bare_kernel
	do_dnf reinstall cmm-dkms
	is_built_for "$RELEASE" "$VERSION-1"
	run ! is_built_for "$BARE" "$VERSION-1"
	doctor_says build-others FAIL "$BARE, which has neither MEMORY_BALLOON nor BALLOON"
	remove_bare_kernel
}

@test "removal restores the in-tree driver, and leaves only a changed cmm.conf" {
	modprobe -r cmm
	do_dnf remove cmm-dkms cmm-admin
	finds_in_tree
	# rpm keeps a changed configuration file when it removes the package.
	is_equal "files that are left" "$(new_files)" "$(printf '%s\n' /etc/cmm /etc/cmm/cmm.conf.rpmsave)"
}
