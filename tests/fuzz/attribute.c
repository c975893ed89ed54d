// SPDX-License-Identifier: GPL-2.0-or-later
/* Fuzzes the parsers for attributes and for numbers. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"
#include "size.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = calloc(1, size + 1), value[CMM_VALUE_MAX];
	unsigned long number;

	if (!text)
		return 0;
	memcpy(text, data, size);
	if (attribute_parse(text, value) == ATTRIBUTE_GOOD) {
		if (strlen(value) >= CMM_VALUE_MAX || strchr(value, '\n'))
			abort();
		if (number_parse(value, &number) && strspn(value, "0123456789") != strlen(value))
			abort();
	}
	free(text);
	return 0;
}
