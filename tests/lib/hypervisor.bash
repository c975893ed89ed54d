# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Helpers of the tests that run inside the guest and talk to its hypervisor:
# QEMU's monitor protocol on a virtio port. Wants guest.bash.

# hv_command NAME ARGUMENTS: prints the answer's line, without the id that tells it
# from the answer to somebody who didn't wait for his. One at a time.
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

# hv NAME: the number that the machine's property cmo-NAME has
hv() {
	local answer
	answer=$(hv_command qom-get "{\"path\":\"/machine\",\"property\":\"cmo-$1\"}")
	[[ $answer =~ ^'{"return": '(-?[0-9]+)'}'$ ]] || {
		echo "cmo-$1: $answer" >&2
		return 1
	}
	printf '%s\n' "${BASH_REMATCH[1]}"
}

# hv_set NAME VALUE
hv_set() {
	local answer
	answer=$(hv_command qom-set "{\"path\":\"/machine\",\"property\":\"cmo-$1\",\"value\":$2}")
	[ "$answer" = '{"return": {}}' ] || {
		echo "cmo-$1=$2: $answer" >&2
		return 1
	}
}

# The monitor talks after this, once for each boot.
hv_connect() {
	[ ! -e /run/hv-connected ] || return 0
	hv_command qmp_capabilities '{}' >/run/hv-connected
	hv_set kernel-page-size $(($(page_kb) * 1024))
}

# hv_ask KB: how much should be on loan in all
hv_ask() {
	hv_set loan-goal $(($1 * 1024))
}

# hv_loan KB: asks, and waits until it is so
hv_loan() {
	hv_ask "$1"
	wait_for "${2:-30}" loaned_is "$1"
}

hv_loaned_kb() {
	echo $(($(hv loaned) / 1024))
}

# The whole size of all kernel pages of which the hypervisor holds at least a part. The driver counts
# these: a refusal in the middle of a page, and another one while that was undone, can leave a part active.
hv_held_kb() {
	echo $((($(hv loaned) + $(hv partly-active)) / 1024))
}

hv_partly_active_kb() {
	echo $(($(hv partly-active) / 1024))
}

hv_loaned_is() {
	[ "$(hv_loaned_kb)" -eq "$1" ]
}

# Every fault off, and every page active as soon as the driver knows
hv_relent() {
	local name
	for name in fail-loan-at fail-loan-every fail-activate-at fail-activate-every fail-mpp-at \
		fail-mpp-every delay-us delay-loan-us; do
		hv_set "$name" 0
	done
}

# Like nothing_is_left, for teardown
hypervisor_holds_nothing() {
	is_equal "bytes on loan" "$(hv loaned)" 0 &&
		is_equal "the oracle's complaints" "$(hv_violations)" ""
}

# What the oracle has against the guest, as a line; empty when it has nothing
hv_violations() {
	local name count
	for name in written touched loaned-twice unused-on-loan outside-ram; do
		count=$(hv "$name")
		[ "$count" -eq 0 ] || printf '%s=%s ' "$name" "$count"
	done
}
