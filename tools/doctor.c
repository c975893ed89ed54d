// SPDX-License-Identifier: GPL-2.0-or-later
/* cmm-admin doctor: what is wrong, and what mends it. */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bundle.h"
#include "complain.h"
#include "doctor.h"
#include "options.h"
#include "table.h"

#define COMMAND "doctor"

enum { COL_CHECK, COL_FINDING, COL_TEXT, COL_REMEDY, COL_COUNT };

static const struct table_column columns[COL_COUNT] = {
	[COL_CHECK] = { "CHECK", "what was looked at", SCOLS_JSON_STRING, 0, false },
	[COL_FINDING] = { "FINDING", "PASS, WARN, FAIL or UNKNOWN", SCOLS_JSON_STRING, 0, false },
	[COL_TEXT] = { "TEXT", "what was seen", SCOLS_JSON_STRING, SCOLS_FL_WRAP, false },
	[COL_REMEDY] = { "REMEDY", "what mends it", SCOLS_JSON_STRING, SCOLS_FL_WRAP, false },
};

static const char *const words[] = {
	[FINDING_PASS] = "PASS",
	[FINDING_WARN] = "WARN",
	[FINDING_FAIL] = "FAIL",
	[FINDING_UNKNOWN] = "UNKNOWN",
};

static const char *const colours[] = {
	[FINDING_PASS] = "green",
	[FINDING_WARN] = "yellow",
	[FINDING_FAIL] = "red",
	[FINDING_UNKNOWN] = NULL,
};

static void show_help(void)
{
	printf("Usage: cmm-admin doctor [OPTION...]\n"
	       "       cmm-admin doctor --report FILE\n\n"
	       "Looks at each thing that can be wrong with kernel, firmware, driver and configuration,\n"
	       "and says what mends it.\n\n"
	       "Options:\n"
	       "  -R, --report FILE   write all that a bug report needs to FILE, as text\n"
	       "%s%s",
	       table_help, sysroot_help);
	table_columns_help(columns, COL_COUNT);
	printf("\nExamples:\n"
	       "  cmm-admin doctor\n"
	       "  cmm-admin doctor --json | jq '.doctor[] | select(.finding == \"FAIL\")'\n"
	       "  cmm-admin doctor --report /tmp/cmm-report.txt\n\n"
	       "The status is 1 where something fails; warnings are none.\n\n"
	       "%s",
	       cmm_exit_help);
}

static int examine(const struct table_format *format)
{
	const struct doctor_check *check;
	struct diagnosis diagnosis;
	struct patient patient;
	bool failed = false;
	struct table table;
	int status;

	status = patient_read(&patient);
	if (!status)
		status = table_begin(&table, COMMAND, columns, COL_COUNT, format);
	if (status)
		return status;
	for (check = doctor_checks; check->name; check++) {
		memset(&diagnosis, 0, sizeof(diagnosis));
		check->look(&patient, &diagnosis);
		failed |= diagnosis.finding == FINDING_FAIL;
		table_line(&table);
		table_colour(&table, colours[diagnosis.finding]);
		table_cell(&table, COL_CHECK, check->name);
		table_cell(&table, COL_FINDING, words[diagnosis.finding]);
		table_cell(&table, COL_TEXT, diagnosis.text);
		table_cell(&table, COL_REMEDY, diagnosis.remedy);
	}
	status = table_end(&table);
	if (status)
		return status;
	return failed ? CMM_EXIT_FAILURE : CMM_EXIT_OK;
}

static const char *report_file;

static int take_option(int option, const char *argument)
{
	(void)option;
	report_file = argument;
	return CMM_EXIT_OK;
}

int cmm_doctor(int argc, char **argv)
{
	static const struct option own[] = {
		{ "report", required_argument, NULL, 'R' },
		{ NULL, 0, NULL, 0 },
	};
	static const struct options options = {
		.command = COMMAND,
		.takes = TAKES_TABLE | TAKES_SYSROOT,
		.own = own,
		.take = take_option,
		.help = show_help,
	};
	struct option_values values;
	int status;

	status = options_parse(&options, argc, argv, &values);
	if (status != OPTIONS_GO)
		return status;
	return report_file ? bundle_write(report_file) : examine(&values.format);
}
