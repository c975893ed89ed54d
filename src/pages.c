// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Allocates pages for a loan, and frees them.
 *
 * Allocating a block costs a fraction of allocating its pages one by one, but the guest needs
 * blocks for its huge pages. So the allocator's small fragments are used first. The driver takes
 * single pages until these are neighbors, which shows that the allocator has begun to split blocks.
 * From then on the driver takes whole blocks for a while, and then tries single pages again.
 */

#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/nodemask.h>
#include <linux/sched.h>

#include "cmm.h"
#include "compat.h"

/* A probe takes this many single pages, and checks whether they are neighbors. */
#define CMM_PROBE_PAGES		(CMM_BATCH_PAGES / 2)
/* If a probe finds neighbors, this many pages are taken in blocks before the next probe. */
#define CMM_BLOCK_BUDGET	(64 * CMM_BATCH_PAGES)

/* The number of pages still to take in blocks before the next probe; only the worker uses it */
static unsigned long cmm_block_budget;

/*
 * Allocates from node @nid if this node has free pages, else from any node. Never waits for
 * reclaim, because a file system that hangs would then keep the worker from returning memory. Only
 * the allocation from any node can wake kswapd: if @more_gfp is __GFP_KSWAPD_RECLAIM.
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
 * Reschedules after each block, because a block can take long: before the kernel can zero a block,
 * the hypervisor may have to find memory for it.
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

/*
 * Whether the pages form at most two runs of neighbors. Free fragments of one page each are seldom
 * neighbors. So pages in so few runs come from larger blocks that the allocator has begun to split.
 */
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
 * cmm_pages_take - allocate pages for one batch of a loan
 * @pages: the list to which the pages are added
 * @loan: the number of pages; receives the number of pages taken, and the trouble if too few pages
 *	were free
 *
 * Only the worker calls this function.
 */
void cmm_pages_take(struct list_head *pages, struct cmm_loan *loan)
{
	unsigned long more;

	while (!cmm_block_budget && loan->asked - loan->taken >= CMM_PROBE_PAGES) {
		LIST_HEAD(probe);

		more = cmm_take_singles(&probe, CMM_PROBE_PAGES, loan);
		if (more == CMM_PROBE_PAGES && cmm_are_neighbors(&probe))
			cmm_block_budget = CMM_BLOCK_BUDGET;
		list_splice(&probe, pages);
		loan->taken += more;
		if (more < CMM_PROBE_PAGES)
			return;
	}

	if (cmm_block_budget && loan->asked - loan->taken >= CMM_BLOCK_PAGES) {
		more = 0;
		if (loan->nid != NUMA_NO_NODE && cmm_node_spare(loan->nid) >= loan->asked)
			more = cmm_take_blocks(pages, loan->asked - loan->taken, loan);
		/* If no block was taken, the next loan takes single pages first. */
		cmm_block_budget -= min(more ? more : CMM_BLOCK_BUDGET, cmm_block_budget);
		loan->taken += more;
	}
	loan->taken += cmm_take_singles(pages, loan->asked - loan->taken, loan);
}

/**
 * cmm_pages_free - free pages
 * @pages: a list of pages, empty on return
 *
 * May sleep, although the OOM notifier also calls this function. Reschedules before each page or
 * block, because with hash page tables and cmo_free_hint the kernel makes a hypercall for each CMO
 * page that is freed.
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
