/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of the doctor's checks */
#ifndef CMM_DOCTOR_H
#define CMM_DOCTOR_H

#include <limits.h>
#include <stdbool.h>

#include "config.h"
#include "driver.h"
#include "lparcfg.h"
#include "partition.h"

enum finding { FINDING_PASS, FINDING_WARN, FINDING_FAIL, FINDING_UNKNOWN };

/* Room for a message or a remedy */
#define FINDING_TEXT_MAX 400

/* The configuration of a kernel */
struct kernel_config {
	bool there;
	bool smlpar; /* CONFIG_PPC_SMLPAR */
	bool balloon; /* CONFIG_MEMORY_BALLOON or CONFIG_BALLOON */
};

/* All that the checks need, read once */
struct patient {
	struct driver driver;
	struct cmm_partition partition; /* valid if partition_good */
	bool partition_good;
	struct lparcfg lparcfg;
	struct kernel_config kernel; /* of the running kernel */
	char running_log[PATH_MAX]; /* of a build for it that failed; "" none */
	char newest[CMM_VALUE_MAX]; /* release of the newest kernel that is installed; "" none */
	struct driver_file newest_file; /* likewise, for that kernel */
	struct kernel_config newest_kernel;
	char newest_log[PATH_MAX];
	struct config config;
	bool config_good;
};

/**
 * struct diagnosis - the result of a check
 * @finding: the verdict
 * @text: one line on the observation
 * @remedy: the command or the step that fixes the fault; "" without a fault
 */
struct diagnosis {
	enum finding finding;
	char text[FINDING_TEXT_MAX];
	char remedy[FINDING_TEXT_MAX];
};

struct doctor_check {
	const char *name;
	void (*look)(const struct patient *patient, struct diagnosis *diagnosis);
};

/* Ends with one that has no name. */
extern const struct doctor_check doctor_checks[];

/*
 * Reads everything. A driver or configuration that cannot be read is a finding. 0, or an enum
 * cmm_exit after one line on stderr.
 */
int patient_read(struct patient *patient);

/*
 * Calls @take with the path of each log of a failed build that dkms left, and the release of its
 * kernel.
 */
int patient_failed_builds(int (*take)(void *data, const char *path, const char *release),
			  void *data);

#endif
