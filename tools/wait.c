// SPDX-License-Identifier: GPL-2.0-or-later
/* cmm-admin wait: waits until the loan meets the target */

#include <stdio.h>

#include "attribute.h"
#include "command.h"
#include "size.h"
#include "waiting.h"

static int wait_for_target_met(const struct command_line *line)
{
	enum waiting_end end;
	struct loan now;
	int status;

	status = need_driver();
	if (status)
		return status;
	status = loan_read(&now);
	if (status)
		return status;
	status = waiting_begin();
	if (status)
		return status;
	end = wait_for_loan(now.loaned_kb, line->timeout_ms);
	waiting_end();
	status = waiting_status(end, &now);
	if (!status)
		printf("%s on loan\n", size_kb(now.loaned_kb).text);
	return status;
}

const struct command wait_command = {
	.name = "wait",
	.summary = "wait until the loan meets the target",
	.usage = "[OPTION...]",
	.description = "Waits until the loan meets the target that the driver works towards. If\n"
		       "loan_policy keeps the loan below the target, ends with status 6.\n",
	.examples = "  cmm-admin wait\n"
		    "  cmm-admin wait --timeout 30 || echo 'not met in half a minute'\n",
	.takes = TAKES_TIMEOUT,
	.changes = true,
	.run = wait_for_target_met,
};
