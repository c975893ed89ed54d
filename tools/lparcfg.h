/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the hypervisor says of the partition: /proc/powerpc/lparcfg (arch/powerpc's lparcfg.c). */
#ifndef CMM_LPARCFG_H
#define CMM_LPARCFG_H

#include <stdbool.h>

#include "parse.h"

/* About which of the report's sections a field is */
enum lparcfg_section { LPARCFG_PARTITION, LPARCFG_MEMORY, LPARCFG_ENTITLEMENT };

struct lparcfg_field {
	const char *name;
	const char *unit;
	const char *meaning;
	enum lparcfg_section section;
};

#define LPARCFG_FIELDS 21

extern const struct lparcfg_field lparcfg_fields[LPARCFG_FIELDS];

struct lparcfg {
	bool there; /* the kernel has CONFIG_LPARCFG */
	char values[LPARCFG_FIELDS][CMM_VALUE_MAX]; /* as lparcfg_fields; "" where it isn't told */
};

/* 0, or an enum cmm_exit after one line on stderr. A file that isn't there is no error. */
int lparcfg_read(struct lparcfg *lparcfg);

/* The value of the field @name; "" where it isn't told. */
const char *lparcfg_value(const struct lparcfg *lparcfg, const char *name);

#endif
