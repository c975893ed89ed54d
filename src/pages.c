// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fresh pages for a loan, and their way back to the allocator.
 *
 * Whole blocks cost a fraction of what their pages would cost one by one, but
 * they are what the guest's huge pages are made of. So the allocator's small
 * fragments go first: single pages are taken until they turn out to be
 * neighbours, which means that it breaks up blocks for them anyway. Then whole
 * blocks follow for a while, before the next look at what single pages are.
 */

#include <linux/bits.h>
#include <linux/cpuset.h>
#include <linux/gfp.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/nodemask.h>
#include <linux/page_ref.h>
#include <linux/sched.h>
#include <linux/vmstat.h>

#include "cmm.h"
#include "compat.h"
#include "turn.h"

/* Smaller than a huge page, which is 2 MiB; large enough that its price no longer shows. */
#define CMM_BLOCK_ORDER		(PAGE_SHIFT < 16 ? 5 : 4)
#define CMM_BLOCK_PAGES		BIT(CMM_BLOCK_ORDER)

/*
 * So many single pages are taken at once: under the lock of the CPU's own list of pages,
 * zeroing and all, and before 6.2 and 6.1.57 with interrupts off.
 */
#define CMM_BULK_PAGES		16UL

/* What single pages are is looked at so many at a time; so many are taken as blocks then. */
#define CMM_LOOK_PAGES		(CMM_BATCH_PAGES / 2)
#define CMM_WHOLE_PAGES		(16 * CMM_BATCH_PAGES)

/* The worker's own */
static struct {
	unsigned long whole_pages;	/* to be taken as blocks yet */
	struct cmm_turn nodes[MAX_NUMNODES];
} source;

/* What a node can lose before its kswapd has anything to do, of what such pages come from */
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

/* The node whose turn it is, by what each can spare now; NUMA_NO_NODE if none can. */
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

/* From this node, as long as it has any, or else from wherever the allocator would take it. */
static struct page *cmm_take(gfp_t gfp, int nid, unsigned int order)
{
	struct page *page = NULL;

	if (num_online_nodes() > 1 && nid != NUMA_NO_NODE)
		page = alloc_pages_node(nid, (gfp & ~__GFP_RECLAIM) | __GFP_THISNODE, order);
	return page ? page : alloc_pages(gfp, order);
}

/*
 * Nothing is reclaimed for a block. Where it is zeroed the hypervisor may have to find memory for
 * it first: others run before the next one.
 */
static unsigned long cmm_take_blocks(struct list_head *pages, unsigned long nr,
				     struct cmm_inflation *batch, gfp_t gfp, int nid)
{
	unsigned long got = 0, i;
	struct page *page;

