/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rate of page faults that the hypervisor serves, because it had paged the memory out */
#ifndef CMM_FAULT_RATE_H
#define CMM_FAULT_RATE_H

#include <stdbool.h>

#include "lparcfg.h"

/**
 * struct fault_rate - a measured rate
 * @is_known: false if lparcfg does not have the count of page faults
 * @hundredths: page faults per second, in hundredths
 */
struct fault_rate {
	bool is_known;
	unsigned long hundredths;
};

/*
 * Measures the rate: waits for a second, and compares the count with that in @first. Does not wait
 * if @first has no count. Returns 0, or prints one line on stderr and returns an enum cmm_exit.
 */
int fault_rate_read(struct fault_rate *rate, const struct lparcfg *first);

#endif
