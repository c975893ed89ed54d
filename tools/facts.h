/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The facts that cmm-admin report shows, and its sections */
#ifndef CMM_FACTS_H
#define CMM_FACTS_H

#include "driver.h"
#include "lparcfg.h"
#include "machine.h"
#include "partition.h"

struct facts {
	struct cmm_partition partition;
	struct lparcfg lparcfg;
	struct driver driver;
	struct machine machine;
	bool request_known;
	unsigned long request_kb; /* the whole loan that the hypervisor requests */
	bool healthy;
	char health[HEALTH_MAX]; /* the reason for @healthy being true or false, in one line */
};

/*
 * Reads all facts. Returns 0, or prints one line on stderr and returns an enum cmm_exit. A fact
 * about the machine, the kernel or the module file is unknown if the user may not read it.
 */
int facts_read(struct facts *facts);

/* Sections of the report, in the order of the output */
enum report_section {
	REPORT_HEALTH,
	REPORT_PARTITION,
	REPORT_DRIVER,
	REPORT_LOAN,
	REPORT_MEMORY,
	REPORT_PARAMETERS,
	REPORT_STATISTICS,
	REPORT_ENTITLEMENT,
	REPORT_VIO,
	REPORT_SECTIONS
};

struct report_section_name {
	const char *name;
	const char *meaning;
};

extern const struct report_section_name report_sections[REPORT_SECTIONS];

#endif
