/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The partition, its driver and their health */
#ifndef CMM_PARTITION_H
#define CMM_PARTITION_H

#include <stdbool.h>

#include "proc.h"
#include "settings.h"

/* Our driver's counters, in stats/ of cmm0. Their number is the sum of "+1" for each row. */
#define CMM_ONE_MORE(...) +1

enum { CMM_STAT_COUNT = CMM_STATISTIC_TABLE(CMM_ONE_MORE) };

struct cmm_stat {
	const char *name;
	const char *meaning;
};

extern const struct cmm_stat cmm_stats[CMM_STAT_COUNT];

/**
 * struct cmm_state - a state of the driver
 * @word: its name in the driver's attribute "state"
 * @well: whether cmm-admin report gives no warning in this state
 * @line: the meaning; NULL for a state in which a report describes the loan and the target instead
 */
struct cmm_state {
	const char *word;
	bool well;
	const char *line;
};

extern const struct cmm_state cmm_states[];
extern const int cmm_state_count;

/* Indexes of struct cmm_partition's @memory: lines of /proc/meminfo */
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

/* The partition and its driver at one moment; sizes are in KiB, as in sysfs and /proc/meminfo */
struct cmm_partition {
	char version[CMM_VALUE_MAX]; /* of the module; "" if sysfs shows none */
	char state[CMM_VALUE_MAX]; /* "" with the in-tree driver, which has none */
	bool simulated;
	bool disabled;
	unsigned long loaned_kb;
	unsigned long target_kb;
	unsigned long oom_freed_kb;
	unsigned long oom_kb;
	unsigned long total_kb; /* MemTotal: assigned memory that is not on loan */
	unsigned long available_kb; /* MemAvailable */
	struct meminfo_line memory[CMM_MEMORY_COUNT];
	char stats[CMM_STAT_COUNT][CMM_VALUE_MAX]; /* indexes: those of cmm_stats; "" if absent */
	char values[CMM_PARAMETER_COUNT][CMM_VALUE_MAX]; /* indexes: SETTING_*; "" if absent */
};

/* Reads all members. Returns 0, or prints one line on stderr and returns an enum cmm_exit. */
int partition_read(struct cmm_partition *partition);

/*
 * Sets @assigned_kb to the partition's assigned memory: the sum of MemTotal and the memory on loan.
 * Returns 0, or prints one line on stderr and returns an enum cmm_exit.
 */
int partition_assigned(unsigned long *assigned_kb);

/* Returns the assigned memory of a @partition that was read, or ULONG_MAX on overflow. */
unsigned long partition_assigned_kb(const struct cmm_partition *partition);

/* Room for a line of partition_health() */
#define HEALTH_MAX 160

/*
 * Writes one line on the health of the partition to @line, without a newline. Returns false if the
 * line is a warning.
 */
bool partition_health(const struct cmm_partition *partition, char *line, size_t size);

/* Like partition_health(), but without the warning of the in-tree driver's defect */
bool partition_loan_health(const struct cmm_partition *partition, char *line, size_t size);

/* Whether cmm_states has the driver's state. False with the in-tree driver, which has no state. */
bool partition_state_is_known(const struct cmm_partition *partition);

/*
 * Returns the reason why loan_policy keeps the loan below the target, or NULL if loan_policy does
 * not limit the loan in @state.
 */
const char *partition_policy_reason(const char *state);

#endif
