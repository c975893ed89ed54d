/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Changes of the driver's settings, as set and apply make them. */
#ifndef CMM_CHANGE_H
#define CMM_CHANGE_H

#include "settings.h"

struct change {
	const struct cmm_setting *setting;
	unsigned long value; /* to be, in the setting's unit; or in percent */
	bool is_percent; /* of the assigned memory, as it is when the change is made */
};

enum change_way {
	CHANGE_ALL, /* write every value */
	CHANGE_DIFFERENT, /* write values that differ */
	CHANGE_DRY_RUN, /* write nothing, print what would change */
};

/*
 * Makes the @count changes, and prints each value that changes. Checks first that each setting
 * exists and may be written. Returns 0, or an enum cmm_exit after a line on stderr for each change
 * that fails: CMM_EXIT_PARTLY if some are made and some fail.
 */
int changes_apply(const struct change *changes, int count, enum change_way way);

#endif
