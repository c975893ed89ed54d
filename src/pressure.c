// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads the kernel's figures of the memory that programs use, for loan_policy 1. */

#include <linux/cpuset.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/nodemask.h>
#include <linux/sizes.h>

#include "cmm.h"
#include "compat.h"
#include "caution.h"
#include "trace.h"

/* Used by the worker only */
static struct cmm_caution cmm_caution = CMM_CAUTION_INIT;

/*
 * Page cache that programs probably do not use. This is the sum of
 *
 * - the inactive pages
 * - the active pages beyond 1/8 of the memory: pages stay active when their program has ended
 *
 * minus 1/64 of the memory. If memory is scarce, the kernel makes even pages inactive that programs
 * use, such as their code.
 */
static unsigned long cmm_unused_cache(unsigned long total)
{
	unsigned long active = global_node_page_state(NR_ACTIVE_FILE);
	unsigned long cache = global_node_page_state(NR_INACTIVE_FILE);

	cache += active - min(active, total / 8);
	return cache - min(cache, total / 64);
}

static void cmm_read_guest(struct cmm_guest *guest, unsigned long loaned, unsigned long target)
{
	int nid;

	*guest = (struct cmm_guest) {
		.now_ms = ktime_get_ns() / NSEC_PER_MSEC,
		.total = totalram_pages() + loaned,
		.loaned = loaned,
		.target = target,
	};
	guest->cache = cmm_unused_cache(guest->total);
	guest->noise = min(guest->total / 512, (unsigned long)SZ_16M >> PAGE_SHIFT);
	for_each_node_state(nid, N_MEMORY) {
		if (!node_isset(nid, cpuset_current_mems_allowed))
			continue;
		guest->spare += cmm_node_spare(nid);
		guest->until_kswapd += cmm_node_until_kswapd(nid);
	}
}

/**
 * cmm_pressure_limit - how many pages can be on loan without slowing down programs
 * @loaned: pages on loan
 * @target: pages that should be on loan; @loaned if no more may be loaned now
 * @more_soon: set to whether more than @loaned pages can be on loan now, or probably soon
 *
 * Only the worker calls this function, at least once a second while the loan is below the target.
 *
 * Return: the number of pages.
 */
unsigned long cmm_pressure_limit(unsigned long loaned, unsigned long target, bool *more_soon)
{
	struct cmm_guest guest;
	unsigned long limit;

	cmm_read_guest(&guest, loaned, target);
	if (cmm_caution_due(&cmm_caution, guest.now_ms)) {
		guest.lost = cmm_compat_lost_pages();
		/* Without loan and target, there is nothing that the loss could stop. */
		if (cmm_caution_sample(&cmm_caution, &guest) && (loaned || target))
			cmm_count_pressure();
		trace_cmm_sample(cmm_caution.limit, loaned, guest.spare, guest.cache, guest.lost);
	}
	limit = cmm_caution_limit(&cmm_caution, &guest);
	*more_soon = limit > loaned || cmm_caution_more_soon(&cmm_caution, &guest);
	return limit;
}
