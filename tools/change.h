/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Changes of the driver's settings, for cmm-admin set, enable and apply */
#ifndef CMM_CHANGE_H
#define CMM_CHANGE_H

#include "settings.h"

struct change {
	const struct cmm_setting *setting;
	unsigned long value; /* the new value, in the setting's unit or in percent */
	bool is_percent; /* the value is a percentage of the partition's assigned memory */
};

enum change_way {
	CHANGE_ALL, /* write every value */
	CHANGE_DIFFERENT, /* write only values that differ from the present ones */
	CHANGE_DRY_RUN, /* write nothing, print what would change */
};

/*
 * Makes the @count changes, and prints each value that changes. Checks first that each setting
 * exists and may be written; otherwise makes no change. Prints one line on stderr for each change
 * that fails. Returns 0, CMM_EXIT_PARTLY if some changes succeed and some fail, or another enum
 * cmm_exit.
 */
int changes_apply(const struct change *changes, int count, enum change_way way);

#endif
