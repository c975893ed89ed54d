// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs a function in a child process, with a time limit */

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "deadline.h"
#include "waiting.h"

/* The longest wait in one call of poll(), which takes an int */
#define POLL_MAX_MS 60000UL

/*
 * Called in the child: runs the work, and does not return. Closes all descriptors except 0 to 2: if
 * the child kept a pipe open, the reader of that pipe would wait for the child.
 */
static void run_child(int (*work)(void), const int pipe_ends[2])
{
	int status;

	/* If a monitoring system kills the parent, nobody reads the result. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(pipe_ends[1], STDOUT_FILENO);
	dup2(pipe_ends[1], STDERR_FILENO);
	close_range(STDERR_FILENO + 1, ~0U, 0);
	status = work();
	exit(status);
}

/* Copies the pipe @fd to @output until its end; returns false if that takes too long. */
static bool copy_all(int fd, unsigned long timeout_ms, FILE *output)
{
	unsigned long start_ms = waiting_clock_ms(), passed_ms, left_ms;
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	char part[BUFSIZ];
	ssize_t count;

	for (;;) {
		passed_ms = waiting_clock_ms() - start_ms;
		if (passed_ms > timeout_ms)
			return false;
		left_ms = timeout_ms - passed_ms;
		if (poll(&poll_fd, 1, left_ms < POLL_MAX_MS ? left_ms : POLL_MAX_MS) <= 0)
			continue;
		count = read(fd, part, sizeof(part));
		if (count <= 0)
			return true;
		fwrite(part, 1, count, output);
	}
}

static enum deadline_end run(int (*work)(void), unsigned long timeout_ms, FILE *output, int *status)
{
	int pipe_ends[2], wait_status;
	pid_t child;
	bool in_time;

	/* The child inherits what was not printed yet, and would print it again. */
	fflush(stdout);
	if (pipe(pipe_ends))
		return DEADLINE_FAILED;
	child = fork();
	if (!child)
		run_child(work, pipe_ends);
	close(pipe_ends[1]);
	in_time = child > 0 && copy_all(pipe_ends[0], timeout_ms, output);
	close(pipe_ends[0]);
	if (child < 0)
		return DEADLINE_FAILED;
	if (!in_time) {
		kill(child, SIGKILL);
		return DEADLINE_MISSED;
	}
	if (waitpid(child, &wait_status, 0) != child || !WIFEXITED(wait_status))
		return DEADLINE_FAILED;
	*status = WEXITSTATUS(wait_status);
	return DEADLINE_DONE;
}

enum deadline_end deadline_run(int (*work)(void), unsigned long timeout_ms, int *status)
{
	char *text = NULL;
	size_t length;
	FILE *output = open_memstream(&text, &length);
	enum deadline_end end;

	if (!output)
		return DEADLINE_FAILED;
	end = run(work, timeout_ms, output, status);
	if (fclose(output))
		end = DEADLINE_FAILED;
	if (end == DEADLINE_DONE)
		fwrite(text, 1, length, stdout);
	free(text);
	return end;
}
