/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Detects a partition migration (LPM). The kernel has no notifier for a migration, but updates the
 * device tree afterwards. The root node's property system-id (PAPR, Root Node Properties) then has
 * the new machine's value.
 *
 * The kernel module and the unit test on the host compile the same text. A file that includes this
 * one includes the string functions first.
 */
#ifndef CMM_MOVED_H
#define CMM_MOVED_H

/*
 * Whether the change of the root node's property @name from @before to @after shows that the
 * partition is on another machine. The lengths are in bytes.
 */
static inline bool cmm_is_other_system(const char *name, const void *before, int before_len,
				       const void *after, int after_len)
{
	if (strcmp(name, "system-id"))
		return false;
	return before_len != after_len || memcmp(before, after, before_len);
}

#endif
