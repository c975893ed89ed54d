/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The values that cmm-admin check compares with thresholds from the command line */
#ifndef CMM_THRESHOLD_H
#define CMM_THRESHOLD_H

#include <stdbool.h>

#include "range.h"

/* Exit statuses of a monitoring plugin */
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
 * @label: name in performance data
 * @word: name in a message, with a space before it if needed
 * @is_hundredths: values are in hundredths of the unit
 * @parse: parses a value from the command line
 */
struct unit {
	const char *label;
	const char *word;
	bool is_hundredths;
	range_value *parse;
};

/**
 * struct measure - a value that can have thresholds
 * @name: name on the command line and in performance data
 * @meaning: a noun phrase, for messages and --help
 * @source: the file that the value is read from; NULL for a value that is always known
 * @unit: the unit of the value and the ranges
 * @is_low_bad: whether low values are bad: a single number as threshold is the lowest good value
 * @has_range: whether there is a threshold, for each enum verdict up to CRITICAL
 * @ranges: the threshold, for each enum verdict up to CRITICAL
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

/*
 * alert_states[VERDICT] is a bit mask. Bit i is set if the state cmm_states[i] is an alert with
 * this verdict, WARNING or CRITICAL.
 */
extern unsigned int alert_states[CRITICAL + 1];

/*
 * Adds the threshold "NAME=RANGE" or "state=WORD" for @verdict. Returns 0, or prints one message
 * and returns an enum cmm_exit.
 */
int threshold_take(enum verdict verdict, const char *argument);

bool measure_has_threshold(const struct measure *measure);

/* Room for a value with its unit */
#define MEASURE_TEXT_MAX 48

/* Writes @value with its unit to @text, for people: "1.3 GiB", "12.50 %" or "3.00 per second". */
void measure_text(char text[MEASURE_TEXT_MAX], const struct measure *measure, unsigned long value);

/* Prints performance data: " NAME=VALUE;WARNING;CRITICAL;MIN;MAX". */
void measure_print(const struct measure *measure, unsigned long now);

/* Prints a line for each name that can have a threshold, for --help. */
void threshold_print_names(void);

#endif
