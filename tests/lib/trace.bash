# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes tests faster. bats runs its DEBUG trap before each command of a test, and of each function that the test calls.
# In a guest this trap takes 7 ms for each command. With this file only the test itself has the trap, which finds out in
# which line the test failed. "set +T" takes the trap from functions, except from those with the attribute that
# "declare -t" sets. The attribute stays when bats defines the function of the test, which happens after this file.

if [ -n "${BATS_TEST_NAME:-}" ]; then
	set +T
	eval "$BATS_TEST_NAME() { :; }"
	declare -ft "$BATS_TEST_NAME"
fi
