/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The root directory that all paths are below, and the driver's places in sysfs. The root is the
 * live system's, or a tree that looks like it (--sysroot).
 */
#ifndef CMM_ROOT_H
#define CMM_ROOT_H

#include <limits.h>
#include <stdbool.h>

#define CMM_SUBSYSTEM  "/sys/devices/system/cmm"
#define CMM_DEVICE     CMM_SUBSYSTEM "/cmm0"
#define CMM_STATS      CMM_DEVICE "/stats"
#define CMM_PARAMETERS CMM_MODULE "/parameters"

/*
 * The module that drives the device. It stands for cmm_dkms if that module is loaded: then
 * /sys/module/cmm belongs to a built-in driver that was kept from starting, and is never used.
 */
#define CMM_MODULE "/sys/module/cmm"

/* Sets the root. 0, or CMM_EXIT_USAGE after one line on stderr. */
int root_set(const char *dir);

/* The root, an absolute path; "" for the live system */
const char *root_dir(void);

/* Formats a path and puts the root in front of it; a path that is too long is cut off. */
__attribute__((format(printf, 2, 3))) void root_path(char path[PATH_MAX], const char *format, ...);

/* Whether there is a file or directory @dir/@name */
bool root_exists(const char *dir, const char *name);

/* Whether @dir/@name is a regular file; a link to /dev/null, which masks a file, is not. */
bool root_has_file(const char *dir, const char *name);

/*
 * CMM_EXIT_FAILURE, after one line on stderr, if @dir/@name exists and is not a regular file: to
 * open a pipe could mean to wait for ever.
 */
int root_refuse_irregular(const char *dir, const char *name);

/* Whether sysfs has parameters of a built-in driver that was kept from starting */
bool root_has_leftovers(void);

#endif
