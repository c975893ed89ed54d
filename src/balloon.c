// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The balloon: page sets on their way between guest and hypervisor.
 *
 * A page is in one of these places, and counted in all but the first:
 *
 *	the guest's allocator
 *	  | alloc				^ free
 *	  v					|
 *	a list of the function at work -> cmm.refused (activation refused)
 *	  | enqueue				^ dequeue	^
 *	  v					|		|
 *	the balloon core's list <-> isolated (being migrated) -> torn
 */

#include <linux/gfp.h>
#include <linux/jiffies.h>
#include <linux/migrate.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/vmstat.h>

#include "cmm.h"
#include "compat.h"
#include "trace.h"

/* Torn pages at most, and exchanges under way, of which each may need a place */
#define CMM_TORN_PAGES	64

static struct balloon_dev_info cmm_balloon;

/*
 * Pages whose exchange left the hypervisor a part of them. They are off the balloon, but on no
 * list of ours, as the core has them on one of its own until it drops its reference. Under
 * cmm.lock; the worker alone takes them out.
 */
static struct {
	unsigned int under_way;		/* exchanges */
	unsigned int pages;
	struct page *page[CMM_TORN_PAGES];
} torn;

/* Makes a page that nobody may have look like it, before it goes to cmm.refused. */
static void cmm_park(struct page *page)
{
	lock_page(page);
	cmm_compat_park(page);
	unlock_page(page);
}

/* Adds @sign for each page to its zone's managed pages, with a call for each run of a zone. */
static void cmm_adjust_managed(struct list_head *pages, long sign)
{
	struct page *page, *first = NULL;
	long run = 0;

	list_for_each_entry(page, pages, lru) {
		if (first && page_zone_id(page) != page_zone_id(first)) {
			adjust_managed_page_count(first, run);
			first = NULL;
			run = 0;
		}
		if (!first)
			first = page;
		run += sign;
	}
	if (first)
		adjust_managed_page_count(first, run);
}

/* Counts fresh pages as loaned, unless something has said no since it was decided. */
static bool cmm_count(unsigned long pages, const struct cmm_inflation *batch)
{
	bool go;

	spin_lock(&cmm.lock);
	go = cmm_may_go_on(batch->oom_epoch);
	if (go)
		cmm.loaned_pages += pages;
	if (batch->trouble == CMM_NO_MEMORY)
		cmm.stats.alloc_failures++;
	spin_unlock(&cmm.lock);
	return go;
}

/**
 * cmm_balloon_inflate - loan one batch
 * @batch: how much; and on return, how it went
 *
 * Ends early when the batch takes too long, at a hold, and at an OOM event.
 * A refused page doesn't end it: the next one may do.
 */
void cmm_balloon_inflate(struct cmm_inflation *batch)
{
	unsigned long deadline, got, done = 0, partly = 0;
	unsigned int epoch = batch->oom_epoch;
	enum cmm_hv_result result;
	struct page *page, *next;
	bool late = false;
	LIST_HEAD(loaned);
	LIST_HEAD(refused);
	LIST_HEAD(stuck);
	LIST_HEAD(fresh);

	got = cmm_pages_take(&fresh, batch);
	if (!cmm_count(got, batch)) {
		cmm_pages_free(&fresh);
		return;
	}

	deadline = jiffies + CMM_BATCH_JIFFIES;
	list_for_each_entry_safe(page, next, &fresh, lru) {
		late = time_after(jiffies, deadline);
		if (late || !cmm_may_go_on(epoch))
			break;
		result = cmm_hv->set_loaned(page);
		if (result == CMM_HV_DONE) {
			done++;
			continue;
		}
		batch->trouble = CMM_REFUSED;
		if (result == CMM_HV_PARTLY) {
			cmm_park(page);
			list_move(&page->lru, &stuck);
			partly++;
		} else {
			list_move(&page->lru, &refused);
		}
	}
	list_cut_before(&loaned, &fresh, &page->lru);
	list_splice(&refused, &fresh);
	batch->late = late;
	batch->done = done;

	cmm_adjust_managed(&loaned, -1);
	cmm_adjust_managed(&stuck, -1);
	balloon_page_list_enqueue(&cmm_balloon, &loaned);
	cmm_pages_free(&fresh);

	spin_lock(&cmm.lock);
	cmm.loaned_pages -= got - done - partly;
	list_splice_tail(&stuck, &cmm.refused);
	cmm.refused_pages += partly;
	cmm.stats.inflated_pages += done + partly;
	spin_unlock(&cmm.lock);

	trace_cmm_inflate(batch->asked, done, partly);
}

