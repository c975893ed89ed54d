/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Change events of cmm0, which our driver sends */
#ifndef CMM_EVENTS_H
#define CMM_EVENTS_H

#include <stddef.h>

/* Listens from now on. Returns a descriptor to poll; -1 with --sysroot or without netlink. */
int events_begin(void);
void events_end(void);

/* Takes the events that have come; @names gets their CMM_EVENT, with + between them. */
void events_take(char *names, size_t size);

#endif
