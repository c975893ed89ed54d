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
 * Runs @work in a child process, for at most @timeout_ms. So not even a read that the kernel does
 * not interrupt can block this process. When the work is done, its output on stdout and stderr is
 * printed on stdout, and @status is set to its return value, 0 to 255.
 */
enum deadline_end deadline_run(int (*work)(void), unsigned long timeout_ms, int *status);

#endif
