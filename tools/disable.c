// SPDX-License-Identifier: GPL-2.0-or-later
/* cmm-admin disable: makes the driver return all memory, and waits until that is done */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attribute.h"
#include "command.h"
#include "size.h"
#include "waiting.h"

/*
 * Writes disable=1 to @fd in a child process. The write ends only when all memory is returned, and
 * goes on even if this process times out. The child's exit status is 0, or an errno.
 */
static pid_t begin_disabling(int fd)
{
	pid_t child = fork();

	if (child)
		return child;
	/* If the child kept a pipe open, the reader of that pipe would wait for the child. */
	dup2(fd, STDIN_FILENO);
	close_range(STDIN_FILENO + 1, ~0U, 0);
	_exit(write(STDIN_FILENO, "1", 1) == 1 ? 0 : errno);
}

static int report_end(enum waiting_end end, unsigned long before_kb, int wait_status)
{
	struct loan now;
	int status, error;

	status = loan_read(&now);
	if (status)
		return status;
	if (end != WAITING_REACHED)
		return complain(CMM_EXIT_TIMED_OUT,
				"%s; %s of %s still on loan, and the driver continues to "
				"return it",
				waiting_words(end), size_kb(now.loaned_kb).text,
				size_kb(before_kb).text);
	error = WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : EINTR;
	if (error == ECANCELED)
		return complain(CMM_EXIT_FAILURE,
				"the driver was enabled again meanwhile; %s on loan",
				size_kb(now.loaned_kb).text);
	if (error)
		return attribute_write_failed(CMM_PARAMETERS, "disable", error);
	if (now.loaned_kb)
		return complain(CMM_EXIT_FAILURE, "the driver is done, but %s is still on loan",
				size_kb(now.loaned_kb).text);
	printf("disabled: %s returned\n", size_kb(before_kb).text);
	return CMM_EXIT_OK;
}

static int disable(const struct command_line *line)
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
	end = wait_for_child(child, before.loaned_kb, line->timeout_ms, &wait_status);
	status = end == WAITING_FAILED ? waiting_failure()
				       : report_end(end, before.loaned_kb, wait_status);
out_waiting:
	waiting_end();
out:
	close(fd);
	return status;
}

const struct command disable_command = {
	.name = "disable",
	.summary = "return all memory, and loan none",
	.usage = "[OPTION...]",
	.description =
		"Makes the driver return all memory on loan, and loan none until it is enabled.\n"
		"Ends when all memory is returned. After a time-out, or at Ctrl-C, the status is\n"
		"4, and the driver continues to return memory.\n",
	.examples = "  cmm-admin disable\n"
		    "  cmm-admin disable --timeout 30\n",
	.takes = TAKES_TIMEOUT,
	.changes = true,
	.run = disable,
};
