/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that are there as a whole, or as they were. */
#ifndef CMM_FILE_H
#define CMM_FILE_H

#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

/*
 * Opens a regular file to read it; NULL, and an errno, if it cannot: EINVAL for a pipe, a device or
 * a directory. Opening or reading a pipe could wait for ever.
 */
FILE *file_open(const char *path);

/* Whether file_replace() would take @path: 0, or an enum cmm_exit after one line on stderr. */
int file_check(const char *path);

/*
 * Makes @path, with @mode, hold @text: written to a temporary name beside
 * it, synced and renamed. 0, or an enum cmm_exit after one line on stderr.
 */
int file_replace(const char *path, const char *text, size_t length, mode_t mode);

#endif
