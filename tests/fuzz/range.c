// SPDX-License-Identifier: GPL-2.0-or-later
/* Fuzzes the parser for thresholds, which are ranges of sizes or of numbers with two decimals. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"
#include "range.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool parse_kb(const char *text, unsigned long *value, char why[SIZE_WHY_MAX])
{
	return size_parse(text, 1024, value, why);
}

static bool parse_hundredths(const char *text, unsigned long *value, char why[SIZE_WHY_MAX])
{
	strcpy(why, "is malformed");
	return hundredths_parse(text, value);
}

/* A refusal must have a reason. If the range is accepted, both of its ends must be inside it. */
static void check(const char *text, range_value *parse, bool bare_is_start)
{
	char why[SIZE_WHY_MAX] = "";
	struct range range;
	bool is_good = range_parse(text, parse, bare_is_start, &range, why);

	if (!is_good && !why[0])
		abort();
	if (!is_good)
		return;
	if (range.has_start &&
	    range_judge(&range, range.start) != (range.is_inside ? RANGE_INSIDE : RANGE_GOOD))
		abort();
	if (range.has_end &&
	    range_judge(&range, range.end) != (range.is_inside ? RANGE_INSIDE : RANGE_GOOD))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = calloc(1, size + 1);

	if (!text)
		return 0;
	memcpy(text, data, size);
	check(text, parse_kb, false);
	check(text, parse_kb, true);
	check(text, parse_hundredths, false);
	free(text);
	return 0;
}
