// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory pressure */

#include <string.h>

#include "proc.h"
#include "psi.h"

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
	return proc_lines("/proc/pressure", "memory", take, psi);
}
