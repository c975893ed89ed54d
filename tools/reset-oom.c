// SPDX-License-Identifier: GPL-2.0-or-later
/* cmm-admin reset-oom: lets the target rise again after out-of-memory events */

#include <stdio.h>

#include "attribute.h"
#include "command.h"
#include "size.h"

#define OOM_FREED "oom_freed_kb"

static int reset(const struct command_line *line)
{
	unsigned long before_kb;
	int status;

	(void)line;
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
		printf("oom_freed_kb: %s -> 0; the target may rise by as much\n",
		       size_kb(before_kb).text);
	else
		printf("oom_freed_kb was 0 already; the target stays as it is\n");
	return CMM_EXIT_OK;
}

const struct command reset_oom_command = {
	.name = "reset-oom",
	.summary = "let the target rise again after out-of-memory events",
	.usage = "[OPTION...]",
	.description =
		"After out-of-memory events, the driver lowers the target by the amount of\n"
		"memory that they returned, so that this memory isn't loaned again at once.\n"
		"reset-oom sets the amount to 0, so that the target may rise by as much.\n",
	.examples = "  cmm-admin reset-oom\n",
	.changes = true,
	.run = reset,
};
