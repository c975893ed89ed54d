/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Attributes of the driver and other one-line files of the kernel. Except as noted, a function
 * prints one line on stderr when it fails, which names the file, and returns an enum cmm_exit.
 */
#ifndef CMM_ATTRIBUTE_H
#define CMM_ATTRIBUTE_H

#include "parse.h"
#include "root.h"

/* CMM_EXIT_NO_DRIVER after one line on stderr if there is no device cmm0 */
int need_driver(void);

/* The text of @dir/@name without its newline */
int attribute_read(const char *dir, const char *name, char value[CMM_VALUE_MAX]);

/* The number that @dir/@name holds, which must be decimal digits and nothing else */
int attribute_read_number(const char *dir, const char *name, unsigned long *value);

/* The number in @text, which was read from @dir/@name */
int attribute_number(const char *dir, const char *name, const char *text, unsigned long *value);

/* Opens @dir/@name for one write(). */
int attribute_open(const char *dir, const char *name, int *fd);

/* Prints that writing @dir/@name failed with the errno @error; returns the status for it. */
int attribute_write_failed(const char *dir, const char *name, int error);

/* Writes @text to @dir/@name by one write(), even if the value is the same. */
int attribute_write(const char *dir, const char *name, const char *text);

#endif
