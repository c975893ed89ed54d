/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The partition and its driver, read once: what commands work on. */
#ifndef CMM_PARTITION_H
#define CMM_PARTITION_H

#include <stdbool.h>

#include "source.h"

/* A driver parameter as documented; @unit "" where it has none. */
struct cmm_parameter {
	const char *name;
	const char *unit;
	const char *initial;
	const char *meaning;
	bool ours; /* the in-tree driver hasn't got it */
};

#define CMM_PARAMETER_COUNT 8

extern const struct cmm_parameter cmm_parameters[CMM_PARAMETER_COUNT];

/* All sizes in KiB, as in sysfs and /proc/meminfo. */
struct cmm_partition {
	char version[CMM_VALUE_MAX]; /* the module's, "" where it tells none */
	char state[CMM_VALUE_MAX]; /* "" with the in-tree driver, which has none */
	bool simulated;
	bool disabled;
	unsigned long loaned_kb;
	unsigned long target_kb;
	unsigned long oom_freed_kb;
	unsigned long oom_kb;
	unsigned long total_kb; /* MemTotal: assigned and not on loan */
	unsigned long available_kb; /* MemAvailable */
	char values[CMM_PARAMETER_COUNT][CMM_VALUE_MAX]; /* as cmm_parameters; "" where the driver
							    doesn't have it */
};

/*
 * Reads everything; 0, or an enum cmm_exit after one line on stderr that
 * says what was not there, not permitted, not readable or not sensible.
 */
int partition_read(struct cmm_partition *partition);

/*
 * One line on how the partition does, in @line. Returns whether all is well.
 */
bool partition_health(const struct cmm_partition *partition, char *line, size_t size);

#endif
