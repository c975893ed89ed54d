/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waiting for the loan, with progress on a terminal, until a time or a signal ends it. */
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

/* Reads it: 0, or an enum cmm_exit after one line on stderr. */
int loan_read(struct loan *loan);

enum waiting_end {
	WAITING_REACHED,
	WAITING_TIMED_OUT,
	WAITING_HELD_BACK, /* loan_policy keeps the loan from the target */
	WAITING_INTERRUPTED, /* by a signal that ends programs */
	WAITING_FAILED, /* one line was printed; see waiting_failure() */
};

/*
 * From now until waiting_end(), only the functions below see SIGINT, SIGTERM, SIGQUIT, SIGHUP and
 * SIGCHLD. 0, or an enum cmm_exit after one line on stderr.
 */
int waiting_begin(void);
void waiting_end(void);

/*
 * Waits until the loan is the driver's target, which may change meanwhile, or until loan_policy
 * keeps the loan from it. The progress bar begins at @start_kb. @timeout_ms counts from the call;
 * TIMEOUT_NONE is no limit.
 */
enum waiting_end wait_for_loan(unsigned long start_kb, unsigned long timeout_ms);

/* Waits until @child ends, and shows the progress of the loan to 0; @status is as by waitpid(). */
enum waiting_end wait_for_child(pid_t child, unsigned long start_kb, unsigned long timeout_ms,
				int *status);

/* Waits until the target is not @before_kb. */
enum waiting_end wait_for_target(unsigned long before_kb, unsigned long timeout_ms);

/*
 * Waits until one of two descriptors has something to read, or for @ms; -1 is no descriptor. A
 * change of the terminal's size ends it, too.
 */
enum waiting_end wait_for_input(int events, int keys, unsigned long ms);

/* The monotonic clock */
unsigned long waiting_clock_ms(void);

/* The enum cmm_exit of the last WAITING_FAILED */
int waiting_failure(void);

/* "timed out", "interrupted", or the reason for WAITING_HELD_BACK */
const char *waiting_words(enum waiting_end end);

/* Reads the loan after a wait; its exit status, after one line on stderr if the wait failed. */
int waiting_status(enum waiting_end end, struct loan *now);

#endif
