/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The texts that kernel files hold, taken apart; touches no file. */
#ifndef CMM_PARSE_H
#define CMM_PARSE_H

#include <stdbool.h>

#include "source.h"

enum attribute_fault { ATTRIBUTE_GOOD, ATTRIBUTE_LINES, ATTRIBUTE_LONG };

/* One short line, with or without its newline, as @value without it. */
enum attribute_fault attribute_parse(const char *text, char value[CMM_VALUE_MAX]);

/* "NAME=VALUE", with or without a newline; cuts @line up. NULL where it is something else. */
const char *pair_parse(char *line);

/*
 * The length of @value without " bytes", with which two values of lparcfg end
 * (arch/powerpc/platforms/pseries/lparcfg.c).
 */
int unitless_length(const char *value);

/* "MemTotal:    2036032 kB", where it is the line @name */
bool meminfo_parse(const char *line, const char *name, unsigned long *value_kb);

#endif
