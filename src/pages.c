// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fresh pages for a loan, and their way back to the allocator.
 *
 * A block of pages costs a fraction of what its pages would cost one by one, but the guest's huge
 * pages are made of blocks. So the allocator's small fragments are used first: single pages are
 * taken until they are neighbors, which means that the allocator splits blocks for them. Then
 * whole blocks are taken for a while, before single pages are tried again.
 */

#include <linux/cpuset.h>
#include <linux/gfp.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/nodemask.h>
#include <linux/sched.h>
#include <linux/vmstat.h>

#include "cmm.h"
#include "compat.h"
#include "turn.h"

/* Single pages that are checked for being neighbors, and pages taken as blocks after that */
#define CMM_LOOK_PAGES		(CMM_BATCH_PAGES / 2)
#define CMM_WHOLE_PAGES		(64 * CMM_BATCH_PAGES)

/* Used by the worker only */
static struct {
	unsigned long whole_pages;	/* still to be taken as blocks */
	struct cmm_turn nodes[MAX_NUMNODES];
} source;

/* Free pages above the high watermark, in the zones that @gfp allows */
static unsigned long cmm_node_spare(int nid, gfp_t gfp)
{
	struct zone *zone = NODE_DATA(nid)->node_zones, *last = zone + gfp_zone(gfp);
	unsigned long pages = 0, free, high;

	for (; zone <= last; zone++) {
		if (!populated_zone(zone))
			continue;
		free = zone_page_state(zone, NR_FREE_PAGES);
		high = high_wmark_pages(zone);
		pages += free - min(free, high);
	}
	return pages;
}

/* The node that loans next, by what each can spare now; NUMA_NO_NODE if none can. */
static int cmm_node(unsigned long nr, gfp_t gfp)
{
	bool ours;
	int nid;

	for (nid = 0; nid < nr_node_ids; nid++) {
		ours = node_state(nid, N_MEMORY) && node_isset(nid, cpuset_current_mems_allowed);
		source.nodes[nid].spare = ours ? cmm_node_spare(nid, gfp) : 0;
	}
	return cmm_turn_of(source.nodes, nr_node_ids, nr);
}

/* From node @nid if it has free pages, else from any node */
static struct page *cmm_take(gfp_t gfp, int nid, unsigned int order)
{
	struct page *page = NULL;

	if (num_online_nodes() > 1 && nid != NUMA_NO_NODE)
		page = alloc_pages_node(nid, (gfp & ~__GFP_RECLAIM) | __GFP_THISNODE, order);
	return page ? page : alloc_pages(gfp, order);
}

/*
 * Nothing is reclaimed for a block. While it is zeroed, the hypervisor may have to find memory for
 * it: reschedule before the next one.
 */
static unsigned long cmm_take_blocks(struct list_head *pages, unsigned long nr,
				     struct cmm_loan *loan, gfp_t gfp, int nid)
{
	unsigned long got = 0, i;
	struct page *page;

	while (got + CMM_BLOCK_PAGES <= nr && cmm_may_loan(loan->epoch)) {
		page = cmm_take(gfp & ~__GFP_RECLAIM, nid, CMM_BLOCK_ORDER);
		if (!page)
			break;
		split_page(page, CMM_BLOCK_ORDER);
		for (i = 0; i < CMM_BLOCK_PAGES; i++)
			list_add(&page[i].lru, pages);
		got += CMM_BLOCK_PAGES;
		cond_resched();
	}
	return got;
}

/*
 * Free pages first. If they are too few, one page after the other by direct reclaim, for the
 * time of a batch: a loan may cost page cache, but no reserves, no hard retries and no warnings.
 */
static unsigned long cmm_take_singles(struct list_head *pages, unsigned long nr,
				      struct cmm_loan *loan, gfp_t gfp, int nid)
{
	u64 deadline = ktime_get_ns() + CMM_BATCH_NS;
	unsigned long got;
	struct page *page;

	for (got = 0; got < nr && cmm_may_loan(loan->epoch); got++) {
		page = cmm_take(gfp & ~__GFP_DIRECT_RECLAIM, nid, 0);
		if (!page && ktime_get_ns() <= deadline) {
			loan->reclaimed = true;
			page = alloc_page(gfp);
		}
		if (!page) {
			loan->trouble = CMM_NO_MEMORY;
			break;
		}
		list_add(&page->lru, pages);
		cond_resched();
	}
	return got;
}

/* Whether the pages are at most two runs of neighbors: the allocator splits blocks for them. */
static bool cmm_are_neighbors(struct list_head *pages)
{
	unsigned long runs = 0, pfn, last = 0;
	struct page *page;

	list_for_each_entry(page, pages, lru) {
		pfn = page_to_pfn(page);
		if (pfn + 1 != last && pfn != last + 1)
			runs++;
		last = pfn;
	}
	return runs <= 2;
}

/**
 * cmm_pages_take - take fresh pages from the allocator, for one batch of a loan
 * @pages: where they are added
 * @loan: how many are asked for; on return, how many were taken and why there are fewer
 *
 * Only the worker calls it.
 */
void cmm_pages_take(struct list_head *pages, struct cmm_loan *loan)
{
	gfp_t gfp = cmm_compat_gfp() | __GFP_NOMEMALLOC | __GFP_NORETRY | __GFP_NOWARN;
	int nid = cmm_node(loan->asked, gfp);
	unsigned long more;

	while (!source.whole_pages && loan->asked - loan->taken >= CMM_LOOK_PAGES) {
		LIST_HEAD(look);

		more = cmm_take_singles(&look, CMM_LOOK_PAGES, loan, gfp, nid);
		if (more == CMM_LOOK_PAGES && cmm_are_neighbors(&look))
			source.whole_pages = CMM_WHOLE_PAGES;
		list_splice(&look, pages);
		loan->taken += more;
		if (more < CMM_LOOK_PAGES)
			return;
	}

	if (source.whole_pages && loan->asked - loan->taken >= CMM_BLOCK_PAGES) {
		more = 0;
		if (nid != NUMA_NO_NODE && source.nodes[nid].spare >= loan->asked)
			more = cmm_take_blocks(pages, loan->asked - loan->taken, loan, gfp, nid);
		source.whole_pages -= min(more ? more : CMM_WHOLE_PAGES, source.whole_pages);
		loan->taken += more;
	}
	loan->taken += cmm_take_singles(pages, loan->asked - loan->taken, loan, gfp, nid);
}

/**
 * cmm_pages_free - give pages back to the allocator
 * @pages: the list of them, empty on return
 *
 * For any context that may sleep, the OOM notifier's among them.
 */
void cmm_pages_free(struct list_head *pages)
{
	struct page *page;

	while (!list_empty(pages)) {
		if (cmm_block_free(pages))
			continue;
		page = list_first_entry(pages, struct page, lru);
		list_del(&page->lru);
		__free_page(page);
	}
}
