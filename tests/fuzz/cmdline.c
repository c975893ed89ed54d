// SPDX-License-Identifier: GPL-2.0-or-later
/* Fuzzes the parser for the kernel's command line. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *line = calloc(1, size + 1), *value = calloc(1, CMM_VALUE_MAX);

	if (line && value) {
		memcpy(line, data, size);
		boot_parameter_parse(line, "cmo_free_hint", value);
		if (strlen(value) >= CMM_VALUE_MAX || (value[0] && !memmem(data, size, "=", 1)))
			abort();
	}
	free(line);
	free(value);
	return 0;
}
