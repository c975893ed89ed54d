#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs the scriptlets of the RPMs. dkms, systemctl and udevadm are replaced by scripts that record their arguments in
# $NOTES. The tests run in the system in which packages are built, which has no running systemd.

bats_require_minimum_version 1.5.0

SETTINGS=/etc/cmm/cmm.conf.d
MODULES=/lib/modules

setup() {
	local command
	BIN=$BATS_TEST_TMPDIR/bin
	NOTES=$BATS_TEST_TMPDIR/notes
	mkdir -p "$BIN" "$SETTINGS"
	touch "$NOTES"
	for command in dkms systemctl udevadm; do
		fake "$command"
	done
}

teardown() {
	rm -rf /etc/cmm "$MODULES"
	[ ! -e /usr/bin/systemctl.kept ] || mv /usr/bin/systemctl.kept /usr/bin/systemctl
}

# fake COMMAND [LINE]: makes a command that records its arguments, and then runs the shell's LINE
fake() {
	printf '#!/bin/sh\necho "%s $*" >>"%s"\n%s\n' "$1" "$NOTES" "${2:-}" >"$BIN/$1"
	chmod +x "$BIN/$1"
}

# scriptlet PACKAGE TAG COUNT: runs the scriptlet of PACKAGE that rpm calls TAG, such as preun. COUNT is the number of
# versions of the package that are installed after the transaction
scriptlet() {
	rpm -qp --qf "%{$2}" /work/packages/"$1-$VERSION-1".*.rpm >"$BATS_TEST_TMPDIR/scriptlet"
	PATH=$BIN:$PATH run -0 sh "$BATS_TEST_TMPDIR/scriptlet" "$3"
	echo "$output"
}

# kernel NAME [headers]: makes a kernel's directory of modules. With "headers", the kernel also has headers
kernel() {
	mkdir -p "$MODULES/$1/kernel" "$MODULES/$1${2:+/build/include}"
}

# Makes three files: the one that "cmm-admin set --persist" writes, one that this command leaves behind if it is
# interrupted, and one of an admin
make_settings() {
	touch "$SETTINGS"/{50-cmm-admin.conf,50-cmm-admin.conf.Ab12Cd,10-mine.conf}
}

@test "removal deletes the settings of set --persist; an upgrade keeps them" {
	make_settings
	scriptlet cmm-admin preun 1
	[ -e "$SETTINGS/50-cmm-admin.conf" ]
	scriptlet cmm-admin preun 0
	[ "$(ls "$SETTINGS")" = 10-mine.conf ]
}

@test "removal deletes the settings of set --persist also without systemctl" {
	make_settings
	mv /usr/bin/systemctl /usr/bin/systemctl.kept
	rm "$BIN/systemctl"
	scriptlet cmm-admin preun 0
	[ "$(ls "$SETTINGS")" = 10-mine.conf ]
}

@test "missing headers are reported only if the running kernel is installed" {
	fake uname 'echo 6.1-running'
	scriptlet cmm-dkms postin 1
	[ -z "$output" ]
	kernel 6.1-running
	scriptlet cmm-dkms postin 1
	[[ $output == "cmm-dkms: no headers for the running kernel 6.1-running; "* ]]
	kernel 6.1-running headers
	scriptlet cmm-dkms postin 1
	[ -z "$output" ]
}

@test "a failed build prints the name of its log; other kernels get a module" {
	kernel 6.1-bare headers
	kernel 6.1-broken headers
	kernel 6.1-good headers
	fake dkms 'case "$*" in build*bare*) exit 77 ;; build*broken*) exit 10 ;; esac'
	scriptlet cmm-dkms postin 1
	log=/var/lib/dkms/cmm/$VERSION-1/build/make.log
	[ "$output" = "cmm-dkms: the build for 6.1-broken failed; see $log, which the next build replaces" ]
	[ "$(grep -c '^dkms build' "$NOTES")" -eq 3 ]
	[ "$(grep '^dkms install' "$NOTES")" = "dkms install -m cmm -v $VERSION-1 -k 6.1-good --force" ]
}
