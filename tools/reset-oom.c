// SPDX-License-Identifier: GPL-2.0-or-later
/* cmm-admin reset-oom: forgets what out-of-memory events took back. */

#include <stdio.h>

#include "attribute.h"
#include "complain.h"
#include "options.h"

#define COMMAND	  "reset-oom"
#define OOM_FREED "oom_freed_kb"

static void show_help(void)
{
	printf("Usage: cmm-admin reset-oom [OPTION...]\n\n"
	       "The driver takes off the target what out-of-memory events took back, so that it\n"
	       "doesn't loan that again at once. This makes it forget them: the target may rise by\n"
	       "as much.\n\n"
	       "Options:\n"
	       "%s\n"
	       "Examples:\n"
	       "  cmm-admin reset-oom\n\n"
	       "%s",
	       sysroot_help, cmm_exit_help);
}

static int reset(void)
{
	unsigned long before_kb;
	int status;

	status = need_driver();
	if (status)
		return status;
	status = attribute_read_number(CMM_DEVICE, OOM_FREED, &before_kb);
	if (status)
		return status;
	status = attribute_write(CMM_DEVICE, OOM_FREED, "0");
	if (status)
		return status;
	if (before_kb)
		printf("oom_freed_kb: %lu -> 0 KiB; the target may rise by as much\n", before_kb);
	else
		printf("oom_freed_kb was 0 already; the target stays as it is\n");
	return CMM_EXIT_OK;
}

int cmm_reset_oom(int argc, char **argv)
{
	static const struct options options = {
		.command = COMMAND,
		.takes = TAKES_SYSROOT,
		.help = show_help,
	};
	struct option_values values;
	int status;

	status = options_parse(&options, argc, argv, &values);
	return status == OPTIONS_GO ? reset() : status;
}
