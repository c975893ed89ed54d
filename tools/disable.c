// SPDX-License-Identifier: GPL-2.0-or-later
/* cmm-admin disable: everything comes back, and nothing is loaned. */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attribute.h"
#include "complain.h"
#include "options.h"
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

/*
 * The kernel holds whoever writes this until everything is back: a process of its
 * own, which goes on when we no longer wait. Its status is the error's number.
 */
static pid_t begin_disabling(int fd)
{
	pid_t child = fork();

	if (child)
		return child;
	/* Nobody is to wait for it because of a pipe that it holds. */
	dup2(fd, STDIN_FILENO);
	close_range(STDIN_FILENO + 1, ~0U, 0);
	_exit(write(STDIN_FILENO, "1", 1) == 1 ? 0 : errno);
}

static int tell_end(enum waiting_end end, unsigned long before_kb, int wait_status)
{
	struct loan now;
	int status, error;

	status = loan_read(&now);
	if (status)
		return status;
	if (end != WAITING_REACHED)
		return complain(CMM_EXIT_TIMED_OUT,
				"%s; %lu of %lu KiB are still on loan, and the driver goes on "
				"taking back",
				waiting_words(end), now.loaned_kb, before_kb);
	error = WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : EINTR;
	if (error)
		return attribute_write_failed(CMM_PARAMETERS, "disable", error);
	if (now.loaned_kb)
		return complain(CMM_EXIT_FAILURE, "the driver is done, but %lu KiB are on loan",
				now.loaned_kb);
	printf("disabled: %lu KiB were given back\n", before_kb);
	return CMM_EXIT_OK;
}

static int disable(unsigned long timeout_ms)
{
	enum waiting_end end;
	int status, wait_status, fd;
	struct loan before;
	pid_t child;

	status = need_driver();
	if (status)
		return status;
	status = loan_read(&before);
	if (status)
		return status;
	status = attribute_open(CMM_PARAMETERS, "disable", &fd);
	if (status)
		return status;
	status = waiting_begin();
	if (status)
		goto out;

	child = begin_disabling(fd);
	if (child < 0) {
		status = complain_errno(errno, "fork");
		goto out_waiting;
	}
	end = wait_for_child(child, before.loaned_kb, timeout_ms, &wait_status);
	status = end == WAITING_FAILED ? waiting_failure()
				       : tell_end(end, before.loaned_kb, wait_status);
out_waiting:
	waiting_end();
out:
	close(fd);
	return status;
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
	return status == OPTIONS_GO ? disable(values.timeout_ms) : status;
}
