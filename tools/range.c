// SPDX-License-Identifier: GPL-2.0-or-later
/* Ranges for thresholds */

#include <stdio.h>
#include <string.h>

#include "parse.h"
#include "range.h"

/* Parses the text before @colon, a number or "~". */
static bool take_start(const char *text, const char *colon, range_value *parse, struct range *range,
		       char why[SIZE_WHY_MAX])
{
	char start[CMM_VALUE_MAX];

	if (colon - text >= (long)sizeof(start)) {
		snprintf(why, SIZE_WHY_MAX, "has a start that is too long");
		return false;
	}
	snprintf(start, sizeof(start), "%.*s", (int)(colon - text), text);
	range->has_start = strcmp(start, "~");
	return !range->has_start || parse(start, &range->start, why);
}

bool range_parse(const char *text, range_value *parse, bool bare_is_start, struct range *range,
		 char why[SIZE_WHY_MAX])
{
	const char *colon;

	memset(range, 0, sizeof(*range));
	range->is_inside = text[0] == '@';
	text += range->is_inside;
	colon = strchr(text, ':');
	range->has_start = true;
	if (!colon && bare_is_start)
		return parse(text, &range->start, why);
	if (colon && !take_start(text, colon, parse, range, why))
		return false;
	if (colon && !colon[1])
		return true;
	range->has_end = true;
	if (!parse(colon ? colon + 1 : text, &range->end, why))
		return false;
	if (!range->has_start || range->start <= range->end)
		return true;
	snprintf(why, SIZE_WHY_MAX, "has a start above its end");
	return false;
}

enum range_verdict range_judge(const struct range *range, unsigned long value)
{
	bool is_less = range->has_start && value < range->start;
	bool is_more = range->has_end && value > range->end;

	if (range->is_inside)
		return is_less || is_more ? RANGE_GOOD : RANGE_INSIDE;
	if (is_less)
		return RANGE_LESS;
	return is_more ? RANGE_MORE : RANGE_GOOD;
}
