/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A sample of cmm-admin monitor: the loan at one moment */
#ifndef CMM_SAMPLE_H
#define CMM_SAMPLE_H

#include <time.h>

#include "parse.h"

struct sample {
	time_t at;
	unsigned long loaned_kb;
	unsigned long target_kb;
	unsigned long available_kb;
	unsigned long oom_freed_kb;
	char state[CMM_VALUE_MAX]; /* "" with the in-tree driver, which has none */
	char event[CMM_VALUE_MAX]; /* events since the previous sample; "" if there were none */
};

/*
 * Reads all members but the event. Returns 0, or prints one line on stderr and returns an enum
 * cmm_exit.
 */
int sample_read(struct sample *sample);

#endif
