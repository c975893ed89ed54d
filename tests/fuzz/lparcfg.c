// SPDX-License-Identifier: GPL-2.0-or-later
/* Fuzzes the parsers for lines of lparcfg and /proc/meminfo. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *line = calloc(1, size + 1);
	const char *value;
	unsigned long kb;

	if (!line)
		return 0;
	memcpy(line, data, size);
	meminfo_parse(line, "MemTotal", &kb);
	value = pair_parse(line);
	if (value && (!line[0] || value != line + strlen(line) + 1 || strchr(value, '\n')))
		abort();
	if (value && (unitless_length(value) < 0 || (size_t)unitless_length(value) > strlen(value)))
		abort();
	free(line);
	return 0;
}
