# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes tests faster. bats runs its DEBUG trap before each command of a test, and of each function that the test calls.
# In a guest this trap takes 7 ms for each command. Only the test itself needs the trap, to find the line in which the
# test failed. "set +T" removes the trap from functions, except from those with the trace attribute ("declare -t"). bats
# defines the test's function only after it has loaded this file. So this file first defines an empty function with the
# test's name, and gives it the attribute. The attribute stays when bats replaces the function.

if [ -n "${BATS_TEST_NAME:-}" ]; then
	set +T
	eval "$BATS_TEST_NAME() { :; }"
	declare -ft "$BATS_TEST_NAME"
fi
