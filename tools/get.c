// SPDX-License-Identifier: GPL-2.0-or-later
/* cmm-admin get: values of the driver, by name. */

#include <stdio.h>

#include "attribute.h"
#include "complain.h"
#include "options.h"
#include "rows.h"

#define COMMAND "get"

static void show_help(void)
{
	int i;

	printf("Usage: cmm-admin get [OPTION...] [NAME...]\n\n"
	       "Shows parameters of the driver and attributes of its device. Without a NAME, all\n"
	       "that this driver has.\n\n"
	       "Names:\n");
	for (i = 0; i < CMM_SETTING_COUNT; i++)
		printf("  %-23s %s\n", cmm_settings[i].name, cmm_settings[i].meaning);
	printf("\nOptions:\n"
	       "%s"
	       "%s",
	       table_help, sysroot_help);
	rows_columns_help(false);
	printf("\nExamples:\n"
	       "  cmm-admin get\n"
	       "  cmm-admin get oom_kb min_mem_mb\n"
	       "  cmm-admin get loaned_kb --bytes --raw --noheadings -o VALUE\n\n"
	       "%s",
	       cmm_exit_help);
}

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

static int get(char **names, const struct table_format *format)
{
	struct rows rows;
	int status;

	status = need_driver();
	if (status)
		return status;
	status = rows_begin(&rows, COMMAND, format, false);
	if (status)
		return status;
	status = *names ? add_named(&rows, names) : add_all(&rows);
	if (status) {
		rows_drop(&rows);
		return status;
	}
	return rows_end(&rows);
}

int cmm_get(int argc, char **argv)
{
	static const struct options options = {
		.command = COMMAND,
		.takes = TAKES_TABLE | TAKES_SYSROOT | TAKES_OPERANDS,
		.help = show_help,
	};
	struct option_values values;
	int status;

	status = options_parse(&options, argc, argv, &values);
	if (status != OPTIONS_GO)
		return status;
	return get(argv + optind, &values.format);
}
