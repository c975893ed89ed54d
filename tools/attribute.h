/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads and writes attributes of the driver and other one-line files of the kernel. Except as
 * noted, a function returns 0, or prints one line on stderr that names the file, and returns an
 * enum cmm_exit.
 */
#ifndef CMM_ATTRIBUTE_H
#define CMM_ATTRIBUTE_H

#include "parse.h"
#include "root.h"

/*
 * If there is no device cmm0, returns CMM_EXIT_NO_DRIVER. If the user may not look for this device,
 * returns CMM_EXIT_NOT_PERMITTED.
 */
int need_driver(void);

/* Whether the loaded driver is ours. The in-tree driver has no attribute "state". */
bool our_driver_runs(void);

/* Reads the text of @dir/@name, without its newline, into @value. */
int attribute_read(const char *dir, const char *name, char value[CMM_VALUE_MAX]);

/* Reads the number in @dir/@name. The file may hold decimal digits only. */
int attribute_read_number(const char *dir, const char *name, unsigned long *value);

/* Parses the number in @text, which was read from @dir/@name. */
int attribute_number(const char *dir, const char *name, const char *text, unsigned long *value);

/* Opens @dir/@name for one write(); @fd becomes the descriptor. */
int attribute_open(const char *dir, const char *name, int *fd);

/* Prints that writing @dir/@name failed with the errno @error; returns the enum cmm_exit. */
int attribute_write_failed(const char *dir, const char *name, int error);

/* Writes @text to @dir/@name by one write(), even if the file already holds it. */
int attribute_write(const char *dir, const char *name, const char *text);

#endif
