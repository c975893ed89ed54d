# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes trees of files that look like a partition, for cmm-admin --sysroot.
# shellcheck source=interface.bash
. "${BASH_SOURCE[0]%/*}/interface.bash"

# fixture: makes the tree of a partition in $ROOT. The partition has 2 GiB, and 256 MiB of them are on loan
fixture() {
	local first=$BATS_RUN_TMPDIR/fixture
	[ -e "$first" ] || {
		fixture_at "$first.new"
		make_fixture
		mv "$first.new" "$first"
	}
	fixture_at "$BATS_TEST_TMPDIR/root"
	cp -rT --remove-destination "$first" "$ROOT"
}

# fixture_at DIR: sets ROOT to DIR, where a tree is or will be, and sets the variables for paths in this tree
fixture_at() {
	ROOT=$1
	FIXTURE_DEVICE=$ROOT/sys/devices/system/cmm/cmm0
	FIXTURE_MODULE=$ROOT/sys/module/cmm
	FIXTURE_PARAMETERS=$FIXTURE_MODULE/parameters
}

# Makes the tree in $ROOT. Writing its 40 or so files one by one is slow. So fixture() does this once, and then copies
# the tree for each test
make_fixture() {
	local name
	mkdir -p "$FIXTURE_DEVICE/stats" "$FIXTURE_PARAMETERS" "$ROOT/proc/sys/kernel"
	put "$ROOT/proc/sys/kernel" osrelease 6.1.0-fixture
	put "$FIXTURE_DEVICE" loaned_kb 262144 loaned_target_kb 262144 oom_freed_kb 0 state running
	for name in $(interface_names S); do
		put "$FIXTURE_DEVICE/stats" "$name" 0
	done
	put "$FIXTURE_DEVICE/stats" inflated_pages 5000 deflated_pages 904 migrated_pages 7 \
		alloc_failures 1 oom_events 2
	for name in $(interface_names P); do
		put "$FIXTURE_PARAMETERS" "$name" "$(interface_initial "$name")"
	done
	put "$FIXTURE_MODULE" version 2.0.0 initstate live srcversion 0123456789ABCDEF
	cat >"$ROOT/proc/meminfo" <<-EOF
		MemTotal:        1835008 kB
		MemFree:          999999 kB
		MemAvailable:    1310720 kB
	EOF
}

# fixture_in_tree: makes the same tree as fixture(), but with the in-tree driver, which has fewer attributes and
# parameters
fixture_in_tree() {
	fixture
	become_in_tree
	put "$FIXTURE_MODULE" version 1.0.0
}

become_in_tree() {
	local name
	for name in $(interface_names P OURS); do
		rm "$FIXTURE_PARAMETERS/$name"
	done
	rm -r "$FIXTURE_DEVICE"/{state,stats}
}

# fixture_module SRCVERSION RELEASE [PLACE] [MORE]: makes a cmm.ko with this srcversion for the kernel RELEASE. PLACE is
# a directory below /lib/modules/RELEASE, by default updates/dkms. MORE is additional text for the section .modinfo
fixture_module() {
	local dir=$ROOT/lib/modules/$2 place=${3:-updates/dkms}
	rm -rf "$dir"
	mkdir -p "$dir/kernel" "$dir/$place"
	cat >"$BATS_TEST_TMPDIR/cmm.c" <<-EOF
		const char info[] __attribute__((section(".modinfo"))) =
			"version=2.0.0\0srcversion=$1\0license=GPL\0name=cmm\0vermagic=$2 SMP mod_unload ${4:+\\0$4}";
	EOF
	gcc -c -o "$dir/$place/cmm.ko" "$BATS_TEST_TMPDIR/cmm.c"
	touch "$dir"/modules.{order,builtin,builtin.modinfo}
	depmod -b "$ROOT" "$2"
}

# put DIR NAME VALUE [NAME VALUE]...: writes each VALUE to the file DIR/NAME. Each file is replaced in one step, because
# cmm-admin may read the file at any time
put() {
	local dir=$1
	shift
	while [ $# -gt 0 ]; do
		printf '%s\n' "$2" >"$BATS_TEST_TMPDIR/put"
		mv "$BATS_TEST_TMPDIR/put" "$dir/$1"
		shift 2
	done
}