	while (got + CMM_BLOCK_PAGES <= nr && cmm_may_go_on(batch->oom_epoch)) {
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
 * Nobody is woken or waited for: what isn't at hand is left to who asks for one at a time. Others
 * run before the next few, as with blocks.
 */
static unsigned long cmm_take_bulk(struct list_head *pages, unsigned long nr,
				   struct cmm_inflation *batch, gfp_t gfp, int nid)
{
	gfp_t at_hand = (gfp & ~__GFP_RECLAIM) | __GFP_THISNODE;
	unsigned long got = 0, wanted, more, i;
	struct page *taken[CMM_BULK_PAGES];

	if (nid == NUMA_NO_NODE)
		return 0;
	while (got < nr && cmm_may_go_on(batch->oom_epoch)) {
		wanted = min(nr - got, CMM_BULK_PAGES);
		memset(taken, 0, sizeof(taken));
		more = cmm_compat_take(at_hand, nid, wanted, taken);
		for (i = 0; i < more; i++)
			list_add(&taken[i]->lru, pages);
		got += more;
		cond_resched();
		if (more < wanted)
			break;
	}
	return got;
}

/*
 * What the guest has to spare first. If that is too little, one page after
 * the other by direct reclaim, for the time of a batch: a loan may cost page
 * cache, but no reserves, no hard retries and no warnings. Others run before
 * the next page.
 */
static unsigned long cmm_take_singles(struct list_head *pages, unsigned long nr,
				      struct cmm_inflation *batch, gfp_t gfp, int nid)
{
	unsigned long got = cmm_take_bulk(pages, nr, batch, gfp, nid);
	unsigned long deadline = jiffies + CMM_BATCH_JIFFIES;
	struct page *page;

	for (; got < nr && cmm_may_go_on(batch->oom_epoch); got++) {
		page = cmm_take(gfp & ~__GFP_DIRECT_RECLAIM, nid, 0);
		if (!page && time_before_eq(jiffies, deadline)) {
			batch->reclaimed = true;
			page = alloc_page(gfp);
		}
		if (!page) {
			batch->trouble = CMM_NO_MEMORY;
			break;
		}
		list_add(&page->lru, pages);
		cond_resched();
	}
	return got;
}

/* Whether the pages are one or two runs of neighbours, as what the allocator breaks off a block. */
static bool cmm_are_neighbours(struct list_head *pages)
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
 * cmm_pages_take - fresh pages for a batch of a loan
 * @pages: where they are added
 * @batch: how many; and on return, why there are fewer
 *
 * Only the worker calls it.
 *
 * Return: the number of pages.
 */
unsigned long cmm_pages_take(struct list_head *pages, struct cmm_inflation *batch)
{
	gfp_t gfp = cmm_compat_gfp() | __GFP_NOMEMALLOC | __GFP_NORETRY | __GFP_NOWARN;
	int nid = cmm_node(batch->asked, gfp);
	unsigned long got = 0, more;

	while (!source.whole_pages && batch->asked - got >= CMM_LOOK_PAGES) {
		LIST_HEAD(look);

		more = cmm_take_singles(&look, CMM_LOOK_PAGES, batch, gfp, nid);
		if (more == CMM_LOOK_PAGES && cmm_are_neighbours(&look))
			source.whole_pages = CMM_WHOLE_PAGES;
		list_splice(&look, pages);
		got += more;
		if (more < CMM_LOOK_PAGES)
			return got;
	}

	if (source.whole_pages && batch->asked - got >= CMM_BLOCK_PAGES) {
		more = 0;
		if (nid != NUMA_NO_NODE && source.nodes[nid].spare >= batch->asked)
			more = cmm_take_blocks(pages, batch->asked - got, batch, gfp, nid);
		source.whole_pages -= min(more ? more : CMM_WHOLE_PAGES, source.whole_pages);
		got += more;
	}
	return got + cmm_take_singles(pages, batch->asked - got, batch, gfp, nid);
}

/*
 * The first page of the block whose last one is @page, if the list has all of it in a row:
 * downwards, as what goes into the balloon and comes out again ends up. Where the kernel
 * has a record of each page's allocation, only its own freeing keeps that right.
 */
static struct page *cmm_block_of(struct list_head *pages, struct page *page)
{
	unsigned long pfn = page_to_pfn(page), i;

	if (IS_ENABLED(CONFIG_MEM_ALLOC_PROFILING) || IS_ENABLED(CONFIG_PAGE_OWNER))
		return NULL;
	if ((pfn + 1) % CMM_BLOCK_PAGES)
		return NULL;
	for (i = 1; i < CMM_BLOCK_PAGES; i++) {
		if (list_is_last(&page->lru, pages))
			return NULL;
		page = list_next_entry(page, lru);
		if (page_to_pfn(page) != pfn - i)
			return NULL;
	}
	return page;
}

static bool cmm_is_poisoned(struct page *head)
{
	unsigned long i;

	for (i = 0; i < CMM_BLOCK_PAGES; i++)
		if (PageHWPoison(&head[i]))
			return true;
	return false;
}

/*
 * Frees pages that make up a block as what they were when they were taken: the
 * allocator would have to join them one by one. Nobody can get a reference to a page
 * whose count is frozen at zero; where somebody has one, for a moment, as who
 * looks for pages to be migrated does, they are freed singly. The first page
 * keeps its reference, and __free_pages() knows what to do if it isn't the only one. Singly
 * too where one is broken: the allocator sorts that out of what is freed as a page only.
 */
static bool cmm_free_block(struct page *head)
{
	unsigned long i;

	for (i = 1; i < CMM_BLOCK_PAGES; i++)
		if (!page_ref_freeze(&head[i], 1))
			goto undo;
	if (cmm_is_poisoned(head))
		goto undo;
	for (i = 1; i < CMM_BLOCK_PAGES; i++)
		cmm_compat_clean(&head[i]);
	__free_pages(head, CMM_BLOCK_ORDER);
	return true;

undo:
	while (--i)
		page_ref_unfreeze(&head[i], 1);
	return false;
}

/**
 * cmm_pages_free - give pages back to the allocator
 * @pages: the list of them, empty on return
 *
 * For any context that may sleep, the OOM notifier's among them.
 */
void cmm_pages_free(struct list_head *pages)
{
	struct page *page, *head;
	LIST_HEAD(block);

	while (!list_empty(pages)) {
		page = list_first_entry(pages, struct page, lru);
		head = cmm_block_of(pages, page);
		if (head) {
			list_cut_position(&block, pages, &head->lru);
			if (cmm_free_block(head)) {
				INIT_LIST_HEAD(&block);
				continue;
			}
			list_splice_init(&block, pages);
		}
		list_del(&page->lru);
		__free_page(page);
	}
}
