// SPDX-License-Identifier: GPL-2.0-or-later
/* cmm-admin get: values of the driver, by name. */

#include <stdio.h>

#include "attribute.h"
#include "command.h"
#include "rows.h"

static int add(struct rows *rows, const struct cmm_setting *setting)
{
	char value[CMM_VALUE_MAX];
	int status;

	status = setting_read(setting, value);
	if (!status)
		rows_setting(rows, setting, value);
	return status;
}

static int add_all(struct rows *rows)
{
	int i, status;

	for (i = 0; i < CMM_SETTING_COUNT; i++) {
		if (cmm_settings[i].optional &&
		    !root_exists(cmm_settings[i].dir, cmm_settings[i].name))
			continue;
		status = add(rows, &cmm_settings[i]);
		if (status)
			return status;
	}
	return CMM_EXIT_OK;
}

static int add_named(struct rows *rows, char **names)
{
	const struct cmm_setting *setting;
	char why[SETTING_WHY_MAX];
	int status = CMM_EXIT_OK;

	for (; *names && !status; names++) {
		setting = setting_find(*names, why);
		status = setting ? add(rows, setting) : complain(CMM_EXIT_USAGE, "%s", why);
	}
	return status;
}

static int get(const struct command_line *line)
{
	struct rows rows;
	int status;

	status = need_driver();
	if (status)
		return status;
	status = rows_begin(&rows, &line->format);
	if (status)
		return status;
	status = *line->operands ? add_named(&rows, line->operands) : add_all(&rows);
	if (status) {
		rows_drop(&rows);
		return status;
	}
	return rows_end(&rows);
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
		"Prints parameters of the driver and attributes of its device. Without a NAME, all\n"
		"that this driver has.\n",
	.examples = "  cmm-admin get\n"
		    "  cmm-admin get oom_kb min_mem_mb\n"
		    "  cmm-admin get loaned_kb --bytes --raw --noheadings -o VALUE\n",
	.print_names = print_names,
	.takes = TAKES_OPERANDS,
	.columns = &rows_columns[ROWS_NAME],
	.run = get,
};
