// SPDX-License-Identifier: GPL-2.0-or-later
/* cmm-admin report: all values as a table or a JSON document. */

#include <stdio.h>
#include <string.h>

#include "command.h"
#include "names.h"
#include "report.h"

static bool all_asked;
static int section = REPORT_SECTIONS;

static int take_section(const char *argument)
{
	struct names names = { .word = argument };

	for (section = 0; section < REPORT_SECTIONS; section++) {
		if (!strcmp(report_sections[section].name, argument))
			return CMM_EXIT_OK;
		names_add(&names, report_sections[section].name);
	}
	return complain(CMM_EXIT_USAGE, "unknown section '%.64s'; %s", argument,
			names_hint(&names));
}

static const struct command_option options[] = {
	{ "--all", 'a', NULL, "a table of all values, in sections", .flag = &all_asked },
	{ "--section", 'S', "NAME", "a table of that section", .take = take_section },
	{ 0 },
};

static int print_table(const struct facts *facts, const struct table_format *format)
{
	struct rows rows;
	int status;

	status = rows_begin(&rows, format);
	if (status)
		return status;
	status = report_rows(&rows, facts, section);
	if (status) {
		rows_drop(&rows);
		return status;
	}
	return rows_end(&rows);
}

static int print_document(const struct facts *facts)
{
	struct document document;
	int status;

	document_begin(&document);
	status = report_document(&document, facts, section);
	if (status) {
		document_drop(&document);
		return status;
	}
	return document_end(&document, false);
}

static int report(const struct command_line *line)
{
	struct facts facts;
	int status;

	if (all_asked && section != REPORT_SECTIONS)
		return complain(CMM_EXIT_USAGE, "--all and --section exclude each other");
	status = facts_read(&facts);
	if (status)
		return status;
	return line->json ? print_document(&facts) : print_table(&facts, &line->format);
}

static void print_names(void)
{
	int i;

	for (i = 0; i < REPORT_SECTIONS; i++)
		printf("  %-12s %s\n", report_sections[i].name, report_sections[i].meaning);
}

const struct command report_command = {
	.name = "report",
	.summary = "the loan, its reasons, and whether all is well",
	.usage = "[OPTION...]",
	.description =
		"Shows the partition's loan to its hypervisor, the target, the memory that is left,\n"
		"the settings of the driver, and whether all is well. Sizes have the unit that fits.\n"
		"With --bytes, --raw, --pairs or --json, they are exact numbers.\n",
	.examples = "  cmm-admin report\n"
		    "  cmm-admin report --all\n"
		    "  cmm-admin report --json | jq .loan.loaned_kb\n"
		    "  cmm-admin report --section memory --raw --noheadings -o NAME,VALUE\n"
		    "  cmm-admin report --sysroot /tmp/capture\n",
	.print_names = print_names,
	.options = options,
	.columns = &rows_columns[ROWS_SECTION],
	.run = report,
};
