/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The running driver, and its module file for a kernel */
#ifndef CMM_DRIVER_H
#define CMM_DRIVER_H

#include <limits.h>
#include <stdbool.h>

#include "parse.h"

#define MODULES "/lib/modules"

/*
 * Whether a module file was read, or the fault that made this impossible:
 * MODULE_GOOD: the file was read
 * MODULE_MISSING: the kernel's index of modules names a file that does not exist
 * MODULE_UNREADABLE: the user may not read the file, or the index
 * MODULE_NAME_TAKEN: a built-in driver has the file's name, so modprobe never loads the file
 * MODULE_DAMAGED: the file is no module for this machine
 * MODULE_UNPARSABLE: libkmod crashed, or did not end, when it read the file or the index
 */
enum module_fault {
	MODULE_GOOD,
	MODULE_MISSING,
	MODULE_UNREADABLE,
	MODULE_NAME_TAKEN,
	MODULE_DAMAGED,
	MODULE_UNPARSABLE,
};

/* A module file for a kernel */
struct driver_file {
	const char *module; /* the module's name, or the name that dkms would give it */
	bool is_built_in; /* there is no module file, but the kernel has its own driver built in */
	char path[PATH_MAX]; /* without the DIR of --sysroot; "" if there is no module file */
	char version[CMM_VALUE_MAX];
	char srcversion[CMM_VALUE_MAX]; /* hash of the source */
	bool in_tree; /* the module belongs to the kernel's own source */
	bool is_supported; /* SUSE or another vendor supports the module */
	char vermagic[CMM_VALUE_MAX]; /* the file's kernel, such as "6.1.0 SMP ..." */
	bool has_versions; /* the file has versions of needed symbols (CONFIG_MODVERSIONS) */
	bool is_signed;
	char signer[CMM_VALUE_MAX]; /* the name in the signature; "" if it can't be read */
	char key[CMM_VALUE_MAX]; /* certificate's serial number ("54:AD:FA"); "" if unknown */
	enum module_fault fault;
};

struct driver {
	bool there; /* the device cmm0 exists */
	bool ours;
	bool built_in;
	char srcversion[CMM_VALUE_MAX]; /* of the running driver; "" if unknown */
	char release[CMM_VALUE_MAX]; /* of the running kernel */
	struct driver_file file; /* for the running kernel */
	bool file_good; /* @file is valid: driver_file_read() returned 0 */
};

/*
 * Reads all facts about the driver. Returns 0, or prints one line on stderr for each fact that
 * cannot be read, and returns an enum cmm_exit. The other facts are valid in both cases. But if the
 * release of the running kernel is unknown, @file is empty. A system without a driver is not an
 * error.
 */
int driver_read(struct driver *driver);

/*
 * Finds and reads the module file, cmm_dkms or cmm, for the kernel @release. Returns 0, or prints
 * one line on stderr and returns an enum cmm_exit. If the kernel has no such file,
 * @file->path is "". If the file has a fault, @file->fault says which. Neither is an error: the
 * function returns 0.
 */
int driver_file_read(struct driver_file *file, const char *release);

/*
 * Searches the directories in which dkms installs modules for the kernel @release. Sets @path to
 * the file of our module, or of another module with its name. Returns false if there is none.
 */
bool driver_find_installed(const char *release, char path[PATH_MAX]);

/* The origin of the running driver: "DKMS or by hand", "in-tree" or "built in" */
const char *driver_origin(const struct driver *driver);

/*
 * Whether the running driver was loaded from the module file, according to the srcversion of both;
 * false if they cannot be compared
 */
bool driver_is_file(const struct driver *driver);

/* Whether driver_is_file() can compare: the running driver and the file both have a srcversion */
bool driver_can_tell(const struct driver *driver);

#endif
