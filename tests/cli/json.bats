#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2030,SC2031  # a test is a subshell, and may set ROOT
# Every JSON document conforms to the installed schema.

bats_require_minimum_version 1.5.0
load ../lib/cli

TOP=$BATS_TEST_DIRNAME/../..

# is_valid KIND FILE...: succeeds if each file is a valid document of this kind: report, get, doctor or monitor
is_valid() {
	local kind=$1 file files=()
	shift
	for file in "$@"; do
		files+=(--instance "$file")
	done
	awk -f "$TOP/tools/schema.awk" "$TOP/src/interface.h" "$TOP/tools/cmm-admin.schema.json.in" |
		jq --arg ref "#/\$defs/$kind" '.["$ref"] = $ref | del(.anyOf)' >"$BATS_TEST_TMPDIR/schema.json"
	jsonschema "${files[@]}" "$BATS_TEST_TMPDIR/schema.json"
}

# documents NAME: writes the JSON documents of each command to files whose names begin with NAME
documents() {
	local made=$BATS_TEST_TMPDIR/$1 names
	mapfile -t names < <("$CMM_ADMIN" get --raw --noheadings -o NAME --sysroot "$ROOT")
	"$CMM_ADMIN" report --json --sysroot "$ROOT" >"$made.report"
	"$CMM_ADMIN" get --json --sysroot "$ROOT" >"$made.get"
	"$CMM_ADMIN" get "${names[@]}" --json --sysroot "$ROOT" >"$made.names.get"
	"$CMM_ADMIN" doctor --json --sysroot "$ROOT" >"$made.doctor" || [ $? -eq 1 ]
	"$CMM_ADMIN" monitor -c 2 -i 0.01 --json --sysroot "$ROOT" >"$made.lines"
	split -l 1 --additional-suffix=.monitor "$made.lines" "$made."
}

# all_valid: checks that all files that documents() and the test wrote are valid
all_valid() {
	local kind
	for kind in report get doctor monitor; do
		is_valid "$kind" "$BATS_TEST_TMPDIR"/*."$kind"
	done
}

# fake_events EVENT...: builds $SHIM, a library that replaces libudev. When cmm-admin starts, the library already has
# one event of cmm0 for each EVENT
fake_events() {
	local quoted
	quoted=$(printf '"%s", ' "$@")
	SHIM=$BATS_TEST_TMPDIR/libudev.so
	gcc -shared -fPIC -w -o "$SHIM" -x c - <<-EOF
		#include <stddef.h>
		#include <unistd.h>

		static const char *events[] = { ${quoted}NULL }, **next = events;

		void *udev_new(void) { return &next; }
		void *udev_unref(void *udev) { return NULL; }
		void *udev_monitor_new_from_netlink(void *udev, const char *name) { return udev; }
		void *udev_monitor_unref(void *monitor) { return NULL; }
		int udev_monitor_filter_add_match_subsystem_devtype(void *monitor, const char *a, const char *b) { return 0; }
		int udev_monitor_enable_receiving(void *monitor) { return 0; }
		int udev_monitor_get_fd(void *monitor)
		{
			int fds[2];

			return pipe(fds) || write(fds[1], "", 1) != 1 ? -1 : fds[0];
		}
		void *udev_monitor_receive_device(void *monitor) { return *next ? next++ : NULL; }
		void *udev_device_unref(void *device) { return NULL; }
		const char *udev_device_get_property_value(const char **device, const char *key) { return *device; }
	EOF
}

# without_sysroot ARG...: runs cmm-admin with $SHIM, and with $ROOT/sys mounted on /sys. Does not use --sysroot, because
# monitor receives no events with this option
without_sysroot() {
	# shellcheck disable=SC2016  # the inner shell has its own parameters
	unshare -rm bash -c 'mount --bind "$1/sys" /sys && LD_PRELOAD=$2 exec "${@:3}"' in "$ROOT" "$SHIM" "$CMM_ADMIN_PLAIN" "$@"
}

@test "monitor --json: a line with events is valid" {
	unshare -rm true || skip "unshare is not allowed here"
	fake_events oom short
	put "$FIXTURE_DEVICE" state pressure
	without_sysroot monitor --json -i 1000 -c 2 >"$BATS_TEST_TMPDIR/lines"
	split -l 1 --additional-suffix=.monitor "$BATS_TEST_TMPDIR/lines" "$BATS_TEST_TMPDIR/"
	is_valid monitor "$BATS_TEST_TMPDIR"/*.monitor
	[ "$(jq -c .events "$BATS_TEST_TMPDIR/lines")" = '[]'$'\n''["oom","short"]' ]
}

@test "--json output is valid on each machine, with and without a driver" {
	local tree name
	for tree in "$BATS_TEST_DIRNAME"/machines/*/*/; do
		name=$(basename "$tree")
		rm -r "$ROOT"
		fixture
		cp -rT "$tree" "$ROOT"
		documents "$name"
		jq -e '.partition | has("processor") and has("processor_mode") and has("page_tables") and has("memory_mode")' \
			"$BATS_TEST_TMPDIR/$name.report"
		rm -r "$ROOT/sys"
		"$CMM_ADMIN" doctor --json --sysroot "$ROOT" >"$BATS_TEST_TMPDIR/$name.no-driver.doctor" || [ $? -eq 1 ]
	done
	all_valid
}

