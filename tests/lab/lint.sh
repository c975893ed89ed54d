# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2034  # "failed" is for the scripts
# For tests/lint and tests/lint-kernel: a check, and its result in a line

failed=0

# lint NAME COMMAND...: sets failed if the command does
lint() {
	if "${@:2}"; then
		say "lint: $1: clean"
	else
		say "lint: $1: see above"
		failed=1
	fi
}
