/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists the entries of a directory */
#ifndef CMM_DIRECTORY_H
#define CMM_DIRECTORY_H

/*
 * Calls @take with each name in the directory @dir that does not begin with a dot, in the order of
 * versionsort(), until @take returns a value other than 0. Returns that value, or 0. If the
 * directory cannot be read, prints one line on stderr and returns an enum cmm_exit. A directory
 * that does not exist counts as empty.
 */
int directory_list(const char *dir, int (*take)(void *data, const char *name), void *data);

#endif
