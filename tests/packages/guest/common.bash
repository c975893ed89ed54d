# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Helpers for the tests in a whole system. The command that starts bats sets VERSION, the version of the packages, and
# NEXT, a higher version to which tests upgrade. It also sets PACKAGES. Only with PACKAGES=all does the repository have
# packages of version NEXT.
# shellcheck disable=SC2034  # only tests use some of the variables
# shellcheck source=../../lib/guest.bash
. /cmm/lib/guest.bash
# shellcheck source=../../lib/hypervisor.bash
. /cmm/lib/hypervisor.bash

RELEASE=$(uname -r)
DROP_IN=/etc/cmm/cmm.conf.d/10-test.conf
BEFORE=/root/files-before
METRICS=/var/lib/prometheus/node-exporter/cmm.prom

# Prints all files of the system, except those in directories that change whenever a package is installed
list_files() {
	find / -xdev \( -path /proc -o -path /sys -o -path /run -o -path /tmp -o -path /cmm -o -path /root \
		-o -path /var/log -o -path /var/cache -o -path /var/lib/apt -o -path /var/lib/dpkg \
		-o -path /var/lib/dnf -o -path /var/lib/rpm \) -prune \
		-o -print | sort
}

# Prints the files of cmm and dkms that were created since $BEFORE was written
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

# is_built_for KERNEL [VERSION]: succeeds if dkms has installed the module for this kernel, and modprobe finds it there
is_built_for() {
	dkms status -m cmm -k "$1" | grep -qxF "cmm/${2:-$VERSION}, $1, ppc64le: installed" &&
		[ "$(modinfo -k "$1" -n cmm)" = "/lib/modules/$1/updates/dkms/cmm.ko" ]
}

# Succeeds if no check of cmm-admin doctor fails
doctor_succeeds() {
	cmm-admin doctor --raw --noheadings -o CHECK,FINDING,TEXT
}

# Succeeds if the driver's parameters have the values that write_drop_in writes. udev applies these values when the
# device appears
configured() {
	parameter_is oom_kb 2048 && parameter_is min_avail_mb 64
}

write_drop_in() {
	printf '[parameters]\noom_kb = 2M\nmin_avail_mb = 64M\n' >"$DROP_IN"
}

# use_names SUFFIX: sets NAMES to the names of both packages, as users write them (docs/publishing.md). If the repository
# also has a higher version, the names end with SUFFIX, which selects $VERSION.
use_names() {
	local suffix=''
	[ "$PACKAGES" != all ] || suffix=$1
	NAMES=("cmm-dkms$suffix" "cmm-admin$suffix")
}

# use_apt_repository NAME: makes /cmm/NAME apt's only repository. Succeeds if the repository is signed with the key of
# /cmm/repository
use_apt_repository() {
	sed "s|/cmm/repository/|/cmm/$1/|" /cmm/repository/cmm.sources >/etc/apt/sources.list.d/cmm.sources
	apt-get update --error-on=any -o Dir::Etc::sourcelist=/dev/null
}

# use_dnf_repository NAME: adds the repository /cmm/NAME to dnf's repositories
use_dnf_repository() {
	mkdir -p /etc/yum.repos.d
	cp "/cmm/$1/cmm.repo" /etc/yum.repos.d/
}

# do_dnf ARG...: runs dnf. On Debian, dnf knows neither the release nor the packages that dpkg has installed. So this
# function gives dnf a release number. It also installs an RPM without files, which provides those packages
# (make_stand_in in tests/packages/system.sh)
do_dnf() {
	rpm -q --quiet debian-base || rpm -i /cmm/packages/debian-base-12-1.ppc64le.rpm
	dnf -y --releasever=12 "$@"
}

# start_metrics: enables the timer, and waits for the first metrics file
start_metrics() {
	mkdir -p "${METRICS%/*}"
	systemctl enable --now cmm-metrics.timer
	wait_for 60 test -s "$METRICS"
}

# Prints the files that tests have created as an admin would. When the packages are removed, these files must stay
admin_files() {
	printf '%s\n' "${DROP_IN%/*/*}" "${DROP_IN%/*}" "$DROP_IN"
}
