# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Helpers of the tests that run inside the guest and control its hypervisor. They use QEMU's monitor protocol (QMP) on a
# virtio port. The caller must have sourced guest.bash.

# hv_command NAME ARGUMENTS [NAME ARGUMENTS]...: sends QMP commands, each with ARGUMENTS, a JSON object. Prints the
# answers, each on a line. A lock lets only one caller send commands at a time. If a caller is killed before it reads
# an answer, the answer stays in the port. So the commands of one call have an id, and answers with other ids are
# ignored.
hv_command() {
	local line left=$(($# / 2)) id=$EPOCHREALTIME
	exec 6>/run/hv-lock
	flock 6
	exec 5<>"$HYPERVISOR_PORT"
	while [ $# -gt 0 ]; do
		printf '{"execute":"%s","arguments":%s,"id":"%s"}\n' "$1" "$2" "$id"
		shift 2
	done >&5
	while [ "$left" -gt 0 ] && read -r -t 20 line <&5; do
		[[ $line = *", \"id\": \"$id\"}"* ]] || continue
		printf '%s}\n' "${line%", \"id\": \"$id\"}"*}"
		left=$((left - 1))
	done
	exec 5>&- 6>&-
	[ "$left" -eq 0 ]
}

# hv NAME...: prints the values of the machine's properties cmo-NAME, each on a line. The values must be numbers. A call
# takes a quarter of a second, and a little more with several names.
hv() {
	local name answer answers commands=()
	for name in "$@"; do
		commands+=(qom-get "{\"path\":\"/machine\",\"property\":\"cmo-$name\"}")
	done
	answers=$(hv_command "${commands[@]}") || return
	while read -r answer; do
		[[ $answer =~ ^'{"return": '(-?[0-9]+)'}'$ ]] || {
			echo "cmo-{$*}: $answer" >&2
			return 1
		}
		printf '%s\n' "${BASH_REMATCH[1]}"
	done <<<"$answers"
}

# hv_set NAME VALUE [NAME VALUE]...: sets the machine's properties cmo-NAME
hv_set() {
	local answer answers all=$* commands=()
	while [ $# -gt 0 ]; do
		commands+=(qom-set "{\"path\":\"/machine\",\"property\":\"cmo-$1\",\"value\":$2}")
		shift 2
	done
	answers=$(hv_command "${commands[@]}") || return
	while read -r answer; do
		[ "$answer" = '{"return": {}}' ] || {
			echo "cmo-{$all}: $answer" >&2
			return 1
		}
	done <<<"$answers"
}

# Starts the session with the monitor. Only the first call after a boot has an effect
hv_connect() {
	[ ! -e /run/hv-connected ] || return 0
	hv_command qmp_capabilities '{}' >/run/hv-connected
	hv_set kernel-page-size $(($(page_kb) * 1024))
}

# hv_ask KB: makes the hypervisor request a loan that is KB in total
hv_ask() {
	hv_set loan-goal $(($1 * 1024))
}

# hv_loan KB [SECONDS]: makes the hypervisor request a loan of KB, and waits up to SECONDS (30 by default) until exactly
# KB is on loan
hv_loan() {
	hv_ask "$1"
	wait_for "${2:-30}" loaned_is "$1"
}

hv_loaned_kb() {
	echo $(($(hv loaned) / 1024))
}

# Prints the size of all kernel pages on loan, in KiB. A partly held page counts in full, as in the driver's own count.
# A page is partly held if the hypervisor refuses a call in the middle of the page, and then also refuses a call that
# should undo the earlier calls.
hv_held_kb() {
	local bytes
	bytes=$(hv loaned partly-active) || return
	echo $(((${bytes/$'\n'/ + }) / 1024))
}

hv_partly_active_kb() {
	echo $(($(hv partly-active) / 1024))
}

hv_loaned_is() {
	[ "$(hv_loaned_kb)" -eq "$1" ]
}

# Succeeds if the kernel sets the pages that it frees to Unused (see "Unused pages" in docs/hypervisor.md). That needs
# hash page tables and CONFIG_PPC_SMLPAR, and cmo_free_hint must not be off
kernel_sets_unused() {
	grep -qE '^MMU[[:space:]]*: Hash' /proc/cpuinfo && grep -q ' arch_free_page$' /proc/kallsyms &&
		! grep -q cmo_free_hint=off /proc/cmdline
}

# plug_dimm NAME NODE: adds a DIMM of 256 MiB to NODE, and waits until the guest has its memory. auto_online_blocks makes
# the new memory movable, because only movable memory can be unplugged
plug_dimm() {
	local kb
	kb=$(mem_total_kb)
	echo online_movable >"$MEMORY/auto_online_blocks"
	hv_command object-add '{"qom-type":"memory-backend-ram","id":"memory-'"$1"'","size":268435456}' \
		device_add '{"driver":"pc-dimm","id":"'"$1"'","memdev":"memory-'"$1"'","node":'"$2"'}'
	wait_for 20 mem_total_is $((kb + 262144))
}

# unplug_dimm NAME: asks the guest to release this DIMM. Does not wait for it
unplug_dimm() {
	hv_command device_del '{"id":"'"$1"'"}'
}

# Turns off all faults and delays of the hypervisor
hv_relent() {
	hv_set fail-loan-at 0 fail-loan-every 0 fail-activate-at 0 fail-activate-every 0 fail-mpp-at 0 \
		fail-mpp-every 0 delay-us 0 delay-loan-us 0
}

# Succeeds if nothing is on loan, and the hypervisor has counted no errors of the guest. teardown() calls this function
# together with nothing_is_left
hypervisor_holds_nothing() {
	is_equal "bytes on loan" "$(hv loaned)" 0 &&
		is_equal "errors of the guest that the hypervisor counted" "$(hv_violations)" ""
}

# Prints one line with the guest's errors that the hypervisor counted, or nothing if it counted none. See "The oracle"
# in docs/hypervisor.md
hv_violations() {
	local i values counts names=(written touched loaned-twice unused-on-loan outside-ram)
	values=$(hv "${names[@]}") || return
	mapfile -t counts <<<"$values"
	for i in "${!names[@]}"; do
		[ "${counts[i]}" -eq 0 ] || printf '%s=%s ' "${names[i]}" "${counts[i]}"
	done
}
