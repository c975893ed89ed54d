#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The figures and alerts by the rules of Prometheus' own promtool.

bats_require_minimum_version 1.5.0
load ../lib/cli

RULES=$BATS_TEST_DIRNAME/../../packaging/prometheus

setup() {
	[ -n "$PROMTOOL" ] || skip "promtool is not installed (Debian: prometheus)"
	fixture
}

@test "metrics pass promtool check metrics, without a word, on both drivers" {
	admin 0 metrics
	run -0 "$PROMTOOL" check metrics <<<"$output"
	[ -z "$output" ]
	fixture_in_tree
	admin 0 metrics
	run -0 "$PROMTOOL" check metrics <<<"$output"
	[ -z "$output" ]
}

@test "the alerts pass promtool check rules" {
	run -0 "$PROMTOOL" check rules "$RULES/cmm.rules.yml"
}

@test "the alerts pass promtool test rules" {
	run -0 "$PROMTOOL" test rules "$RULES/cmm.test.yml"
	[[ $output == *SUCCESS* ]]
}

@test "the alerts use figures that there are" {
	local name
	admin 0 metrics
	while read -r name; do
		grep -qE "^$name( |\{)" <<<"$output" || {
			echo "no $name"
			return 1
		}
	done < <(grep -oE 'cmm_[a-z_]+' "$RULES/cmm.rules.yml" | sort -u)
}
