// SPDX-License-Identifier: GPL-2.0-or-later
/* cmm-admin doctor: finds faults, and says how to fix them */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bundle.h"
#include "command.h"
#include "document.h"
#include "doctor.h"
#include "table.h"

enum { COL_CHECK, COL_FINDING, COL_TEXT, COL_REMEDY };

static const struct table_column columns[] = {
	[COL_CHECK] = { "CHECK", "subject of the check", 0, false },
	[COL_FINDING] = { "FINDING", "PASS, WARN, FAIL or UNKNOWN", 0, false },
	[COL_TEXT] = { "TEXT", "what the check found", SCOLS_FL_WRAP, false },
	[COL_REMEDY] = { "REMEDY", "how to fix it", SCOLS_FL_WRAP, false },
	{ NULL, NULL, 0, false },
};

static const char *const words[] = {
	[FINDING_PASS] = "PASS",
	[FINDING_WARN] = "WARN",
	[FINDING_FAIL] = "FAIL",
	[FINDING_UNKNOWN] = "UNKNOWN",
};

static const char *const colors[] = {
	[FINDING_PASS] = "green",
	[FINDING_WARN] = "yellow",
	[FINDING_FAIL] = "red",
	[FINDING_UNKNOWN] = NULL,
};

static const char *report_file;

static const struct command_option options[] = {
	{ "--report", 'R', "FILE", "write to FILE, as text, all that a bug report needs",
	  .text = &report_file },
	{ 0 },
};

static void add_line(struct table *table, const char *check, const struct diagnosis *diagnosis)
{
	table_line(table);
	table_color(table, colors[diagnosis->finding]);
	table_cell(table, COL_CHECK, check);
	table_cell(table, COL_FINDING, words[diagnosis->finding]);
	table_cell(table, COL_TEXT, diagnosis->text);
	table_cell(table, COL_REMEDY, diagnosis->remedy);
}

static void add_item(struct document *document, const char *check,
		     const struct diagnosis *diagnosis)
{
	document_item(document, "checks");
	document_text(document, "check", check);
	document_text(document, "finding", words[diagnosis->finding]);
	document_text(document, "text", diagnosis->text);
	document_text(document, "remedy", diagnosis->remedy);
}

static int run_checks(const struct command_line *line)
{
	const struct doctor_check *check;
	struct diagnosis diagnosis;
	struct doctor_facts facts;
	struct document document;
	bool failed = false;
	struct table table;
	int status;

	status = doctor_facts_read(&facts);
	if (!status && !line->json)
		status = table_begin(&table, &line->format);
	if (status)
		goto out;
	if (line->json)
		document_begin(&document);
	for (check = doctor_checks; check->name; check++) {
		memset(&diagnosis, 0, sizeof(diagnosis));
		check->run(&facts, &diagnosis);
		failed |= diagnosis.finding == FINDING_FAIL;
		if (line->json)
			add_item(&document, check->name, &diagnosis);
		else
			add_line(&table, check->name, &diagnosis);
	}
	status = line->json ? document_end(&document, false) : table_end(&table);
	if (!status && failed)
		status = CMM_EXIT_FAILURE;
out:
	doctor_facts_free(&facts);
	return status;
}

static int doctor(const struct command_line *line)
{
	if (report_file && (line->json || table_is_chosen(&line->format)))
		return complain(
			CMM_EXIT_USAGE,
			"--report cannot be combined with --json or options of a table, such as --raw");
	return report_file ? bundle_write(report_file) : run_checks(line);
}

const struct command doctor_command = {
	.name = "doctor",
	.summary = "find faults, and say how to fix them",
	.usage = "[OPTION...] | --report FILE",
	.description =
		"Checks machine, kernels, firmware, driver and configuration for faults, and\n"
		"says how to fix them. The status is 1 if a finding is FAIL, but not for a WARN.\n",
	.examples = "  cmm-admin doctor\n"
		    "  cmm-admin doctor --json | jq '.checks[] | select(.finding == \"FAIL\")'\n"
		    "  cmm-admin doctor --report /tmp/cmm-report.txt\n",
	.options = options,
	.columns = columns,
	.run = doctor,
};
