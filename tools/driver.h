/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The driver that runs, and the module file for each kernel */
#ifndef CMM_DRIVER_H
#define CMM_DRIVER_H

#include <limits.h>
#include <stdbool.h>

#include "parse.h"

#define MODULES "/lib/modules"

/* A module file for a kernel */
struct driver_file {
	const char *module; /* its name; "cmm" without a file */
	char path[PATH_MAX]; /* below the root; "" without a file */
	char version[CMM_VALUE_MAX];
	char srcversion[CMM_VALUE_MAX]; /* a hash of its source */
	bool in_tree; /* it came with the kernel */
	char vermagic[CMM_VALUE_MAX]; /* the kernel that it is built for: "6.1.0 SMP ..." */
	bool has_versions; /* of the symbols that it needs (CONFIG_MODVERSIONS) */
	bool is_signed;
	char signer[CMM_VALUE_MAX]; /* the name in the signature; "" if it can't be read */
	char key[CMM_VALUE_MAX]; /* serial number of the certificate, "54:AD:FA"; likewise */
	bool is_damaged; /* it cannot be read */
};

struct driver {
	bool there; /* the device cmm0 */
	bool ours;
	bool built_in;
	char srcversion[CMM_VALUE_MAX]; /* of the driver that runs; "" if unknown */
	char release[CMM_VALUE_MAX]; /* of the running kernel */
	struct driver_file file; /* for that kernel */
};

/* 0, or an enum cmm_exit after one line on stderr. No driver is no error. */
int driver_read(struct driver *driver);

/* Reads the module, cmm_dkms or cmm, for the kernel @release; no file is no error. */
int driver_file_read(struct driver_file *file, const char *release);

/* "DKMS or by hand", "in-tree", "built in" */
const char *driver_origin(const struct driver *driver);

/* Whether the driver that runs is the file. Known only if both have a srcversion. */
bool driver_is_file(const struct driver *driver);
bool driver_can_tell(const struct driver *driver);

#endif
