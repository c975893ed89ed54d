// SPDX-License-Identifier: GPL-2.0-or-later
/* Fuzzes the parser for /proc/pressure/memory. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Parses a line as tools/psi.c does. A good line begins with its name, and has all keys. */
static void parse(const char *line)
{
	static const char *const names[] = { "some", "full" };
	struct psi_line psi;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (psi_parse(line, names[i], &psi) &&
		    (strncmp(line, names[i], strlen(names[i])) || !strstr(line, " avg10=") ||
		     !strstr(line, " avg60=") || !strstr(line, " total=")))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = calloc(1, size + 1), *rest = text, *line;

	if (!text)
		return 0;
	memcpy(text, data, size);
	while ((line = strsep(&rest, "\n")))
		parse(line);
	free(text);
	return 0;
}
