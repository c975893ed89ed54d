// SPDX-License-Identifier: GPL-2.0-or-later
/* cmm-admin enable: lets the driver loan memory again */

#include <stdio.h>

#include "change.h"
#include "command.h"

static int enable(const struct command_line *line)
{
	struct change change = { .setting = &cmm_settings[SETTING_disable], .value = 0 };

	(void)line;
	return changes_apply(&change, 1, CHANGE_ALL);
}

const struct command enable_command = {
	.name = "enable",
	.summary = "let the driver loan memory",
	.usage = "[OPTION...]",
	.description = "Lets the driver loan memory again.\n",
	.examples = "  cmm-admin enable && cmm-admin wait --timeout 60\n",
	.changes = true,
	.run = enable,
};
