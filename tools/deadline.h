/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Work that ends in time, or is given up. */
#ifndef CMM_DEADLINE_H
#define CMM_DEADLINE_H

enum deadline_end {
	DEADLINE_DONE, /* all output of the work was printed */
	DEADLINE_MISSED, /* nothing was printed */
	DEADLINE_FAILED, /* nothing was printed: a signal ended the work, or it could not begin */
};

/*
 * Runs @work in a child, so that even a read that the kernel does not interrupt cannot keep this
 * process. The output of the work, on stdout and stderr, is printed on stdout when the work is
 * done. @status is the value that the work returned, 0 to 255.
 */
enum deadline_end deadline_run(int (*work)(void), unsigned long timeout_ms, int *status);

#endif