@test "--json output is valid for each driver, and in each state" {
	local state
	documents ours
	for state in $(states); do
		put "$FIXTURE_DEVICE" state "$state" loaned_target_kb 300000 oom_freed_kb 64
		"$CMM_ADMIN" report --json --sysroot "$ROOT" >"$BATS_TEST_TMPDIR/$state.report"
	done
	fixture_module 0123456789ABCDEF 6.1.0-fixture
	put "$FIXTURE_PARAMETERS" simulate Y disable 1
	put "$FIXTURE_DEVICE" simulate_loan_target_kb 1024
	documents simulated
	fixture_in_tree
	documents in-tree
	rm "$FIXTURE_MODULE"/{initstate,version}
	documents built-in
	all_valid
}

@test "--json output is valid for a captured partition, also for each section" {
	local section
	ROOT=$BATS_TEST_TMPDIR/captured
	cp -r "$BATS_TEST_DIRNAME/machines/captured/p9" "$ROOT"
	echo 65536 >"$ROOT/sys/bus/vio/devices/71000000/cmo_entitled"
	documents captured
	for section in health partition driver loan memory parameters statistics entitlement vio; do
		"$CMM_ADMIN" report --section "$section" --json --sysroot "$ROOT" >"$BATS_TEST_TMPDIR/$section.report"
		[ "$(jq "has(\"$section\")" "$BATS_TEST_TMPDIR/$section.report")" = true ]
	done
	all_valid
}

@test "--json output stays valid if values are not numbers or not UTF-8" {
	mkdir -p "$ROOT/proc/powerpc" "$ROOT/sys/bus/vio/devices/$(printf 'a\xff')"
	printf 'entitled_memory=\xff\npartition_id=x\nserial_number=\x1b\nDesMem=\ncmo_faults=-\n' >"$ROOT/proc/powerpc/lparcfg"
	printf '\xff\n' | tee "$FIXTURE_DEVICE/state" "$FIXTURE_PARAMETERS/debug" "$FIXTURE_MODULE/version" >/dev/null
	put "$ROOT/sys/bus/vio/devices/$(printf 'a\xff')" cmo_entitled 65536 cmo_desired junk
	"$CMM_ADMIN" report --json --sysroot "$ROOT" >"$BATS_TEST_TMPDIR/bad.report"
	is_valid report "$BATS_TEST_TMPDIR/bad.report"
	[ "$(jq -r '.vio_devices[0].name' "$BATS_TEST_TMPDIR/bad.report")" = 'a\xff' ]
}

@test "the schema does not accept wrong JSON documents" {
	local change
	"$CMM_ADMIN" report --json --sysroot "$ROOT" >"$BATS_TEST_TMPDIR/good.report"
	is_valid report "$BATS_TEST_TMPDIR/good.report"
	for change in '.format = 1' 'del(.format)' '.loan.loaned_kb = "1"' '.loan.loaned_kb = null' '.loan.loaned = 1' \
		'.parameters.foo = 1' '.statistics.foo = 1' '.parameters.simulate = "N"' '.driver.state = ""' '.foo = {}' \
		'.partition.processor = "Power 9"' '.partition.page_tables = ""' '.partition.memory_mode = "none"' \
		'.partition.processor_mode = ""'; do
		jq "$change" "$BATS_TEST_TMPDIR/good.report" >"$BATS_TEST_TMPDIR/bad.report"
		run ! is_valid report "$BATS_TEST_TMPDIR/bad.report"
	done
}
