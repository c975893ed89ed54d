// SPDX-License-Identifier: GPL-2.0-or-later
/* cmm-admin report: one screen of text, or all values as a table or a JSON document */

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
	{ "--all", 'a', NULL, "print all values, in a table for each section", .flag = &all_asked },
	{ "--section", 'S', "NAME", "print the values of section NAME only", .take = take_section },
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

/* Prints a section as a table of its own, so that its columns are only as wide as needed. */
static int print_section(const struct facts *facts, const struct table_format *format, int which,
			 bool *printed)
{
	struct table_format own = *format;
	struct rows rows;
	int status;

	own.columns = &rows_columns[ROWS_NAME];
	if (which != REPORT_PARAMETERS)
		own.output = format->bytes ? "NAME,VALUE,UNIT,MEANING" : "NAME,VALUE,MEANING";
	status = rows_begin(&rows, &own);
	if (status)
		return status;
	status = report_rows(&rows, facts, which);
	if (status || rows.fresh) {
		rows_drop(&rows);
		return status;
	}
	printf("%s%s\n", *printed ? "\n" : "", report_sections[which].name);
	*printed = true;
	return rows_end(&rows);
}

static int print_sections(const struct facts *facts, const struct table_format *format)
{
	int i, status = CMM_EXIT_OK;
	bool printed = false;

	for (i = 0; i < REPORT_SECTIONS && !status; i++)
		if (section == REPORT_SECTIONS || section == i)
			status = print_section(facts, format, i, &printed);
	return status;
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

static bool wants_table(const struct table_format *format)
{
	return format->raw || format->pairs || format->no_headings || format->all || format->output;
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
	if (line->json)
		return print_document(&facts);
	if (wants_table(&line->format))
		return print_table(&facts, &line->format);
	if (all_asked || section != REPORT_SECTIONS)
		return print_sections(&facts, &line->format);
	report_screen(&facts, line->format.bytes);
	return CMM_EXIT_OK;
}

static void print_names(void)
{
	int i;

	for (i = 0; i < REPORT_SECTIONS; i++)
		printf("  %-12s %s\n", report_sections[i].name, report_sections[i].meaning);
}

const struct command report_command = {
	.name = "report",
	.summary = "show the loan, its reasons, and warnings",
	.usage = "[OPTION...]",
	.description =
		"Shows on one screen the health, the memory, the loan, events, and changed\n"
		"settings. If the loan is smaller than requested, shows the reason. --all and\n"
		"--section print values in a table for each section. Options for tables, except\n"
		"--bytes, print all values in one table. Sizes have a unit that fits; with\n"
		"--bytes, --raw, --pairs or --json, they are exact numbers.\n",
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
