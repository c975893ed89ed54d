/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waits for the loan, with a progress bar and a time limit; signals end a wait */
#ifndef CMM_WAITING_H
#define CMM_WAITING_H

#include <sys/types.h>

#include "parse.h"

/* The loan at one moment */
struct loan {
	unsigned long loaned_kb;
	unsigned long target_kb;
	char state[CMM_VALUE_MAX]; /* "" with the in-tree driver, which has none */
};

/* Reads the loan. Returns 0, or prints one line on stderr and returns an enum cmm_exit. */
int loan_read(struct loan *loan);

enum waiting_end {
	WAITING_REACHED,
	WAITING_TIMED_OUT,
	WAITING_HELD_BACK, /* loan_policy keeps the loan below the target */
	WAITING_INTERRUPTED, /* by a signal that would end the program */
	WAITING_FAILED, /* one line was printed on stderr; waiting_failure() has the exit status */
};

/*
 * Blocks SIGINT, SIGTERM, SIGQUIT, SIGHUP and SIGCHLD until waiting_end(); meanwhile the functions
 * below receive them. Signals that were ignored stay ignored, except SIGCHLD. Returns 0, or prints
 * one line on stderr and returns an enum cmm_exit.
 */
int waiting_begin(void);
void waiting_end(void);

/*
 * Waits until the loan meets the driver's target, which may change meanwhile, or until loan_policy
 * keeps the loan below the target. The progress bar begins at @start_kb. The time limit @timeout_ms
 * counts from the call; TIMEOUT_NONE is no limit.
 */
enum waiting_end wait_for_loan(unsigned long start_kb, unsigned long timeout_ms);

/*
 * Waits until @child ends, and meanwhile shows how the loan falls to 0. Sets @status like
 * waitpid().
 */
enum waiting_end wait_for_child(pid_t child, unsigned long start_kb, unsigned long timeout_ms,
				int *status);

/* Waits until the target differs from @before_kb. */
enum waiting_end wait_for_target(unsigned long before_kb, unsigned long timeout_ms);

/*
 * Waits until one of the descriptors @events and @keys has something to read, but at most for @ms.
 * -1 stands for no descriptor. A change of the terminal's size also ends the wait. Returns
 * WAITING_INTERRUPTED after a signal other than SIGCHLD, and if the terminal of @keys has gone.
 */
enum waiting_end wait_for_input(int events, int keys, unsigned long ms);

/* The monotonic clock in milliseconds */
unsigned long waiting_clock_ms(void);

/* The exit status, an enum cmm_exit, if the last wait ended with WAITING_FAILED */
int waiting_failure(void);

/* "timed out", "interrupted", or the reason for WAITING_HELD_BACK */
const char *waiting_words(enum waiting_end end);

/*
 * Reads the loan into @now after a wait, and returns the exit status for @end. If the wait did not
 * reach its goal, prints one line on stderr with the reason. For WAITING_FAILED, that line was
 * printed before, and @now is not set.
 */
int waiting_status(enum waiting_end end, struct loan *now);

#endif
