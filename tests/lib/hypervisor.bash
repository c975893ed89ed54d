# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Helpers of the tests that run inside the guest and control its hypervisor, by QEMU's monitor protocol (QMP) on a
# virtio port. Needs guest.bash.

# hv_command NAME ARGUMENTS: prints the answer. One command runs at a time. Each has an id, because the port may
# still have the answer to a command that was killed before it read the answer.
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

# Starts the session with the monitor. Only the first call in a boot does something
hv_connect() {
	[ ! -e /run/hv-connected ] || return 0
	hv_command qmp_capabilities '{}' >/run/hv-connected
	hv_set kernel-page-size $(($(page_kb) * 1024))
}

# hv_ask KB: makes the hypervisor request that KB be on loan in all
hv_ask() {
	hv_set loan-goal $(($1 * 1024))
}

# hv_loan KB [SECONDS]: requests this loan, and waits until KB is on loan
hv_loan() {
	hv_ask "$1"
	wait_for "${2:-30}" loaned_is "$1"
}

hv_loaned_kb() {
	echo $(($(hv loaned) / 1024))
}

# The size of all kernel pages that the hypervisor holds, with partly held pages in full, as the driver counts them.
# A page is partly held if a call is refused in the middle of the page, and so is a call that undoes the others.
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

# Succeeds if nothing is on loan and the hypervisor has counted no errors. For teardown(), like nothing_is_left
hypervisor_holds_nothing() {
	is_equal "bytes on loan" "$(hv loaned)" 0 &&
		is_equal "errors of the guest that the hypervisor counted" "$(hv_violations)" ""
}

# Prints the errors of the guest that the hypervisor counted (see "The oracle" in tests/README.md), as a line. Prints
# nothing if there are none
hv_violations() {
	local name count
	for name in written touched loaned-twice unused-on-loan outside-ram; do
		count=$(hv "$name")
		[ "$count" -eq 0 ] || printf '%s=%s ' "$name" "$count"
	done
}
