# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Helpers of the tests that run inside the guest and control its hypervisor. They use QEMU's monitor protocol (QMP) on a
# virtio port. The caller must have sourced guest.bash.

# hv_command NAME ARGUMENTS: sends the QMP command NAME with ARGUMENTS, a JSON object, and prints the answer. A lock
# lets only one command run at a time. If a caller is killed before it reads the answer, the answer stays in the port.
# So each command has an id, and answers with other ids are ignored.
hv_command() {
	local line id=$EPOCHREALTIME
	exec 6>/run/hv-lock
	flock 6
	exec 5<>"$HYPERVISOR_PORT"
	printf '{"execute":"%s","arguments":%s,"id":"%s"}\n' "$1" "$2" "$id" >&5
	while read -r -t 20 line <&5; do
		[[ $line != *", \"id\": \"$id\"}"* ]] || break
	done
	exec 5>&- 6>&-
	printf '%s}\n' "${line%", \"id\": \"$id\"}"*}"
}

# hv NAME: prints the machine's property cmo-NAME, a number
hv() {
	local answer
	answer=$(hv_command qom-get "{\"path\":\"/machine\",\"property\":\"cmo-$1\"}")
	[[ $answer =~ ^'{"return": '(-?[0-9]+)'}'$ ]] || {
		echo "cmo-$1: $answer" >&2
		return 1
	}
	printf '%s\n' "${BASH_REMATCH[1]}"
}

# hv_set NAME VALUE: sets the machine's property cmo-NAME
hv_set() {
	local answer
	answer=$(hv_command qom-set "{\"path\":\"/machine\",\"property\":\"cmo-$1\",\"value\":$2}")
	[ "$answer" = '{"return": {}}' ] || {
		echo "cmo-$1=$2: $answer" >&2
		return 1
	}
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

# Prints the size of all kernel pages on loan, in KiB. The hypervisor holds only a part of a page if it refuses a call
# in the middle of the page, and then also a call that should undo the earlier calls. Such a page counts in full, as it
# does in the driver's own count.
hv_held_kb() {
	echo $((($(hv loaned) + $(hv partly-active)) / 1024))
}

hv_partly_active_kb() {
	echo $(($(hv partly-active) / 1024))
}

hv_loaned_is() {
	[ "$(hv_loaned_kb)" -eq "$1" ]
}

# Turns off all faults and delays of the hypervisor
hv_relent() {
	local name
	for name in fail-loan-at fail-loan-every fail-activate-at fail-activate-every fail-mpp-at \
		fail-mpp-every delay-us delay-loan-us; do
		hv_set "$name" 0
	done
}

# Succeeds if nothing is on loan, and the hypervisor has counted no errors of the guest. teardown() calls this function
# together with nothing_is_left
hypervisor_holds_nothing() {
	is_equal "bytes on loan" "$(hv loaned)" 0 &&
		is_equal "errors of the guest that the hypervisor counted" "$(hv_violations)" ""
}

# Prints one line with the guest's errors that the hypervisor counted, or nothing if it counted none. See "The oracle"
# in tests/README.md
hv_violations() {
	local name count
	for name in written touched loaned-twice unused-on-loan outside-ram; do
		count=$(hv "$name")
		[ "$count" -eq 0 ] || printf '%s=%s ' "$name" "$count"
	done
}
