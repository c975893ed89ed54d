// SPDX-License-Identifier: GPL-2.0-or-later
/* cmm-admin disable: everything comes back, and nothing is loaned. */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmm-admin.h"
#include "options.h"
#include "source.h"
#include "waiting.h"

#define COMMAND "disable"

static void show_help(void)
{
	printf("Usage: cmm-admin disable [--timeout SEC]\n\n"
	       "Makes the driver take back all that is on loan, and loan nothing until it is\n"
	       "enabled. Returns when everything is back. When the time is over, or at Ctrl-C, it\n"
	       "returns with status 4, and the driver goes on taking back.\n\n"
	       "Options:\n"
	       "  -t, --timeout SEC   wait no longer than that\n"
	       "%s\n"
	       "Examples:\n"
	       "  cmm-admin disable\n"
	       "  cmm-admin disable --timeout 30\n\n"
	       "%s",
	       sysroot_help, cmm_exit_help);
}

/* The kernel holds whoever writes this until everything is back: a process of its own. */
static pid_t begin_disabling(void)
{
	pid_t child = fork();

	if (child)
		return child;
	_exit(source_write(CMM_PARAMETERS, "disable", "1"));
}

static int tell_end(enum waiting_end end, unsigned long before_kb, int wait_status)
{
	struct loan now;
	int status;

	status = loan_read(&now);
	if (status)
		return status;
	if (end != WAITING_REACHED) {
		fprintf(stderr,
			"cmm-admin: disable: %s; %lu of %lu KiB are still on loan, and the driver "
			"goes on taking back\n",
			waiting_words(end), now.loaned_kb, before_kb);
		return CMM_EXIT_TIMED_OUT;
	}
	status = WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : CMM_EXIT_FAILURE;
	if (!status && now.loaned_kb) {
		fprintf(stderr, "cmm-admin: disable: the driver is done, but %lu KiB are on loan\n",
			now.loaned_kb);
		return CMM_EXIT_FAILURE;
	}
	if (!status)
		printf("disabled: %lu KiB were given back\n", before_kb);
	return status;
}

static int disable(unsigned long timeout_ms)
{
	enum waiting_end end;
	int status, wait_status;
	struct loan before;
	pid_t child;

	status = source_driver();
	if (status)
		return status;
	status = loan_read(&before);
	if (status)
		return status;
	status = waiting_begin();
	if (status)
		return status;

	child = begin_disabling();
	if (child < 0) {
		fprintf(stderr, "cmm-admin: disable: %s\n", strerror(errno));
		waiting_end();
		return CMM_EXIT_FAILURE;
	}
	end = wait_for_child(child, before.loaned_kb, timeout_ms, &wait_status);
	if (end != WAITING_REACHED)
		kill(child, SIGKILL);
	waiting_end();
	return end == WAITING_FAILED ? waiting_failure()
				     : tell_end(end, before.loaned_kb, wait_status);
}

int cmm_disable(int argc, char **argv)
{
	static const struct options options = {
		.command = COMMAND,
		.takes = TAKES_TIMEOUT | TAKES_SYSROOT,
		.help = show_help,
	};
	struct option_values values;
	int status;

	status = options_parse(&options, argc, argv, &values);
	if (status != OPTIONS_GO)
		return status;
	status = operands_refused(COMMAND, argc, argv);
	return status ? status : disable(values.timeout_ms);
}
