/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The values that cmm-admin check watches, and the thresholds for them on the command line */
#ifndef CMM_THRESHOLD_H
#define CMM_THRESHOLD_H

#include <stdbool.h>

#include "range.h"

/* Exit statuses of a plugin */
enum verdict { OK, WARNING, CRITICAL, UNKNOWN };

/* Values that can have thresholds */
enum {
	AVAILABLE,
	SHORT,
	OOM_FREED,
	FAULTS,
	SOME_AVG10,
	SOME_AVG60,
	FULL_AVG10,
	FULL_AVG60,
	MEASURES
};

/**
 * struct unit - a unit of values
 * @label: in performance data
 * @word: in a message, with a space before it if it needs one
 * @is_hundredths: values are in hundredths of it
 * @parse: takes a value on the command line
 */
struct unit {
	const char *label;
	const char *word;
	bool is_hundredths;
	range_value *parse;
};

/**
 * struct measure - a value that can have thresholds
 * @name: on the command line and in performance data
 * @meaning: a noun
 * @source: the file that lacks the value if it is not known
 * @unit: of the value and the ranges
 * @is_low_bad: a threshold that is a value alone is the lowest good value, not the highest
 * @has_range: for each enum verdict up to CRITICAL
 * @ranges: likewise
 */
struct measure {
	const char *name;
	const char *meaning;
	const char *source;
	const struct unit *unit;
	bool is_low_bad;
	bool has_range[CRITICAL + 1];
	struct range ranges[CRITICAL + 1];
};

extern struct measure measures[MEASURES];

/* States that are alerts: a bit for each of cmm_states, for each enum verdict up to CRITICAL */
extern unsigned int alert_states[CRITICAL + 1];

/* Takes "NAME=RANGE" or "state=WORD". 0, or an enum cmm_exit after one message. */
int threshold_take(enum verdict verdict, const char *argument);

bool measure_has_threshold(const struct measure *measure);

/* Formats a value without its unit. */
void measure_format(char text[NUMBER_MAX], const struct measure *measure, unsigned long value);

/* Prints " NAME=VALUE;WARNING;CRITICAL;MIN;MAX", as performance data have it. */
void measure_print(const struct measure *measure, unsigned long now);

/* Prints a line for each name, for --help. */
void threshold_print_names(void);

#endif
