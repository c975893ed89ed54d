# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Finds the test files of tests/packages/host by their tags. The caller must have sourced lab/guests.sh. The tags:
#
# all	the file runs only with PACKAGES=all
# dkms	the file runs once for each version of dkms. The variable DKMS is the directory of dkms then
PACKAGES_HOST=$TOP/tests/packages/host

# packages_suites all|some [slow]: prints the names of the files that run once, for this value of PACKAGES. With
# "slow", only prints those with slow tests
packages_suites() {
	local file
	for file in "$PACKAGES_HOST"/*.bats; do
		! has_tag "$file" dkms || continue
		[ "$1" = all ] || ! has_tag "$file" all || continue
		[ "${2:-}" != slow ] || has_slow_tests "$file" || continue
		basename "$file" .bats
	done
}

# packages_suites_of_dkms: prints the names of the files that run for each version of dkms
packages_suites_of_dkms() {
	local file
	for file in "$PACKAGES_HOST"/*.bats; do
		! has_tag "$file" dkms || basename "$file" .bats
	done
}
