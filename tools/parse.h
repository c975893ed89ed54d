/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The texts that kernel files hold, taken apart; touches no file. */
#ifndef CMM_PARSE_H
#define CMM_PARSE_H

#include <stdbool.h>

/* Room for the text of an attribute; those of the driver are one short line. */
#define CMM_VALUE_MAX 128

enum attribute_fault { ATTRIBUTE_GOOD, ATTRIBUTE_LINES, ATTRIBUTE_LONG };

/* Copies one short line, with or without its newline, to @value without it. */
enum attribute_fault attribute_parse(const char *text, char value[CMM_VALUE_MAX]);

/*
 * Splits "NAME=VALUE", with or without a newline: @line becomes NAME. Returns VALUE, or NULL if
 * the line is something else.
 */
const char *pair_parse(char *line);

/*
 * The length of @value without " bytes", which ends two values of lparcfg
 * (arch/powerpc/platforms/pseries/lparcfg.c)
 */
int unitless_length(const char *value);

/* Takes "12", "12.5" or "12.50" as 1250. */
bool hundredths_parse(const char *text, unsigned long *hundredths);

/* A line of /proc/pressure/memory */
struct psi_line {
	unsigned long avg10,
		avg60; /* share of the last 10 s or minute, in hundredths of a percent */
	unsigned long total_us; /* since the kernel was booted */
};

/* Takes "some avg10=0.12 avg60=0.04 avg300=0.00 total=3281"; false unless that is the line @name.
 */
bool psi_parse(const char *line, const char *name, struct psi_line *psi);

/* Takes the KiB of "MemTotal:    2036032 kB"; false unless that is the line @name. */
bool meminfo_parse(const char *line, const char *name, unsigned long *value_kb);

#endif
