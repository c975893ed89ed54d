#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What happens to packages of apt in their life: upgrade, downgrade, removal, builds that can't
# be and builds that fail. The kernel has an in-tree driver here, as a module, and was started with
# cmm.delay=7 cmm.hotplug_delay=6.

bats_require_minimum_version 1.5.0
load /cmm/packages/common
load /cmm/packages/life

install_version() {
	apt-get install -y --allow-downgrades -o Dpkg::Options::=--force-confold "cmm-dkms=$1-1" "cmm-admin=$1-1"
}

@test "before, modprobe finds the in-tree driver" {
	install_in_tree
	for_apt repository
	list_files >"$BEFORE"
	finds_in_tree
}

@test "once installed, it finds ours" {
	install_version "$VERSION"
	is_built_for "$RELEASE"
}

@test "options: modprobe.d, the kernel's command line, modprobe's, and then cmm.conf" {
	printf 'options cmm delay=9 min_mem_mb=300 oom_kb=4096\n' >/etc/modprobe.d/test.conf
	write_drop_in
	modprobe cmm simulate=1 hotplug_delay=11
	wait_for 30 configured
	parameter_is min_mem_mb 300	# modprobe.d
	parameter_is delay 7		# the command line, over modprobe.d
	parameter_is hotplug_delay 11	# modprobe's, over the command line
	parameter_is oom_kb 2048	# cmm.conf, over everything
	rm /etc/modprobe.d/test.conf
}

@test "an upgrade while memory is on loan leaves the driver alone, and the doctor says so" {
	loan 65536
	echo '# mine' >>/etc/cmm/cmm.conf
	apt-get upgrade -y -o Dpkg::Options::=--force-confold
	is_built_for "$RELEASE" "$NEXT"
	[ "$(dkms status -m cmm | wc -l)" -eq 1 ]
	runs_version "$VERSION"
	loaned_is 65536
	doctor_says file WARN "which is version $NEXT"
	reload
	runs_version "$NEXT"
	doctor_says file PASS "what runs is"
	grep -qx '# mine' /etc/cmm/cmm.conf
}

@test "a downgrade does the same" {
	install_version "$VERSION"
	is_built_for "$RELEASE"
	[ "$(dkms status -m cmm | wc -l)" -eq 1 ]
	runs_version "$NEXT"
	reload
	runs_version "$VERSION"
}

@test "a build that fails: apt says so, the doctor where the log is, and mending completes it" {
	dpkg-deb -R "/cmm/packages/cmm-dkms_$NEXT-1_all.deb" /root/broken
	break_package /root/broken
	dpkg-deb -b /root/broken /root/broken.deb
	run ! apt-get install -y /root/broken.deb
	[ "$(dpkg-query -W -f '${db:Status-Status}' cmm-dkms)" = half-configured ]
	doctor_says build-running FAIL "/var/lib/dkms/cmm/$NEXT/build/make.log"
	mend_source "/usr/src/cmm-$NEXT"
	dpkg --configure -a
	is_built_for "$RELEASE" "$NEXT"
	rm -r /root/broken /root/broken.deb
	install_version "$VERSION"
}

@test "a kernel without a balloon: its installation and ours succeed, and the doctor says why" {
	make_bare_kernel
	/etc/kernel/postinst.d/dkms "$BARE"
	run ! is_built_for "$BARE"
	doctor_says build-others FAIL "$BARE, which has no balloon"
	run apt-get install -y --reinstall "cmm-dkms=$VERSION-1"
	echo "$output"
	[ "$status" -eq 0 ]
	is_built_for "$RELEASE"
	remove_bare_kernel
}

@test "after a removal modprobe finds the in-tree driver again; a purge leaves nothing" {
	modprobe -r cmm
	apt-get remove -y cmm-dkms cmm-admin
	finds_in_tree
	apt-get purge -y cmm-dkms cmm-admin
	is_equal "files that are left" "$(new_files)" "$(admin_files)"
}
