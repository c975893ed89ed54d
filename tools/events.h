/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What our driver tells udev of cmm0. */
#ifndef CMM_EVENTS_H
#define CMM_EVENTS_H

#include <stddef.h>

/*
 * Listens from now on; returns a descriptor to poll, or -1 where there is
 * nothing to listen to: another root than the live system's, no netlink.
 */
int events_begin(void);
void events_end(void);

/*
 * Takes the change events that have come; @names gets their CMM_EVENT, with
 * a + between them, as far as they fit.
 */
void events_take(char *names, size_t size);

#endif
