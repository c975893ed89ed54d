// SPDX-License-Identifier: GPL-2.0-or-later
/* cmm-admin enable: lets the driver loan memory. */

#include <stdio.h>

#include "change.h"
#include "complain.h"
#include "options.h"

#define COMMAND "enable"

static void show_help(void)
{
	printf("Usage: cmm-admin enable [OPTION...]\n\n"
	       "Lets the driver loan memory again.\n\n"
	       "Options:\n"
	       "%s\n"
	       "Examples:\n"
	       "  cmm-admin enable && cmm-admin wait --timeout 60\n\n"
	       "%s",
	       sysroot_help, cmm_exit_help);
}

static int enable(void)
{
	struct change change = { .setting = &cmm_settings[SETTING_disable], .value = 0 };

	return changes_apply(&change, 1, CHANGE_ALL);
}

int cmm_enable(int argc, char **argv)
{
	static const struct options options = {
		.command = COMMAND,
		.takes = TAKES_SYSROOT,
		.help = show_help,
	};
	struct option_values values;
	int status;

	status = options_parse(&options, argc, argv, &values);
	return status == OPTIONS_GO ? enable() : status;
}
