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

/* Takes the KiB of "MemTotal:    2036032 kB"; false unless that is the line @name. */
bool meminfo_parse(const char *line, const char *name, unsigned long *value_kb);

#endif
