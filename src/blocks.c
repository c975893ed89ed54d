// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Frees pages that make up a block as one block.
 *
 * The pages of a block were allocated together, split by split_page(), and loaned. If they were
 * freed one by one, the allocator would have to merge them again, which would cost more than the
 * loan did. So this file undoes the split: the block's first page (the head) keeps its reference,
 * and the other pages (the tails) lose theirs.
 *
 * This file relies on this behavior of mm/page_alloc.c and the balloon core:
 *
 * - The pages have order 0 and a reference count of 1, and are neither compound nor charged to a
 *   memory cgroup. While another task has a reference to a page, the page's count can't be frozen,
 *   and the block's pages are freed one by one. For example, a task that looks for pages to migrate
 *   takes such a reference for a moment.
 * - The allocator clears the flags of all pages of a block, but checks and cleans other fields only
 *   in the head. In a tail that was in the balloon, two of these fields differ from those of a
 *   fresh page: mapping (or its successor, the page type) and private. cmm_compat_clean() resets
 *   them.
 * - The allocator keeps a hardware-poisoned page out of use only if the page is freed with order 0.
 *   So a block with such a page is freed page by page.
 * - Page owner and allocation profiling keep a record for each page. Only a free of that page
 *   closes the record, so blocks aren't freed whole on kernels with one of these options.
 *
 * No interface guarantees this behavior. So blocks are freed whole only on kernels on which the
 * tests ran with this code (see cmm_compat_frees_blocks()). On other kernels, pages are freed one
 * by one.
 */

#include <linux/mm.h>
#include <linux/page_ref.h>

#include "cmm.h"
#include "compat.h"

/*
 * Checks whether the list begins with all pages of a block, the last page first. Pages that went
 * through the balloon are in this order.
 *
 * Return: the block's first page, or NULL.
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

/*
 * Drops the caller's references to the tails of a block. If a page of the block is poisoned, or
 * another task has a reference to a tail, drops no reference and returns false.
 */
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
 * @pages: a list of order-0 pages; the caller has one reference to each
 *
 * Return: false if the list doesn't begin with a block that can be freed whole. The list is
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
