/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The loan at one moment, as monitor and its graph show it. */
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
	char state[CMM_VALUE_MAX]; /* "" with a driver that doesn't tell */
	char event[CMM_VALUE_MAX]; /* of cmm0 since the sample before; "" without one */
};

/* Reads all but the event: 0, or an enum cmm_exit after one line on stderr. */
int sample_read(struct sample *sample);

#endif
