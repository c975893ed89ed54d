// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fresh pages for a loan, and their way back to the allocator.
 *
 * A block of pages costs a fraction of what its pages would cost one by one, but the guest's huge
 * pages are made of blocks. So the allocator's small fragments are used first: single pages are
 * taken until they are neighbors, which means that the allocator splits blocks for them. Then
 * whole blocks are taken for a while, before single pages are tried again.
 */

#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/nodemask.h>
#include <linux/sched.h>

#include "cmm.h"
#include "compat.h"

/* Single pages that are checked for being neighbors, and pages taken as blocks after that */
#define CMM_LOOK_PAGES		(CMM_BATCH_PAGES / 2)
#define CMM_WHOLE_PAGES		(64 * CMM_BATCH_PAGES)

/* Still to be taken as blocks; used by the worker only */
static unsigned long cmm_whole_pages;

/*
 * From node @nid if it has free pages, else from any node. Never waits for reclaim: a file system
 * that hangs would keep the worker from returning memory. kswapd may be woken.
 */
static struct page *cmm_take(gfp_t more_gfp, int nid, unsigned int order)
{
	gfp_t gfp = (cmm_compat_gfp() & ~__GFP_RECLAIM) | __GFP_NOMEMALLOC | __GFP_NOWARN;
	struct page *page = NULL;

	if (num_online_nodes() > 1 && nid != NUMA_NO_NODE)
		page = alloc_pages_node(nid, gfp | __GFP_THISNODE, order);
	return page ? page : alloc_pages(gfp | more_gfp, order);
}

/*
 * While a block is zeroed, the hypervisor may have to find memory for it: reschedule before the
 * next one.
 */
static unsigned long cmm_take_blocks(struct list_head *pages, unsigned long nr,
				     struct cmm_loan *loan)
{
	unsigned long got = 0, i;
	struct page *page;

	while (got + CMM_BLOCK_PAGES <= nr && cmm_may_loan(loan->epoch)) {
		page = cmm_take(0, loan->nid, CMM_BLOCK_ORDER);
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

static unsigned long cmm_take_singles(struct list_head *pages, unsigned long nr,
				      struct cmm_loan *loan)
{
	struct page *page;
	unsigned long got;

	for (got = 0; got < nr && cmm_may_loan(loan->epoch); got++) {
		page = cmm_take(__GFP_KSWAPD_RECLAIM, loan->nid, 0);
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
	unsigned long more;

	while (!cmm_whole_pages && loan->asked - loan->taken >= CMM_LOOK_PAGES) {
		LIST_HEAD(look);

		more = cmm_take_singles(&look, CMM_LOOK_PAGES, loan);
		if (more == CMM_LOOK_PAGES && cmm_are_neighbors(&look))
			cmm_whole_pages = CMM_WHOLE_PAGES;
		list_splice(&look, pages);
		loan->taken += more;
		if (more < CMM_LOOK_PAGES)
			return;
	}

	if (cmm_whole_pages && loan->asked - loan->taken >= CMM_BLOCK_PAGES) {
		more = 0;
		if (loan->nid != NUMA_NO_NODE && cmm_node_spare(loan->nid) >= loan->asked)
			more = cmm_take_blocks(pages, loan->asked - loan->taken, loan);
		cmm_whole_pages -= min(more ? more : CMM_WHOLE_PAGES, cmm_whole_pages);
		loan->taken += more;
	}
	loan->taken += cmm_take_singles(pages, loan->asked - loan->taken, loan);
}

/**
 * cmm_pages_free - give pages back to the allocator
 * @pages: the list of them, empty on return
 *
 * For any context that may sleep, the OOM notifier's among them. With hash page tables and
 * cmo_free_hint, the kernel makes a hypercall for each CMO page that is freed.
 */
void cmm_pages_free(struct list_head *pages)
{
	struct page *page;

	while (!list_empty(pages)) {
		cond_resched();
		if (cmm_block_free(pages))
			continue;
		page = list_first_entry(pages, struct page, lru);
		list_del(&page->lru);
		__free_page(page);
	}
}
