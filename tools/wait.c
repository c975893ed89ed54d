// SPDX-License-Identifier: GPL-2.0-or-later
/* cmm-admin wait: until the loan is what was asked for. */

#include <stdio.h>

#include "attribute.h"
#include "complain.h"
#include "options.h"
#include "waiting.h"

#define COMMAND "wait"

static void show_help(void)
{
	printf("Usage: cmm-admin wait [--timeout SEC]\n\n"
	       "Waits until what is on loan is what the driver works towards.\n\n"
	       "Options:\n"
	       "  -t, --timeout SEC   give up after that, with status 4\n"
	       "%s\n"
	       "Examples:\n"
	       "  cmm-admin wait\n"
	       "  cmm-admin wait --timeout 30 || echo 'not met in half a minute'\n\n"
	       "%s",
	       sysroot_help, cmm_exit_help);
}

static int wait_and_tell(unsigned long timeout_ms)
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
	end = wait_for_loan(now.loaned_kb, 0, true, timeout_ms);
	waiting_end();

	if (end == WAITING_FAILED)
		return waiting_failure();
	status = loan_read(&now);
	if (status)
		return status;
	if (end == WAITING_REACHED) {
		printf("%lu KiB are on loan\n", now.loaned_kb);
		return CMM_EXIT_OK;
	}
	return complain(CMM_EXIT_TIMED_OUT, "%s; %lu of %lu KiB are on loan", waiting_words(end),
			now.loaned_kb, now.target_kb);
}

int cmm_wait(int argc, char **argv)
{
	static const struct options options = {
		.command = COMMAND,
		.takes = TAKES_TIMEOUT | TAKES_SYSROOT,
		.help = show_help,
	};
	struct option_values values;
	int status;

	status = options_parse(&options, argc, argv, &values);
	return status == OPTIONS_GO ? wait_and_tell(values.timeout_ms) : status;
}
