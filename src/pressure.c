// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's figures that show which memory programs use, for loan_policy 1. */

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
static struct cmm_caution cmm_caution;

/*
 * Page cache stays active when its program has ended, so active pages may be unused as well. But
 * some of them, such as the code of programs, are always used.
 */
static unsigned long cmm_unused_cache(unsigned long total)
{
	unsigned long active = global_node_page_state(NR_ACTIVE_FILE);

	return global_node_page_state(NR_INACTIVE_FILE) + active - min(active, total / 8);
}

static void cmm_see_guest(struct cmm_guest *guest, unsigned long loaned, unsigned long target)
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
 * cmm_pressure_limit - how many pages the guest can have on loan without a cost to its programs
 * @loaned: how many it has
 * @target: how many it should have
 * @looking: set to whether more may be found soon
 *
 * Only the worker calls it, at least once a second while more should be on loan than is.
 */
unsigned long cmm_pressure_limit(unsigned long loaned, unsigned long target, bool *looking)
{
	struct cmm_guest guest;
	unsigned long limit;

	cmm_see_guest(&guest, loaned, target);
	if (cmm_caution_due(&cmm_caution, guest.now_ms)) {
		guest.lost = cmm_compat_lost_pages();
		if (cmm_caution_sample(&cmm_caution, &guest))
			cmm_count_pressure();
		trace_cmm_sample(cmm_caution.limit, loaned, guest.spare, guest.cache, guest.lost);
	}
	limit = cmm_caution_limit(&cmm_caution, &guest);
	*looking = limit > loaned || cmm_caution_hopes(&cmm_caution, &guest);
	return limit;
}
