/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Differences between kernels, and nothing else: no other file has an #if
 * that asks what the kernel is like.
 */
#ifndef CMM_COMPAT_H
#define CMM_COMPAT_H

#include <linux/balloon_compaction.h>

typedef int (*cmm_migrate_fn)(struct balloon_dev_info *info, struct page *newpage,
			      struct page *page, enum migrate_mode mode);

/* Without CONFIG_BALLOON_COMPACTION balloon pages stay where they are. */
static inline void cmm_compat_set_migrate(struct balloon_dev_info *info, cmm_migrate_fn migrate)
{
#ifdef CONFIG_BALLOON_COMPACTION
	info->migratepage = migrate;
#endif
}

/*
 * What is left of a balloon page in a page that came out of the balloon still
 * looks movable to memory offlining, which would then try it for ever. As a
 * page that is offline, it is given up on at once, and dumps leave it out.
 * Called with the page locked, as isolators look at the mapping under its lock.
 */
static inline void cmm_compat_park(struct page *page)
{
	page->mapping = NULL;
	__SetPageOffline(page);
}

static inline void cmm_compat_unpark(struct page *page)
{
	__ClearPageOffline(page);
}

#endif
