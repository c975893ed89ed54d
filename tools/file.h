/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens files without blocking, and replaces files as a whole */
#ifndef CMM_FILE_H
#define CMM_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/stat.h>

/*
 * Opens the regular file @path for reading. Returns NULL with an errno if that fails. The errno is
 * EINVAL for a pipe, a device or a directory. Pipes are refused because opening or reading them
 * could block forever.
 */
FILE *file_open(const char *path);

/* Whether a file is the null device. A link to this device masks a file. */
bool file_is_null_device(const struct stat *stat);

/*
 * Returns 0 if @path does not exist or is a regular file, which file_replace() can replace.
 * Otherwise prints one line on stderr and returns an enum cmm_exit.
 */
int file_check(const char *path);

/*
 * Replaces @path by a file with @mode that holds @length bytes of @text. Writes and syncs a
 * temporary file in the same directory, and renames it. On failure, @path stays as it was. Returns
 * 0, or prints one line on stderr and returns an enum cmm_exit.
 */
int file_replace(const char *path, const char *text, size_t length, mode_t mode);

#endif
