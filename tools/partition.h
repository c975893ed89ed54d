/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The partition and its driver, read once */
#ifndef CMM_PARTITION_H
#define CMM_PARTITION_H

#include <stdbool.h>

#include "proc.h"
#include "settings.h"

/* Counters of our driver since it was loaded, in stats/ */
#define CMM_ONE_MORE(...) +1

enum { CMM_STAT_COUNT = CMM_STATISTIC_TABLE(CMM_ONE_MORE) };

struct cmm_stat {
	const char *name;
	const char *meaning;
};

extern const struct cmm_stat cmm_stats[CMM_STAT_COUNT];

/**
 * struct cmm_state - a word that the attribute state can have
 * @word: the word
 * @well: whether it is no reason for a warning
 * @line: its meaning; NULL if the loan and the target say more
 */
struct cmm_state {
	const char *word;
	bool well;
	const char *line;
};

#define CMM_STATE_COUNT 12

extern const struct cmm_state cmm_states[CMM_STATE_COUNT];

/* Lines of /proc/meminfo: indexes of struct cmm_partition's memory */
enum {
	CMM_MEM_TOTAL,
	CMM_MEM_AVAILABLE,
	CMM_MEM_FREE,
	CMM_BUFFERS,
	CMM_CACHED,
	CMM_INACTIVE,
	CMM_INACTIVE_ANON,
	CMM_INACTIVE_FILE,
	CMM_SWAP_TOTAL,
	CMM_SWAP_FREE,
	CMM_MEMORY_COUNT
};

/* All sizes in KiB, as in sysfs and /proc/meminfo. */
struct cmm_partition {
	char version[CMM_VALUE_MAX]; /* of the module; "" if it has none */
	char state[CMM_VALUE_MAX]; /* "" with the in-tree driver, which has none */
	bool simulated;
	bool disabled;
	unsigned long loaned_kb;
	unsigned long target_kb;
	unsigned long oom_freed_kb;
	unsigned long oom_kb;
	unsigned long total_kb; /* MemTotal: assigned and not on loan */
	unsigned long available_kb; /* MemAvailable */
	struct meminfo_line memory[CMM_MEMORY_COUNT];
	char stats[CMM_STAT_COUNT][CMM_VALUE_MAX]; /* as cmm_stats; "" if the driver lacks it */
	char values[CMM_PARAMETER_COUNT][CMM_VALUE_MAX]; /* as cmm_settings; "" if absent */
};

/* Reads everything; 0, or an enum cmm_exit after one line on stderr that names the file. */
int partition_read(struct cmm_partition *partition);

/*
 * Reads the memory that the partition is assigned, MemTotal and what is on loan. 0, or an enum
 * cmm_exit after one line on stderr.
 */
int partition_assigned(unsigned long *assigned_kb);

/* Room for a line of partition_health() */
#define HEALTH_MAX 160

/* Prints one line on the health of the partition to @line; whether all is well. */
bool partition_health(const struct cmm_partition *partition, char *line, size_t size);

/* Why loan_policy keeps the loan from the target, if @state says so; else NULL */
const char *partition_policy_reason(const char *state);

#endif
