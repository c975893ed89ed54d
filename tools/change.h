/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Changes of the driver's settings, as set and apply make them. */
#ifndef CMM_CHANGE_H
#define CMM_CHANGE_H

#include "settings.h"

struct change {
	const struct cmm_setting *setting;
	unsigned long value; /* to be, in the setting's unit */
};

enum change_way {
	CHANGE_ALL, /* everything is written */
	CHANGE_DIFFERENT, /* only what isn't so already */
	CHANGE_DRY_RUN, /* nothing is; what would change is told */
};

/*
 * Makes the @count changes, and says what changed. That
 * each is there and may be written is checked before the first is written.
 * Prints one line on stderr, beginning with @who, for each that fails; returns
 * an enum cmm_exit, CMM_EXIT_PARTLY where some were made and some failed.
 */
int changes_apply(const char *who, const struct change *changes, int count, enum change_way way);

#endif
