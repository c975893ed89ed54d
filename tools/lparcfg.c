// SPDX-License-Identifier: GPL-2.0-or-later
/* The hypervisor's figures for the partition */

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "complain.h"
#include "lparcfg.h"
#include "proc.h"
#include "root.h"
#include "size.h"

#define DIR	  "/proc/powerpc"
#define FILE_NAME "lparcfg"

#define FIELD(name, unit, section, meaning) { #name, unit, LPARCFG_##section, meaning },

const struct lparcfg_field lparcfg_fields[LPARCFG_FIELDS] = { LPARCFG_TABLE(FIELD) };

static void take(void *data, char *line)
{
	const char *value = pair_parse(line);
	struct lparcfg *lparcfg = data;
	int i;

	for (i = 0; value && i < LPARCFG_FIELDS; i++)
		if (!strcmp(lparcfg_fields[i].name, line))
			snprintf(lparcfg->values[i], CMM_VALUE_MAX, "%.*s", unitless_length(value),
				 value);
}

int lparcfg_read(struct lparcfg *lparcfg)
{
	int status;

	memset(lparcfg, 0, sizeof(*lparcfg));
	lparcfg->there = root_is_readable(DIR, FILE_NAME);
	if (!lparcfg->there)
		return CMM_EXIT_OK;
	status = proc_lines(DIR, FILE_NAME, take, lparcfg);
	if (status)
		memset(lparcfg, 0, sizeof(*lparcfg));
	return status;
}

bool lparcfg_number(const struct lparcfg *lparcfg, int field, long *value)
{
	const char *text = lparcfg->values[field];
	bool is_negative = text[0] == '-';
	unsigned long number;

	if (!number_parse(text + is_negative, &number) || number > LONG_MAX)
		return false;
	*value = is_negative ? -(long)number : (long)number;
	return true;
}
