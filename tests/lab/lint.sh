# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2034  # "failed" is for the scripts
# For tests/lint and tests/lint-kernel: runs a check and prints its result

failed=0

# lint NAME COMMAND...: sets failed=1 if the command fails
lint() {
	if "${@:2}"; then
		say "lint: $1: clean"
	else
		say "lint: $1: see above"
		failed=1
	fi
}
