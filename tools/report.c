// SPDX-License-Identifier: GPL-2.0-or-later
/* cmm-admin report: the whole picture, for a reader who never saw cmm. */

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include <libsmartcols/libsmartcols.h>

#include "cmm-admin.h"
#include "partition.h"

/* Goes up when a row or a column of the JSON document changes its meaning. */
#define REPORT_FORMAT "1"

#define NUMBER_MAX 24
#define HEALTH_MAX 160

enum { COL_SECTION, COL_NAME, COL_VALUE, COL_TEXT, COL_UNIT, COL_DEFAULT, COL_MEANING, COL_COUNT };

/*
 * For people, words and numbers share a column. In the JSON document a number
 * is in "value" and a word in "text", because a column has one type there.
 */
static const struct {
	const char *name;
	int json_type;
	int flags;
	bool json_only;
} columns[COL_COUNT] = {
	[COL_SECTION] = { "SECTION", SCOLS_JSON_STRING, 0, false },
	[COL_NAME] = { "NAME", SCOLS_JSON_STRING, 0, false },
	[COL_VALUE] = { "VALUE", SCOLS_JSON_NUMBER, SCOLS_FL_RIGHT, false },
	[COL_TEXT] = { "TEXT", SCOLS_JSON_STRING, 0, true },
	[COL_UNIT] = { "UNIT", SCOLS_JSON_STRING, 0, false },
	[COL_DEFAULT] = { "DEFAULT", SCOLS_JSON_STRING, SCOLS_FL_RIGHT, false },
	[COL_MEANING] = { "MEANING", SCOLS_JSON_STRING, 0, false },
};

struct report {
	struct libscols_table *table;
	struct libscols_column *column[COL_COUNT];
	const char *section; /* of the rows that are being added */
	bool fresh; /* no row of it was added yet */
	bool json;
	bool failed; /* out of memory; looked at once, at the end */
};

static int show_help(void)
{
	printf("Usage: cmm-admin report [--json] [--sysroot DIR]\n\n"
	       "Shows what this partition has on loan to its hypervisor, what was asked for,\n"
	       "what that leaves, how the driver is set, and whether all is well.\n\n"
	       "Options:\n"
	       "  -J, --json          one JSON document; numbers in \"value\", words in \"text\"\n"
	       "  -s, --sysroot DIR   read DIR/sys and DIR/proc instead of the live system\n"
	       "  -h, --help          this text\n\n"
	       "Examples:\n"
	       "  cmm-admin report\n"
	       "  cmm-admin report --json | jq '.report[] | select(.name == \"loaned\").value'\n"
	       "  cmm-admin report --sysroot /tmp/capture\n\n"
	       "%s",
	       cmm_exit_help);
	return CMM_EXIT_OK;
}

static void begin_section(struct report *report, const char *name)
{
	report->section = name;
	report->fresh = true;
}

static void set_cell(struct report *report, struct libscols_line *line, int column,
		     const char *data)
{
	if (!report->column[column] || !data[0])
		return;
	if (scols_line_set_column_data(line, report->column[column], data))
		report->failed = true;
}

static bool is_number(const char *text)
{
	return text[0] && !text[strspn(text, "0123456789")];
}

static void add_row(struct report *report, const char *name, const char *value, const char *unit,
		    const char *initial, const char *meaning)
{
	struct libscols_line *line = scols_table_new_line(report->table, NULL);

	if (!line) {
		report->failed = true;
		return;
	}
	if (report->json || report->fresh)
		set_cell(report, line, COL_SECTION, report->section);
	report->fresh = false;
	set_cell(report, line, COL_NAME, name);
	set_cell(report, line, report->json && !is_number(value) ? COL_TEXT : COL_VALUE, value);
	set_cell(report, line, COL_UNIT, unit);
	set_cell(report, line, COL_DEFAULT, initial);
	set_cell(report, line, COL_MEANING, meaning);
}

static void add_kb(struct report *report, const char *name, unsigned long kb, const char *meaning)
{
	char value[NUMBER_MAX];

	snprintf(value, sizeof(value), "%lu", kb);
	add_row(report, name, value, "KiB", "", meaning);
}

