/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The I/O entitlement of the virtual bus and its devices */
#ifndef CMM_VIO_H
#define CMM_VIO_H

/*
 * Calls @take with each attribute cmo_* of the bus, and of each device that has an entitlement. For
 * the bus, @device is NULL. Returns 0, or prints one line on stderr and returns an enum cmm_exit. A
 * kernel without the bus is no error.
 */
int vio_read(void (*take)(void *data, const char *device, const char *name, const char *value),
	     void *data);

/* The unit of an attribute: "B" for a size, "" for a count */
const char *vio_unit(const char *name);

#endif
