#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Tests upgrade, downgrade and removal by apt, and builds that fail or are not possible. The kernel has the in-tree
# driver as a module, and was booted with cmm.delay=7 cmm.hotplug_delay=6.

bats_require_minimum_version 1.5.0
load /cmm/packages/common
load /cmm/packages/life

install_version() {
	apt-get install -y --allow-downgrades -o Dpkg::Options::=--force-confold "cmm-dkms=$1-1" "cmm-admin=$1-1"
}

@test "before the installation modprobe finds the in-tree driver" {
	install_in_tree
	use_apt_repository repository
	list_files >"$BEFORE"
	finds_in_tree
}

@test "after the installation modprobe finds our driver" {
	apt-get install -y --no-install-recommends "cmm-dkms=$VERSION-1"
	is_built_for "$RELEASE"
}

@test "when cmm-admin is installed, a running driver gets the configuration" {
	mkdir -p "${DROP_IN%/*}"
	write_drop_in
	modprobe cmm simulate=1
	run ! configured
	install_version "$VERSION"
	wait_for 30 configured
	unit_is cmm-apply.service Result success
	modprobe -r cmm
}

@test "cmm.conf overrides the command line, modprobe.d and modprobe's arguments" {
	printf 'options cmm delay=9 min_mem_mb=300 oom_kb=4096\n' >/etc/modprobe.d/test.conf
	write_drop_in
	modprobe cmm simulate=1 hotplug_delay=11
	wait_for 30 configured
	parameter_is min_mem_mb 300	# from modprobe.d
	parameter_is delay 7		# the kernel's command line overrides modprobe.d
	parameter_is hotplug_delay 11	# modprobe's argument overrides the kernel's command line
	parameter_is oom_kb 2048	# cmm.conf overrides everything
	rm /etc/modprobe.d/test.conf
}

@test "after an upgrade the old driver still runs, and doctor warns of that" {
	loan 65536
	echo '# mine' >>/etc/cmm/cmm.conf
	apt-get upgrade -y -o Dpkg::Options::=--force-confold
	is_built_for "$RELEASE" "$NEXT"
	[ "$(dkms status -m cmm | wc -l)" -eq 1 ]
	runs_version "$VERSION"
	loaned_is 65536
	doctor_says file WARN "which has version $NEXT"
	reload
	runs_version "$NEXT"
	doctor_says file PASS "the running driver is"
	grep -qx '# mine' /etc/cmm/cmm.conf
}

@test "after a downgrade the newer driver still runs until a reload" {
	install_version "$VERSION"
	is_built_for "$RELEASE"
	[ "$(dkms status -m cmm | wc -l)" -eq 1 ]
	runs_version "$NEXT"
	reload
	runs_version "$VERSION"
}

@test "apt and doctor report a failed build; dpkg then builds the fixed source" {
	dpkg-deb -R "/cmm/packages/cmm-dkms_$NEXT-1_all.deb" /root/broken
	break_package /root/broken
	dpkg-deb -b /root/broken /root/broken.deb
	run ! apt-get install -y /root/broken.deb
	[ "$(dpkg-query -W -f '${db:Status-Status}' cmm-dkms)" = half-configured ]
	doctor_says build-running FAIL "/var/lib/dkms/cmm/$NEXT/build/make.log"
	repair_source "/usr/src/cmm-$NEXT"
	dpkg --configure -a
	is_built_for "$RELEASE" "$NEXT"
	rm -r /root/broken /root/broken.deb
	install_version "$VERSION"
}

@test "a kernel without balloon support: installation succeeds, doctor warns" {
	make_bare_kernel
	/etc/kernel/postinst.d/dkms "$BARE"
	run ! is_built_for "$BARE"
	doctor_says build-others FAIL "$BARE, which has neither MEMORY_BALLOON nor BALLOON"
	run apt-get install -y --reinstall "cmm-dkms=$VERSION-1"
	echo "$output"
	[ "$status" -eq 0 ]
	is_built_for "$RELEASE"
	remove_bare_kernel
}

@test "removal restores the in-tree driver; purge leaves only an admin's files" {
	modprobe -r cmm
	apt-get remove -y cmm-dkms cmm-admin
	finds_in_tree
	apt-get purge -y cmm-dkms cmm-admin
	is_equal "files that are left" "$(new_files)" "$(admin_files)"
}