/*
 * Activates and frees the pages of the list; @from_refused tells that they
 * come from cmm.refused. Those that are refused (again) end there.
 */
static unsigned long cmm_give_back(struct list_head *pages, bool from_refused)
{
	unsigned long done = 0, refused = 0;
	struct page *page, *next;
	LIST_HEAD(stuck);

	list_for_each_entry_safe(page, next, pages, lru) {
		if (cmm_hv->set_active(page) != CMM_HV_DONE) {
			if (!from_refused)
				cmm_park(page);
			list_move_tail(&page->lru, &stuck);
			refused++;
		} else {
			if (from_refused)
				cmm_compat_unpark(page);
			done++;
		}
	}

	cmm_adjust_managed(pages, 1);
	cmm_pages_free(pages);

	spin_lock(&cmm.lock);
	cmm.loaned_pages -= done;
	cmm.stats.deflated_pages += done;
	list_splice_tail(&stuck, &cmm.refused);
	if (from_refused) {
		cmm.refused_pages -= done;
		cmm.progress_pages += done;
	} else {
		cmm.refused_pages += refused;
		cmm.progress_pages += done + refused;
	}
	spin_unlock(&cmm.lock);

	trace_cmm_deflate(done + refused, done, refused);
	if (cmm_balloon_drained())
		wake_up_all(&cmm.drained);
	cond_resched();
	return done;
}

/**
 * cmm_balloon_deflate - return one batch to the guest
 * @nr: pages wanted; not more than CMM_BATCH_PAGES are taken
 * @returned: the number of pages that the guest has again
 *
 * For any context that may sleep; takes no lock that is held over
 * an allocation, so the OOM notifier may call it.
 *
 * Return: the number of pages that left the balloon, of which some may have
 * been refused. 0 where it is empty or the rest of it is being migrated.
 */
unsigned long cmm_balloon_deflate(unsigned long nr, unsigned long *returned)
{
	unsigned long taken;
	LIST_HEAD(pages);

	*returned = 0;
	taken = balloon_page_list_dequeue(&cmm_balloon, &pages, min(nr, CMM_BATCH_PAGES));
	if (taken)
		*returned = cmm_give_back(&pages, false);
	return taken;
}

static unsigned int cmm_torn_pages(void)
{
	unsigned int pages;

	spin_lock(&cmm.lock);
	pages = torn.pages;
	spin_unlock(&cmm.lock);
	return pages;
}

/* Once ours is the only reference, the core is done with the page: it can wait like any other. */
static void cmm_keep_torn(unsigned int place)
{
	struct page *page = torn.page[place];

	if (page_count(page) != 1)
		return;
	smp_acquire__after_ctrl_dep();
	cmm_park(page);

	spin_lock(&cmm.lock);
	torn.page[place] = torn.page[--torn.pages];
	list_add_tail(&page->lru, &cmm.refused);
	spin_unlock(&cmm.lock);
}

/* Activates a torn page; whoever drops the last reference frees it. */
static bool cmm_retry_torn(unsigned int place)
{
	struct page *page = torn.page[place];

	if (cmm_hv->set_active(page) != CMM_HV_DONE) {
		cmm_keep_torn(place);
		return false;
	}
	adjust_managed_page_count(page, 1);
	put_page(page);

	spin_lock(&cmm.lock);
	torn.page[place] = torn.page[--torn.pages];
	cmm.refused_pages--;
	cmm.loaned_pages--;
	cmm.stats.deflated_pages++;
	cmm.progress_pages++;
	spin_unlock(&cmm.lock);
	return true;
}

/**
 * cmm_balloon_retry_refused - ask again for pages whose activation was refused
 *
 * All that are torn and one batch of the others, those first that have waited longest. Only
 * the worker calls it.
 *
 * Return: the number of pages returned to the guest.
 */
