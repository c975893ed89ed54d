/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where values come from: the live system's /sys and /proc, or a tree that
 * looks like them. Where nothing else is said, a function prints one line on stderr when it
 * fails, which names the file, and returns an enum cmm_exit.
 */
#ifndef CMM_SOURCE_H
#define CMM_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define CMM_SUBSYSTEM  "/sys/devices/system/cmm"
#define CMM_DEVICE     CMM_SUBSYSTEM "/cmm0"
#define CMM_STATS      CMM_DEVICE "/stats"
#define CMM_PARAMETERS CMM_MODULE "/parameters"

/*
 * The module that drives the device, whichever of its two names it has: where cmm_dkms
 * is loaded, this stands for that one, and the parameters that a built-in driver
 * which was kept from starting has left in /sys/module/cmm are never touched.
 */
#define CMM_MODULE "/sys/module/cmm"

/* Longest value that is kept; an attribute of ours is one short line. */
#define CMM_VALUE_MAX 128

/* Makes @dir the root that all paths below are meant in; without it, the live system. */
int source_set_root(const char *dir);

/* That root; "" for the live system */
const char *source_root(void);

/* Whether there is a @dir/@name; prints nothing. */
bool source_exists(const char *dir, const char *name);

/* Whether there are parameters of a built-in driver that was kept from starting. */
bool source_has_leftovers(void);

/* CMM_EXIT_NO_DRIVER and one line on stderr where there is no device cmm0. */
int source_driver(void);

/* Whether this user may write @dir/@name; prints nothing. */
bool source_is_writable(const char *dir, const char *name);

/* Whether it is a regular file: not one that is masked with /dev/null */
bool source_is_file(const char *dir, const char *name);

/* Opens @dir/@name to be written in one go: 0, or an enum cmm_exit after one line on stderr. */
int source_open(const char *dir, const char *name, int *fd);

/* Says that writing it failed with @error; returns the enum cmm_exit for that. */
int source_write_failed(const char *dir, const char *name, int error);

/*
 * Writes @text to @dir/@name in one go, as attributes want it, even where the
 * present value is the same.
 */
int source_write(const char *dir, const char *name, const char *text);

/* The text of the attribute @dir/@name without its newline. */
int source_text(const char *dir, const char *name, char value[CMM_VALUE_MAX]);

/* The first line of the file @dir/@name, as much of it as there is room for. */
int source_first_line(const char *dir, const char *name, char value[CMM_VALUE_MAX]);

/* The attribute @dir/@name, which must be a decimal number and nothing else. */
int source_number(const char *dir, const char *name, unsigned long *value);

/* The same, of a @text that was read from there. */
int source_parse(const char *dir, const char *name, const char *text, unsigned long *value);

/* The release of the running kernel, as uname -r says it. */
int source_release(char value[CMM_VALUE_MAX]);

/*
 * Calls @take with each line NAME=VALUE of the file @dir/@name; lines that are
 * something else are left out. A file that isn't there is none.
 */
int source_pairs(const char *dir, const char *name,
		 void (*take)(void *data, const char *pair, const char *value), void *data);

/*
 * Calls @take with the names in the folder @dir, in their order, until it
 * returns something else than 0, which is returned. No folder, no names.
 */
int source_list(const char *dir, int (*take)(void *data, const char *name), void *data);

/*
 * Copies the file @path to @to line by line, each as @take gives it back; NULL leaves it
 * out. At most @most bytes are read. 0, or the errno of what went wrong with the file.
 */
int source_copy(const char *path, size_t most, char *(*take)(char *line), FILE *to);

/* A line of /proc/meminfo: @name is asked for, the rest is found. */
struct meminfo_line {
	const char *name;
	unsigned long kb;
	bool found;
};

/* Reads @count of them, of which the first @needed must be there. */
int source_meminfo(struct meminfo_line *lines, int needed, int count);

#endif
