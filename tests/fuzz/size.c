// SPDX-License-Identifier: GPL-2.0-or-later
/* Fuzzes size_parse() and percent_parse(): every accepted size must fit an unsigned long. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "size.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned long unit = size && data[0] & 1 ? 1024 : 1024 * 1024, units, bytes, percent;
	char *text = calloc(1, size + 1);
	char why[SIZE_WHY_MAX] = "";

	if (!text)
		return 0;
	if (size)
		memcpy(text, data + 1, size - 1);
	if (percent_parse(text, &percent) && (percent > 100 || percent_of(100, percent) != percent))
		abort();
	if (size_parse(text, unit, &units, why)) {
		if (__builtin_mul_overflow(units, unit, &bytes))
			abort();
	} else if (!why[0] || strlen(why) >= SIZE_WHY_MAX - 1) {
		abort();
	}
	free(text);
	return 0;
}