unsigned long cmm_balloon_retry_refused(void)
{
	unsigned int place = cmm_torn_pages();
	unsigned long nr, returned = 0;
	LIST_HEAD(pages);

	while (place--)
		returned += cmm_retry_torn(place);

	spin_lock(&cmm.lock);
	for (nr = 0; nr < CMM_BATCH_PAGES && !list_empty(&cmm.refused); nr++)
		list_move_tail(cmm.refused.next, &pages);
	spin_unlock(&cmm.lock);

	if (nr)
		returned += cmm_give_back(&pages, true);
	return returned;
}

bool cmm_balloon_isolated(void)
{
	return cmm_compat_isolated(&cmm_balloon);
}

/* Nothing is loaned, and the core isn't at work on a page of ours. */
bool cmm_balloon_drained(void)
{
	unsigned long loaned;

	spin_lock(&cmm.lock);
	loaned = cmm.loaned_pages;
	spin_unlock(&cmm.lock);
	return !loaned && !cmm_balloon_isolated();
}

/*
 * The new page can't take the old one's place, which is active already: the
 * balloon gets a page smaller, and for the core the migration is a success.
 * The core drops the new page, unless we keep it because a part is loaned.
 */
static int cmm_migrate_deflate(struct balloon_dev_info *info, struct page *newpage,
			       struct page *page, bool partly)
{
	int ret;

	adjust_managed_page_count(page, 1);
	if (partly) {
		get_page(newpage);
		cmm_compat_park(newpage);
		adjust_managed_page_count(newpage, -1);
	}

	ret = cmm_compat_deflated(info, page);

	spin_lock(&cmm.lock);
	if (partly) {
		list_add_tail(&newpage->lru, &cmm.refused);
		cmm.refused_pages++;
	} else {
		cmm.loaned_pages--;
		cmm.stats.deflated_pages++;
	}
	spin_unlock(&cmm.lock);
	return ret;
}

static bool cmm_exchange_begin(void)
{
	bool room;

	spin_lock(&cmm.lock);
	room = torn.under_way + torn.pages < CMM_TORN_PAGES;
	if (room)
		torn.under_way++;
	spin_unlock(&cmm.lock);
	return room;
}

/* @torn_page is NULL, or goes to the worker with a reference. */
static void cmm_exchange_end(struct page *torn_page)
{
	spin_lock(&cmm.lock);
	torn.under_way--;
	if (torn_page) {
		torn.page[torn.pages++] = torn_page;
		cmm.refused_pages++;
	}
	spin_unlock(&cmm.lock);
}

/*
 * The new page takes the old one's place in the loan. The old one is
 * activated first, so that a refused loan needs no undo that can fail.
 *
 * Called with both pages locked, the old one isolated.
 */
static int cmm_migrate(struct balloon_dev_info *info, struct page *newpage,
		       struct page *page, enum migrate_mode mode)
{
	enum cmm_hv_result result;

	if (!cmm_exchange_begin())
		return -EBUSY;

	result = cmm_hv->set_active(page);
	if (result == CMM_HV_PARTLY) {
		/* For the core this is a success, but our reference keeps the page. */
		get_page(page);
		cmm_exchange_end(page);
		cmm_kick();
		return cmm_compat_deflated(info, page);
	}
	cmm_exchange_end(NULL);

	/* It goes back to the balloon, counted, and can't be had until this works. */
	if (result == CMM_HV_REFUSED)
		return -EBUSY;

	result = cmm_hv->set_loaned(newpage);
	if (result != CMM_HV_DONE)
		return cmm_migrate_deflate(info, newpage, page, result == CMM_HV_PARTLY);

	if (page_zone(page) != page_zone(newpage)) {
		adjust_managed_page_count(page, 1);
		adjust_managed_page_count(newpage, -1);
	}

	spin_lock(&cmm.lock);
	cmm.stats.migrated_pages++;
	spin_unlock(&cmm.lock);

	return cmm_compat_exchanged(info, newpage, page);
}

int cmm_balloon_init(void)
{
	return cmm_compat_init(&cmm_balloon, cmm_migrate);
}

void cmm_balloon_exit(void)
{
	cmm_compat_exit(&cmm_balloon);
}
