/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Detects a partition migration (LPM). The kernel has no notifier for it, but it updates the device
 * tree afterwards. The root node's property system-id (PAPR, Root Node Properties) is then that of
 * the new machine.
 *
 * The kernel module and the unit test on the host compile the same text. A file that includes this
 * one includes the string functions first.
 */
#ifndef CMM_MOVED_H
#define CMM_MOVED_H

/* Whether this change of a property of the root node means another machine. Lengths in bytes. */
static inline bool cmm_is_other_system(const char *name, const void *before, int before_len,
				       const void *after, int after_len)
{
	if (strcmp(name, "system-id"))
		return false;
	return before_len != after_len || memcmp(before, after, before_len);
}

#endif
