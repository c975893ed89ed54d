/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The uevents that our driver sends for cmm0. Their action is "change". */
#ifndef CMM_EVENTS_H
#define CMM_EVENTS_H

#include <stddef.h>

/* Starts listening. Returns a descriptor for poll(), or -1 with --sysroot or without netlink. */
int events_begin(void);
void events_end(void);

/*
 * Receives the events that have arrived. Writes the values of their variables CMM_EVENT to @names,
 * which has @size bytes, with '+' between the values.
 */
void events_take(char *names, size_t size);

#endif
