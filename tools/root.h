/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The root directory, to which all paths are relative, and the driver's directories in sysfs. The
 * root is that of the live system, or a directory tree with copies of its files (--sysroot).
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
 * The module of the running driver. If the module cmm_dkms is loaded, root_path() uses
 * /sys/module/cmm_dkms instead, because /sys/module/cmm then belongs to a built-in driver that was
 * kept from starting.
 */
#define CMM_MODULE "/sys/module/cmm"

/* Sets the root. Returns 0, or prints one line on stderr and returns CMM_EXIT_USAGE. */
int root_set(const char *dir);

/* The root, an absolute path; "" for the live system */
const char *root_dir(void);

/* Formats a path and prepends the root; a path that is too long is cut off. */
__attribute__((format(printf, 2, 3))) void root_path(char path[PATH_MAX], const char *format, ...);

/* Whether a file or directory @dir/@name exists; if not, errno says why */
bool root_exists(const char *dir, const char *name);

/* Whether @dir/@name exists, and the user may read it */
bool root_is_readable(const char *dir, const char *name);

/* Whether @dir/@name is a regular file; false for a link to /dev/null, which masks a file */
bool root_has_file(const char *dir, const char *name);

/*
 * If @dir/@name exists and is not a regular file, prints one line on stderr and returns
 * CMM_EXIT_FAILURE, because opening a pipe could block forever. Otherwise returns 0.
 */
int root_refuse_irregular(const char *dir, const char *name);

/* Whether sysfs has parameters of a built-in driver that was kept from starting */
bool root_has_leftovers(void);

#endif
