// SPDX-License-Identifier: GPL-2.0-or-later
/* cmm-admin get: prints values of the driver, by name */

#include <stdio.h>

#include "attribute.h"
#include "command.h"
#include "document.h"
#include "rows.h"

/* The output: a table or a JSON document */
struct output {
	bool json;
	struct rows rows;
	struct document document;
};

static int add_to_document(struct document *document, const struct cmm_setting *setting,
			   const char *value)
{
	unsigned long number;
	int status;

	if (setting->kind == SETTING_NUMBER) {
		status = attribute_number(setting->dir, setting->name, value, &number);
		if (status)
			return status;
	}
	document_object(document, setting_is_parameter(setting) ? "parameters" : "attributes");
	document_setting(document, setting, value);
	return CMM_EXIT_OK;
}

static int add(struct output *output, const struct cmm_setting *setting)
{
	char value[CMM_VALUE_MAX];
	int status;

	status = setting_read(setting, value);
	if (status)
		return status;
	if (output->json)
		return add_to_document(&output->document, setting, value);
	rows_setting(&output->rows, setting, value);
	return CMM_EXIT_OK;
}

static int add_all(struct output *output)
{
	int i, status;

	for (i = 0; i < CMM_SETTING_COUNT; i++) {
		if (cmm_settings[i].optional &&
		    !root_exists(cmm_settings[i].dir, cmm_settings[i].name))
			continue;
		status = add(output, &cmm_settings[i]);
		if (status)
			return status;
	}
	return CMM_EXIT_OK;
}

static int add_named(struct output *output, char **names)
{
	const struct cmm_setting *setting;
	char why[SETTING_WHY_MAX];
	int status = CMM_EXIT_OK;

	for (; *names && !status; names++) {
		setting = setting_find(*names, SETTING_READ, why);
		status = setting ? add(output, setting) : complain(CMM_EXIT_USAGE, "%s", why);
	}
	return status;
}

static int begin(struct output *output, const struct command_line *line)
{
	output->json = line->json;
	if (!output->json)
		return rows_begin(&output->rows, &line->format);
	document_begin(&output->document);
	return CMM_EXIT_OK;
}

static void drop(struct output *output)
{
	if (output->json)
		document_drop(&output->document);
	else
		rows_drop(&output->rows);
}

static int end(struct output *output)
{
	return output->json ? document_end(&output->document, false) : rows_end(&output->rows);
}

static int get(const struct command_line *line)
{
	struct output output;
	int status;

	status = need_driver();
	if (status)
		return status;
	status = begin(&output, line);
	if (status)
		return status;
	status = *line->operands ? add_named(&output, line->operands) : add_all(&output);
	if (status) {
		drop(&output);
		return status;
	}
	return end(&output);
}

static void print_names(void)
{
	int i;

	for (i = 0; i < CMM_SETTING_COUNT; i++)
		printf("  %-23s %s\n", cmm_settings[i].name, cmm_settings[i].meaning);
}

const struct command get_command = {
	.name = "get",
	.summary = "print values of the driver, by name",
	.usage = "[OPTION...] [NAME...]",
	.description =
		"Prints parameters of the driver and attributes of its device; without a NAME,\n"
		"all that this driver has. Sizes have a unit that fits; with --bytes, --raw,\n"
		"--pairs or --json, they are exact numbers.\n",
	.examples = "  cmm-admin get\n"
		    "  cmm-admin get oom_kb min_mem_mb\n"
		    "  cmm-admin get loaned_kb --bytes --noheadings -o VALUE\n"
		    "  cmm-admin get --json | jq .attributes.loaned_kb\n",
	.print_names = print_names,
	.takes = TAKES_OPERANDS,
	.columns = &rows_columns[ROWS_NAME],
	.run = get,
};