static void add_driver(struct report *report, const struct cmm_partition *partition)
{
	begin_section(report, "driver");
	add_row(report, "version", partition->version[0] ? partition->version : "unknown", "", "",
		"of the cmm module that is loaded");
	add_row(report, "mode", partition->simulated ? "simulated" : "hypervisor", "", "",
		partition->simulated ? "the loan request comes from sysfs, for tests"
				     : "the loan request comes from the hypervisor");
	add_row(report, "state", partition->state[0] ? partition->state : "unknown", "", "",
		partition->state[0] ? "what it is doing" : "this driver does not tell");
}

static void add_loan(struct report *report, const struct cmm_partition *partition)
{
	begin_section(report, "loan");
	add_kb(report, "loaned", partition->loaned_kb, "lent to the hypervisor now");
	add_kb(report, "target", partition->target_kb, "what the driver works towards");
	add_kb(report, "oom_freed", partition->oom_freed_kb,
	       "taken back for want of memory; lowers the target until reset");
}

static void add_memory(struct report *report, const struct cmm_partition *partition)
{
	begin_section(report, "memory");
	add_kb(report, "assigned", partition->total_kb + partition->loaned_kb,
	       "the partition's, on loan or not (MemTotal + loaned)");
	add_kb(report, "left", partition->total_kb, "not on loan (MemTotal)");
	add_kb(report, "available", partition->available_kb, "free for programs (MemAvailable)");
}

static void add_parameters(struct report *report, const struct cmm_partition *partition)
{
	int i;

	begin_section(report, "parameters");
	for (i = 0; i < CMM_PARAMETER_COUNT; i++) {
		if (!partition->values[i][0])
			continue;
		add_row(report, cmm_parameters[i].name, partition->values[i],
			cmm_parameters[i].unit, cmm_parameters[i].initial,
			cmm_parameters[i].meaning);
	}
}

static void add_health(struct report *report, bool well, const char *line)
{
	begin_section(report, "health");
	add_row(report, "health", well ? "ok" : "warning", "", "", line);
}

static void add_columns(struct report *report)
{
	int i;

	for (i = 0; i < COL_COUNT; i++) {
		if (columns[i].json_only && !report->json)
			continue;
		report->column[i] =
			scols_table_new_column(report->table, columns[i].name, 0, columns[i].flags);
		if (!report->column[i]) {
			report->failed = true;
			return;
		}
		scols_column_set_json_type(report->column[i], columns[i].json_type);
	}
}

static int print_report(const struct cmm_partition *partition, bool json)
{
	struct report report = { .json = json };
	int status = CMM_EXIT_FAILURE;
	char health[HEALTH_MAX];
	bool well;

	report.table = scols_new_table();
	if (!report.table)
		goto out;
	scols_table_enable_json(report.table, json);
	scols_table_set_name(report.table, "report");
	add_columns(&report);
	if (report.failed)
		goto out;

	if (json) {
		begin_section(&report, "report");
		add_row(&report, "format", REPORT_FORMAT, "", "", "of this document");
	}
	add_driver(&report, partition);
	add_loan(&report, partition);
	add_memory(&report, partition);
	add_parameters(&report, partition);
	well = partition_health(partition, health, sizeof(health));
	if (json)
		add_health(&report, well, health);
	if (report.failed || scols_print_table(report.table))
		goto out;
	if (!json)
		printf("\nhealth: %s: %s\n", well ? "ok" : "warning", health);
	status = CMM_EXIT_OK;
out:
	if (status)
		fprintf(stderr, "cmm-admin: report: %s\n", strerror(ENOMEM));
	scols_unref_table(report.table);
	return status;
}

int cmm_report(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'J' },
		{ "sysroot", required_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct cmm_partition partition;
	bool json = false;
	int option, status;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":Js:h", options, NULL)) != -1) {
		switch (option) {
		case 'J':
			json = true;
			break;
		case 's':
			status = source_set_root(optarg);
			if (status)
				return status;
			break;
		case 'h':
			return show_help();
		case ':':
			fprintf(stderr, "cmm-admin: report: %s wants a folder after it\n",
				argv[optind - 1]);
			return CMM_EXIT_USAGE;
		default:
			fprintf(stderr,
				"cmm-admin: report: cannot take '%s'; known: --json, --sysroot DIR, --help\n",
				argv[optind - 1]);
			return CMM_EXIT_USAGE;
		}
	}
	if (optind < argc) {
		fprintf(stderr,
			"cmm-admin: report: cannot take '%s'; known: --json, --sysroot DIR, --help\n",
			argv[optind]);
		return CMM_EXIT_USAGE;
	}

	status = partition_read(&partition);
	if (status)
		return status;
	return print_report(&partition, json);
}
