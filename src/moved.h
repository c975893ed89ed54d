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

/**
 * cmm_is_other_system - whether a changed property of the root node shows a migration
 * @name: name of the property
 * @before: value before the change
 * @before_len: length of @before in bytes
 * @after: value after the change
 * @after_len: length of @after in bytes
 *
 * Return: whether the partition is on another machine.
 */
static inline bool cmm_is_other_system(const char *name, const void *before, int before_len,
				       const void *after, int after_len)
{
	if (strcmp(name, "system-id"))
		return false;
	return before_len != after_len || memcmp(before, after, before_len);
}

#endif
