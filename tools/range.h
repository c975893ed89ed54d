/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ranges for thresholds (Monitoring Plugins Development Guidelines, "Threshold and Ranges") */
#ifndef CMM_RANGE_H
#define CMM_RANGE_H

#include <stdbool.h>

#include "size.h"

/* Values from @start to @end, both included, are good; values outside are alerts. */
struct range {
	bool is_inside; /* with "@": values inside the range are alerts, not those outside */
	bool has_start; /* false for a start of "~", which is no lower limit */
	bool has_end;
	unsigned long start;
	unsigned long end;
};

/* A value is good, or an alert: below the range, above it, or inside a range with "@" */
enum range_verdict { RANGE_GOOD, RANGE_LESS, RANGE_MORE, RANGE_INSIDE };

/* Parses one value of a range. Returns false, with the reason in @why, if @text is malformed. */
typedef bool range_value(const char *text, unsigned long *value, char why[SIZE_WHY_MAX]);

/*
 * Parses @text, which has the form "[@][START:][END]". @parse parses START and END; a START of "~"
 * is no lower limit. A single value is END, or START if @bare_is_start is true. Returns false, with
 * the reason in @why, if @text is malformed.
 */
bool range_parse(const char *text, range_value *parse, bool bare_is_start, struct range *range,
		 char why[SIZE_WHY_MAX]);

enum range_verdict range_judge(const struct range *range, unsigned long value);

#endif
