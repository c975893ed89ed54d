/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ranges for thresholds (Monitoring Plugins Development Guidelines, "Threshold and Ranges") */
#ifndef CMM_RANGE_H
#define CMM_RANGE_H

#include <stdbool.h>

#include "size.h"

/* Values of which there is an alert: those outside @start to @end, both included */
struct range {
	bool is_inside; /* "@": an alert of the values within instead */
	bool has_start; /* false: "~", no lowest value */
	bool has_end;
	unsigned long start;
	unsigned long end;
};

/* How a value is to a range */
enum range_verdict { RANGE_GOOD, RANGE_LESS, RANGE_MORE, RANGE_INSIDE };

/* Takes one value of a range; false, and the reason in @why, if @text is malformed. */
typedef bool range_value(const char *text, unsigned long *value, char why[SIZE_WHY_MAX]);

/*
 * Takes "[@][START:][END]"; a START of "~" is no lowest value. A value alone is the END, or with
 * @bare_is_start the START. False, and the reason in @why, if @text is malformed.
 */
bool range_parse(const char *text, range_value *parse, bool bare_is_start, struct range *range,
		 char why[SIZE_WHY_MAX]);

enum range_verdict range_judge(const struct range *range, unsigned long value);

#endif
