# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the tests in a whole system share. VERSION and NEXT, the packages' versions, come
# with the command.
# shellcheck disable=SC2034  # some of the names are for the tests only
# shellcheck source=../../lib/guest.bash
. /cmm/lib/guest.bash
# shellcheck source=../../lib/hypervisor.bash
. /cmm/lib/hypervisor.bash

RELEASE=$(uname -r)
DROP_IN=/etc/cmm/cmm.conf.d/10-test.conf
BEFORE=/root/files-before
METRICS=/var/lib/prometheus/node-exporter/cmm.prom

# Every file of the system, but for what any package's installation changes
list_files() {
	find / -xdev \( -path /proc -o -path /sys -o -path /run -o -path /tmp -o -path /cmm -o -path /root \
		-o -path /var/log -o -path /var/cache -o -path /var/lib/apt -o -path /var/lib/dpkg \
		-o -path /var/lib/dnf -o -path /var/lib/rpm -o -path /var/lib/systemd \) -prune \
		-o -print | sort
}

# What is new since $BEFORE was written, that is about us
new_files() {
	comm -13 "$BEFORE" <(list_files) | grep -E '\bcmm|dkms' || true
}

parameter_is() {
	[ "$(cat "$PARAMETERS/$1" 2>/dev/null)" = "$2" ]
}

unit_is() {
	[ "$(systemctl show -p "$2" --value "$1")" = "$3" ]
}

journal_says() {
	journalctl --boot --no-pager -o cat "${@:2}" | grep -qF "$1"
}

# is_built_for KERNEL [VERSION]
is_built_for() {
	dkms status -m cmm -k "$1" | grep -qxF "cmm/${2:-$VERSION}, $1, ppc64le: installed" &&
		[ "$(modinfo -k "$1" -n cmm)" = "/lib/modules/$1/updates/dkms/cmm.ko" ]
}

# The doctor finds nothing that fails, of what a system can be blamed for.
doctor_is_content() {
	cmm-admin doctor --raw --noheadings -o CHECK,FINDING,TEXT
}

# configured: as the drop-in says, which the device's appearance has to have done
configured() {
	parameter_is oom_kb 2048 && parameter_is min_avail_mb 64
}

write_drop_in() {
	printf '[parameters]\noom_kb = 2M\nmin_avail_mb = 64M\n' >"$DROP_IN"
}

# for_apt NAME: makes /cmm/NAME, signed with the key of /cmm/repository, the one repository that apt asks
for_apt() {
	sed "s|/cmm/repository/|/cmm/$1/|" /cmm/repository/cmm.sources >/etc/apt/sources.list.d/cmm.sources
	apt-get update --error-on=any -o Dir::Etc::sourcelist=/dev/null
}

# for_dnf NAME: the same for dnf
for_dnf() {
	mkdir -p /etc/yum.repos.d
	cp "/cmm/$1/cmm.repo" /etc/yum.repos.d/
}

# do_dnf ARG...: dnf, which Debian doesn't tell its release, nor what dpkg installed
do_dnf() {
	rpm -q --quiet debian-base || rpm -i /cmm/packages/debian-base-12-1.ppc64le.rpm
	dnf -y --releasever=12 "$@"
}

# start_metrics: enables the timer, and waits for its first file
start_metrics() {
	mkdir -p "${METRICS%/*}"
	systemctl enable --now cmm-metrics.timer
	wait_for 60 test -s "$METRICS"
}

# The files that an admin made here. Removal leaves them.
admin_files() {
	printf '%s\n' "${DROP_IN%/*/*}" "${DROP_IN%/*}" "$DROP_IN"
}
