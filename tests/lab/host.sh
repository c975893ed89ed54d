# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Functions for the differences between the Debian releases that the host can have. The only difference that matters is
# in the names of packages, because everything for guests is compiled in builders (builder.sh). The caller must have
# sourced common.sh.

# host_packages: reads names of packages as in needs.list, one a line, and prints the names that these packages have in
# the host's release
host_packages() {
	local name
	while read -r name; do
		case $name in
		# The name of the package with the sanitizers' runtime contains clang's version.
		libclang-rt-dev) echo "libclang-rt-$(host_clang_version)-dev" ;;
		*) echo "$name" ;;
		esac
	done
}

host_clang_version() {
	apt-cache depends clang | sed -n 's/^ *Depends: clang-\([0-9]*\)$/\1/p' | head -n 1
}
