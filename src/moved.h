/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a partition migration (LPM) is noticed. No notifier tells of it, but
 * afterwards the kernel brings the device tree up to date, and the root's
 * system-id (PAPR, Root Node Properties) is another machine's then.
 *
 * Pure: the kernel and the host's unit test compile the same text. Who
 * includes this has included the string functions.
 */
#ifndef CMM_MOVED_H
#define CMM_MOVED_H

/* Whether a property of the root that changes so tells of another machine; lengths in bytes. */
static inline bool cmm_is_other_system(const char *name, const void *before, int before_len,
				       const void *after, int after_len)
{
	if (strcmp(name, "system-id"))
		return false;
	return before_len != after_len || memcmp(before, after, before_len);
}

#endif
