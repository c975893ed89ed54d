// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Frees pages that make up a block as one block.
 *
 * The pages of a block were allocated together, split, and loaned. Freed one by one, the allocator
 * would have to merge them again, which costs more than their loan. So they are made what
 * they were before split_page(): a head with a reference, and tails without.
 *
 * The contract that this relies on, of mm/page_alloc.c and the balloon core:
 *
 * - Order-0 pages with a reference count of 1, neither compound nor charged to a memory cgroup.
 *   While somebody else has a reference (a scanner that looks for pages to migrate takes one for
 *   a moment), the count can't be frozen and the pages are freed one by one.
 * - The allocator checks and cleans the fields of a block's head only. The fields in which
 *   a balloon page's tails differ from fresh ones are mapping (or its successor, the page
 *   type) and private: cmm_compat_clean().
 * - Hardware-poisoned pages are sorted out of order-0 pages only.
 * - Page owner and allocation profiling keep a record for each page, which only a free of that
 *   page closes.
 *
 * No interface promises any of this. It is used only on kernels on which the tests ran with it:
 * cmm_compat_frees_blocks(). Elsewhere, pages are freed one by one.
 */

#include <linux/mm.h>
#include <linux/page_ref.h>

#include "cmm.h"
#include "compat.h"

/*
 * The first page of the block whose last page is the first of the list, if the whole block follows
 * there: in descending order, as pages that went through the balloon are.
 */
static struct page *cmm_block_head(struct list_head *pages)
{
	struct page *page = list_first_entry(pages, struct page, lru);
	unsigned long pfn = page_to_pfn(page), i;

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

/* Takes the references of all tails, or none. */
static bool cmm_block_freeze(struct page *head)
{
	bool poisoned = PageHWPoison(head);
	unsigned long i;

	for (i = 1; i < CMM_BLOCK_PAGES && !poisoned; i++) {
		if (!page_ref_freeze(&head[i], 1))
			break;
		poisoned = PageHWPoison(&head[i]);
	}
	if (i == CMM_BLOCK_PAGES && !poisoned)
		return true;
	while (--i)
		page_ref_unfreeze(&head[i], 1);
	return false;
}

/**
 * cmm_block_free - free the block at the front of a list
 * @pages: the list, of order-0 pages of which the caller has the only reference
 *
 * Return: false if the list doesn't start with a block that can be freed as one; it is
 * unchanged then.
 */
bool cmm_block_free(struct list_head *pages)
{
	struct page *head;
	LIST_HEAD(block);
	unsigned long i;

	if (!cmm_compat_frees_blocks())
		return false;
	head = cmm_block_head(pages);
	if (!head || !cmm_block_freeze(head))
		return false;
	list_cut_position(&block, pages, &head->lru);
	for (i = 1; i < CMM_BLOCK_PAGES; i++)
		cmm_compat_clean(&head[i]);
	__free_pages(head, CMM_BLOCK_ORDER);
	return true;
}
