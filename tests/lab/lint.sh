# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2034  # "failed" is for the scripts
# The function with which tests/lint and tests/lint-kernel run their checks

failed=0

# lint NAME COMMAND...: runs the command, prints whether it succeeded, and sets failed=1 if it did not
lint() {
	if "${@:2}"; then
		say "lint: $1: clean"
	else
		say "lint: $1: see above"
		failed=1
	fi
}
