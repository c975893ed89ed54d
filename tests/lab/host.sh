# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Differences between the releases of Debian that the host may be. Everything for guests is compiled
# in builders (builder.sh), so only packages differ. Needs common.sh.

# host_packages: passes on names of packages, a line each, by the names that this release has
host_packages() {
	local name
	while read -r name; do
		case $name in
		# The runtime of the sanitizers belongs to a version of clang.
		libclang-rt-dev) echo "libclang-rt-$(host_clang_version)-dev" ;;
		*) echo "$name" ;;
		esac
	done
}

host_clang_version() {
	apt-cache depends clang | sed -n 's/^ *Depends: clang-\([0-9]*\)$/\1/p' | head -n 1
}
