/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a function in a child process, with a time limit */
#ifndef CMM_DEADLINE_H
#define CMM_DEADLINE_H

enum deadline_end {
	DEADLINE_DONE, /* the work ended in time, and its output was printed */
	DEADLINE_MISSED, /* the work took too long; nothing was printed */
	DEADLINE_FAILED, /* a signal ended the work, or it could not start; nothing was printed */
};

/*
 * Runs @work in a child process, for at most @timeout_ms. So this process is not blocked even if a
 * read in the kernel cannot be interrupted. When the work is done, its output on stdout and stderr
 * is printed on stdout, and @status is set to the return value of @work, 0 to 255.
 */
enum deadline_end deadline_run(int (*work)(void), unsigned long timeout_ms, int *status);

#endif
