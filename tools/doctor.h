/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the doctor's checks are made of. */
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

/* What a kernel was configured with */
struct kernel_config {
	bool there;
	bool smlpar; /* CONFIG_PPC_SMLPAR */
	bool balloon; /* CONFIG_MEMORY_BALLOON or CONFIG_BALLOON */
};

/* All that is looked at, read once. */
struct patient {
	struct driver driver;
	struct cmm_partition partition; /* only where it could be read */
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
 * struct diagnosis - what a check came to
 * @finding: how it is
 * @text: one line on what was seen
 * @remedy: the command or the step that mends it; "" where nothing is to be mended
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
 * Reads everything. What can't be read is a finding, not an end: 0, or an enum
 * cmm_exit after one line on stderr where nothing can.
 */
int patient_read(struct patient *patient);

/*
 * Calls @take with the path of each log that dkms left of a build of the driver
 * that failed, and the release of the kernel that it was for.
 */
int patient_failed_builds(int (*take)(void *data, const char *path, const char *release),
			  void *data);

#endif
