// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory pressure */

#include <string.h>

#include "complain.h"
#include "proc.h"
#include "psi.h"
#include "root.h"

#define DIR	  "/proc/pressure"
#define FILE_NAME "memory"

static void take(void *data, char *line)
{
	static const char *const names[PSI_LINES] = { "some", "full" };
	struct psi *psi = data;
	int i;

	for (i = 0; i < PSI_LINES; i++)
		psi->known[i] |= psi_parse(line, names[i], &psi->lines[i]);
}

int psi_read(struct psi *psi)
{
	memset(psi, 0, sizeof(*psi));
	if (!root_is_readable(DIR, FILE_NAME))
		return CMM_EXIT_OK;
	return proc_lines(DIR, FILE_NAME, take, psi);
}
