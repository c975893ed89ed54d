/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The I/O entitlement of the virtual bus and its devices */
#ifndef CMM_VIO_H
#define CMM_VIO_H

/*
 * Calls @take with each attribute cmo_* of the bus, for which @device is NULL, and of each device
 * that has an entitlement. Returns 0, or an enum cmm_exit after one line on stderr. A kernel
 * without the bus is no error.
 */
int vio_read(void (*take)(void *data, const char *device, const char *name, const char *value),
	     void *data);

/* The unit of an attribute: "B" for a size, "" for a count */
const char *vio_unit(const char *name);

#endif
