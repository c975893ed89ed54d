/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parsers for the contents of kernel files. They read no file themselves. */
#ifndef CMM_PARSE_H
#define CMM_PARSE_H

#include <stdbool.h>

/* Room for the text of an attribute. Each of the driver's attributes is one short line. */
#define CMM_VALUE_MAX 128

enum attribute_fault { ATTRIBUTE_GOOD, ATTRIBUTE_LINES, ATTRIBUTE_LONG };

/*
 * Copies @text, one short line with or without a newline, to @value without the newline. Fails with
 * ATTRIBUTE_LINES if @text has more than one line, or ATTRIBUTE_LONG if @text does not fit @value.
 */
enum attribute_fault attribute_parse(const char *text, char value[CMM_VALUE_MAX]);

/*
 * Splits "NAME=VALUE", with or without a newline: @line becomes NAME. Returns VALUE, or NULL if
 * the line has another form.
 */
const char *pair_parse(char *line);

/*
 * The length of @value without " bytes" at its end. Two values of lparcfg end with this unit
 * (arch/powerpc/platforms/pseries/lparcfg.c).
 */
int unitless_length(const char *value);

/* Parses a number with at most two decimals. The result is in hundredths: "12.5" becomes 1250. */
bool hundredths_parse(const char *text, unsigned long *hundredths);

/* A line of /proc/pressure/memory */
struct psi_line {
	unsigned long avg10, avg60; /* share of the last 10 or 60 s, in hundredths of a percent */
	unsigned long total_us; /* since boot */
};

/*
 * Parses a line such as "some avg10=0.12 avg60=0.04 avg300=0.00 total=3281". Returns false if the
 * line does not begin with @name or has another form.
 */
bool psi_parse(const char *line, const char *name, struct psi_line *psi);

/*
 * Parses a line such as "MemTotal:    2036032 kB". Returns false if the line does not begin with
 * @name or has another form.
 */
bool meminfo_parse(const char *line, const char *name, unsigned long *value_kb);

/*
 * Calls @take for each NAME=VALUE in @line, the kernel's command line or options for a module. If a
 * word has no VALUE, @value is NULL. Stops at "--": later words are not for the kernel. Changes
 * @line.
 */
void parameters_parse(char *line, void (*take)(void *data, const char *name, const char *value),
		      void *data);

/* Compares names of parameters: '-' and '_' are the same. */
bool parameter_is(const char *a, const char *b);

/*
 * Copies VALUE of the last NAME=VALUE in @line, the kernel's command line, to @value. Changes
 * @line. Leaves @value alone if there is no such word, and cuts off a VALUE that is too long.
 */
void boot_parameter_parse(char *line, const char *name, char value[CMM_VALUE_MAX]);

#endif
