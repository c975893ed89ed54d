/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which driver runs, and which one is on the disk for which kernel. */
#ifndef CMM_DRIVER_H
#define CMM_DRIVER_H

#include <limits.h>
#include <stdbool.h>

#include "parse.h"

/* A module file for a kernel */
struct driver_file {
	const char *module; /* its name; "cmm" where there is none */
	char path[PATH_MAX]; /* below the root; "" where there is none */
	char version[CMM_VALUE_MAX];
	char srcversion[CMM_VALUE_MAX]; /* a hash of its source */
	bool in_tree; /* it came with the kernel */
	bool is_signed;
	bool is_damaged; /* nothing could be read of it */
};

struct driver {
	bool there; /* the device cmm0 */
	bool ours;
	bool built_in;
	char srcversion[CMM_VALUE_MAX]; /* of what runs; "" where it tells none */
	char release[CMM_VALUE_MAX]; /* of the running kernel */
	struct driver_file file; /* for that kernel */
};

/* 0, or an enum cmm_exit after one line on stderr. A driver that isn't there is no error. */
int driver_read(struct driver *driver);

/* The module, cmm_dkms or cmm, for the kernel @release; none is no error. */
int driver_file_read(struct driver_file *file, const char *release);

/* "DKMS or by hand", "in-tree", "built in" */
const char *driver_origin(const struct driver *driver);

/* Whether what runs is what is on the disk; only where both tell a srcversion */
bool driver_is_file(const struct driver *driver);
bool driver_can_tell(const struct driver *driver);

#endif
