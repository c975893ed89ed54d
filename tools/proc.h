/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Readers for files of many lines, such as those in /proc. The functions return 0, or print one
 * line on stderr that names the file, and return an enum cmm_exit.
 */
#ifndef CMM_PROC_H
#define CMM_PROC_H

#include <stdbool.h>

#include "parse.h"

/*
 * Calls @take with each line of the file @dir/@name. A file that does not exist, or whose reading
 * the kernel does not support (EOPNOTSUPP), counts as empty.
 */
int proc_lines(const char *dir, const char *name, void (*take)(void *data, char *line), void *data);

/*
 * Sets @value to VALUE of the last @name=VALUE on the kernel's command line, or to "" if there is
 * none. Cuts off a VALUE that is too long. Sets @known to whether there is a command line to read.
 */
int proc_boot_parameter(const char *name, char value[CMM_VALUE_MAX], bool *known);

/**
 * struct meminfo_line - a line of /proc/meminfo
 * @name: the line's name, such as "MemTotal"
 * @needed: whether a missing line is an error
 * @found: whether the file has the line
 * @kb: the value in KiB, if found
 */
struct meminfo_line {
	const char *name;
	bool needed;
	bool found;
	unsigned long kb;
};

/* Reads @count lines of /proc/meminfo. The caller sets their @name and @needed. */
int proc_meminfo(struct meminfo_line *lines, int count);

#endif
