#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The metrics, the alerts and the dashboard for Prometheus. promtool of Prometheus checks them

bats_require_minimum_version 1.5.0
load ../lib/cli

RULES=$BATS_TEST_DIRNAME/../../packaging/prometheus

setup() {
	[ -n "$PROMTOOL" ] || skip "promtool is not installed (Debian: prometheus)"
	fixture
}

# partition_at MINUTE: copies the files of a partition (tests/cli/machines/captured/p9) to $ROOT. Sets the loan and the
# counters to values that grow with MINUTE
partition_at() {
	local name
	[ -e "$ROOT/proc/powerpc" ] || cp -r "$BATS_TEST_DIRNAME/machines/captured/p9/." "$ROOT"
	mkdir -p "$ROOT/proc/pressure"
	put "$FIXTURE_DEVICE" loaned_kb $((262144 + $1 * 1024)) loaned_target_kb 1048576
	for name in $(interface_names S); do
		put "$FIXTURE_DEVICE/stats" "$name" $((100 + $1 * 60))
	done
	sed -i "s/^cmo_faults=.*/cmo_faults=$(($1 * 600))/; s/^cmo_fault_time_usec=.*/cmo_fault_time_usec=$(($1 * 3000000))/;
		s/^entitled_memory_loan_request=.*/entitled_memory_loan_request=65536/" "$ROOT/proc/powerpc/lparcfg"
	put "$ROOT/proc/pressure" memory "some avg10=1.00 avg60=1.00 avg300=1.00 total=$(($1 * 600000))
full avg10=0.50 avg60=0.50 avg300=0.50 total=$(($1 * 300000))"
}

# record MINUTES: runs cmm-admin metrics for each minute from 0 to MINUTES. Prints a line "SERIES VALUE VALUE..." for
# each series, with a value for each minute
record() {
	local minute
	for minute in $(seq 0 "$1"); do
		partition_at "$minute"
		"$CMM_ADMIN" metrics --sysroot "$ROOT"
	done | awk '
		/^#/ { next }
		{
			value = $NF
			sub(/ [^ ]*$/, "")
			sub(/^[a-z0-9_]+/, "&{job=\"node\",instance=\"a\",")
			if (!sub(/,\{/, ","))
				sub(/,$/, "}")
			values[$0] = values[$0] " " value
		}
		END { for (series in values) print series values[series] }'
}

# expressions: prints a JSON list of the expressions in the dashboard, in which values replace the dashboard's variables
expressions() {
	jq '[.panels[].targets[].expr | gsub("\\$instance"; ".*") | gsub("\\$__rate_interval"; "5m")]' \
		"$RULES/cmm-dashboard.json"
}

# dashboard_test MINUTES: prints a test file for "promtool test rules". The test passes if each expression of the
# dashboard has a value above zero after MINUTES. promtool expects YAML, and JSON is valid YAML.
dashboard_test() {
	record "$1" | jq -R 'capture("^(?<series>[^}]*}) (?<values>.*)$")' | jq -s --argjson expressions "$(expressions)" \
		--arg minute "$1m" '{
			evaluation_interval: "1m",
			tests: [{
				interval: "1m",
				input_series: .,
				promql_expr_test: [$expressions[] | {
					expr: "count((\(.)) > 0) > bool 0",
					eval_time: $minute,
					exp_samples: [{ labels: "{}", value: 1 }]
				}]
			}]
		}'
}

@test "promtool check metrics accepts the metrics of both drivers" {
	partition_at 1
	admin 0 metrics
	run -0 "$PROMTOOL" check metrics <<<"$output"
	[ -z "$output" ]
	fixture_in_tree
	admin 0 metrics
	run -0 "$PROMTOOL" check metrics <<<"$output"
	[ -z "$output" ]
}

@test "promtool check rules accepts the file of the alerts" {
	run -0 "$PROMTOOL" check rules "$RULES/cmm.rules.yml"
}

@test "promtool test rules: the alerts pass their tests" {
	run -0 "$PROMTOOL" test rules "$RULES/cmm.test.yml"
	[[ $output == *SUCCESS* ]]
}

@test "each alert has a test in which it fires" {
	local alert
	while read -r alert; do
		echo "$alert"
		grep -A 2 -F "alertname: $alert" "$RULES/cmm.test.yml" | grep -q 'exp_labels'
	done < <(sed -n 's/.*- alert: //p' "$RULES/cmm.rules.yml")
}

@test "the alerts and the dashboard use only metrics that cmm-admin prints" {
	local name
	partition_at 1
	admin 0 metrics
	while read -r name; do
		grep -qE "^$name( |\{)" <<<"$output" || {
			echo "no $name"
			return 1
		}
	done < <(cat "$RULES/cmm.rules.yml" <(jq -r '.. | .expr?, .definition? // empty' "$RULES/cmm-dashboard.json") |
		grep -oE 'cmm_[a-z_]+' | sort -u)
}

@test "every expression of the dashboard has a value" {
	[ "$(expressions | jq length)" -ge 20 ]
	dashboard_test 10 >"$BATS_TEST_TMPDIR/dashboard.json"
	run -0 "$PROMTOOL" test rules "$BATS_TEST_TMPDIR/dashboard.json"
	[[ $output == *SUCCESS* ]]
}

@test "panels of the dashboard do not overlap, and each has a description" {
	local dashboard=$RULES/cmm-dashboard.json
	[ "$(jq '[.panels[] | select((.title // "") == "" or (.description // "") == "")] | length' "$dashboard")" -eq 0 ]
	[ "$(jq '[.panels[].id] | length == (unique | length)' "$dashboard")" = true ]
	jq -e '[.panels[].gridPos | . as $at | range($at.x; $at.x + $at.w) as $x | range($at.y; $at.y + $at.h) as $y | [$x, $y]] |
		length == (unique | length) and all(.[]; .[0] < 24)' "$dashboard"
}
