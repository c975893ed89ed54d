#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes a repository with packaging/repository and new keys, and reads the repository with apt and rpm. The tests run in
# the system in which packages are built.

bats_require_minimum_version 1.5.0

PACKAGES=/work/packages
DIR=/tmp/repository
export GNUPGHOME=/tmp/gnupg

setup_file() {
	mkdir -m 700 "$GNUPGHOME"
	make_key owner
	make_key stranger
	gpg --armor --export stranger >/tmp/stranger.asc
	publish owner
	cp -r "$DIR" /tmp/kept
}

setup() {
	rm -rf "$DIR" /tmp/apt /tmp/rpmdb
	cp -r /tmp/kept "$DIR"
}

teardown_file() {
	gpgconf --kill all
}

make_key() {
	gpg --batch --quiet --passphrase '' --quick-gen-key "$1" rsa2048 sign never
}

publish() {
	/work/source/packaging/repository "$1" "file://$DIR" "$DIR" "$PACKAGES"/*-"$VERSION"-1.*.rpm \
		"$PACKAGES"/*_"$VERSION"[-.]*
}

# apt_here ARG...: runs apt-get with only this repository. apt verifies signatures with gpgv on Debian 12, and with sqv
# on Debian 13
apt_here() {
	mkdir -p /tmp/apt/{lists,archives}/partial
	: >/tmp/apt/status
	(cd /tmp/apt && apt-get -o Dir::State=/tmp/apt -o Dir::State::status=/tmp/apt/status -o Dir::Cache=/tmp/apt \
		-o Dir::Etc::sourcelist="$DIR/cmm.sources" -o Dir::Etc::sourceparts=/dev/null \
		-o APT::Sandbox::User=root -o APT::Architectures::=ppc64el "$@")
}

# rpm_accepts RPM: succeeds if the RPM is signed with the repository's key
rpm_accepts() {
	mkdir -p /tmp/rpmdb
	rpmkeys --dbpath /tmp/rpmdb --import "$DIR/key.asc"
	rpmkeys --dbpath /tmp/rpmdb --define '_pkgverify_level signature' --checksig "$1"
}

@test "with cmm.sources, apt finds packages by name, and accepts signatures" {
	apt_here update
	apt_here download cmm-dkms cmm-admin:ppc64el
	cmp "/tmp/apt/cmm-dkms_$VERSION-1_all.deb" "$PACKAGES/cmm-dkms_$VERSION-1_all.deb"
	[ -e "/tmp/apt/cmm-admin_$VERSION-1_ppc64el.deb" ]
	apt_here source --download-only cmm-dkms
	cmp "/tmp/apt/cmm-dkms_$VERSION-1.dsc" "$PACKAGES/cmm-dkms_$VERSION-1.dsc"
}

@test "apt refuses an index that was changed" {
	sed -i 's/^Origin: .*/Origin: other/' "$DIR/deb/InRelease"
	run ! apt_here update --error-on=any
	[[ $output == *@(BADSIG|"Message has been manipulated")* ]]
}

@test "apt refuses an index signed with another key" {
	gpg --batch --yes --local-user stranger --clear-sign --output "$DIR/deb/InRelease" "$DIR/deb/Release"
	run ! apt_here update --error-on=any
	[[ $output == *@(NO_PUBKEY|"Missing key")* ]]
}

@test "apt refuses a package that was changed" {
	apt_here update
	printf 'x' | dd of="$DIR/deb/cmm-dkms_$VERSION-1_all.deb" bs=1 seek=1000 conv=notrunc status=none
	run ! apt_here download cmm-dkms
	[[ $output == *"Hash Sum mismatch"* ]]
}

@test "rpm accepts the signature of each RPM, with the key of cmm.repo" {
	grep -qx "gpgkey=file://$DIR/key.asc" "$DIR/cmm.repo"
	for package in "$DIR"/rpm/*.rpm; do
		rpm_accepts "$package"
	done
	[ -e "$DIR/rpm/cmm-$VERSION-1.src.rpm" ]
}

@test "rpm refuses packages that are not signed, or signed with another key" {
	run ! rpm_accepts "$PACKAGES/cmm-dkms-$VERSION-1.noarch.rpm"
	cp "$PACKAGES/cmm-dkms-$VERSION-1.noarch.rpm" /tmp/other.rpm
	rpmsign --addsign --define '__gpg /usr/bin/gpg' --define '_gpg_name stranger' /tmp/other.rpm
	run ! rpm_accepts /tmp/other.rpm
}

@test "dnf's index is signed and lists the packages" {
	gpg --verify "$DIR/rpm/repodata/repomd.xml.asc" "$DIR/rpm/repodata/repomd.xml"
	zcat "$DIR"/rpm/repodata/*-primary.xml.gz | grep -q '<name>cmm-admin</name>'
	grep -qx repo_gpgcheck=1 "$DIR/cmm.repo"
}

@test "a new version is added to the repository, and the old one stays" {
	cp "$PACKAGES/cmm-dkms-$VERSION-1.noarch.rpm" "/tmp/cmm-dkms-copy.rpm"
	/work/source/packaging/repository owner "file://$DIR" "$DIR" /tmp/cmm-dkms-copy.rpm
	[ -e "$DIR/rpm/cmm-dkms-copy.rpm" ]
	[ -e "$DIR/rpm/cmm-dkms-$VERSION-1.noarch.rpm" ]
	apt_here update
}

@test "make repo: a missing or wrong KEY or URL gives one line, and status 2" {
	for arguments in "'' https://x.example" "nobody https://x.example" "owner ''" "owner ftp://x.example" \
		"owner 'https://x y'"; do
		run -2 bash -c "/work/source/packaging/repository $arguments"
		[ "${#lines[@]}" -eq 1 ]
		[[ $output == "repository: "@(KEY|URL)" is "* ]]
	done
}
