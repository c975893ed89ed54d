/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files of many lines, as /proc has them. The functions return 0, or an enum cmm_exit after one
 * line on stderr that names the file.
 */
#ifndef CMM_PROC_H
#define CMM_PROC_H

#include <stdbool.h>

#include "parse.h"

/*
 * Calls @take with each line of the file @dir/@name. One that does not exist, or that the kernel
 * does not support, counts as empty.
 */
int proc_lines(const char *dir, const char *name, void (*take)(void *data, char *line), void *data);

/*
 * The value of the last NAME=VALUE for @name on the kernel's command line, cut off after
 * CMM_VALUE_MAX bytes; "" without one. @known: whether the command line can be read.
 */
int proc_boot_parameter(const char *name, char value[CMM_VALUE_MAX], bool *known);

/**
 * struct meminfo_line - a line of /proc/meminfo
 * @name: "MemTotal"
 * @needed: whether it is an error that the file lacks the line
 * @found: whether the file has the line
 * @kb: its value in KiB, if found
 */
struct meminfo_line {
	const char *name;
	bool needed;
	bool found;
	unsigned long kb;
};

/* Reads the @count lines whose names are set. */
int proc_meminfo(struct meminfo_line *lines, int count);

#endif
