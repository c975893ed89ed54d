// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The balloon: page sets on their way between guest and hypervisor.
 *
 * A page is in one of these places, and counted in all but the first:
 *
 *	the guest's allocator
 *	  | take				^ free
 *	  v					|
 *	a list of the function at work <-> the refused list of state.c
 *	  | enqueue				^ dequeue
 *	  v					|
 *	the balloon core's list <-> isolated (under migration)
 */

#include <linux/gfp.h>
#include <linux/jiffies.h>
#include <linux/migrate.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/vmstat.h>
#include <linux/wait.h>

#include "cmm.h"
#include "compat.h"
#include "hypervisor.h"
#include "trace.h"

/* A drain without progress for this long counts as stuck. */
#define CMM_DRAIN_PATIENCE	(10 * HZ)

static struct balloon_dev_info cmm_balloon;

/* Waiters in cmm_balloon_drain() */
static DECLARE_WAIT_QUEUE_HEAD(cmm_drained);

/*
 * Marks a page that only the refused list knows. An isolator may have the page locked; it is
 * marked at the next retry then, because the OOM notifier must not wait.
 */
static void cmm_park(struct page *page)
{
	if (!trylock_page(page))
		return;
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

/**
 * cmm_balloon_loan - loan one batch
 * @loan: how much; on return, how it went
 *
 * Ends early at a hold and at an OOM event. A refused page doesn't end it: the next one may be
 * taken.
 */
void cmm_balloon_loan(struct cmm_loan *loan)
{
	enum cmm_hv_result result;
	struct page *page, *next;
	struct list_head *last;
	LIST_HEAD(refused);
	LIST_HEAD(loaned);
	LIST_HEAD(partly);
	LIST_HEAD(fresh);

	cmm_pages_take(&fresh, loan);
	if (!cmm_loan_begin(loan)) {
		cmm_pages_free(&fresh);
		return;
	}

	last = &fresh;
	list_for_each_entry_safe(page, next, &fresh, lru) {
		if (!cmm_may_loan(loan->epoch))
			break;
		result = cmm_hv->set_loaned(page, &loan->hv_errors);
		if (result == CMM_HV_LOANED) {
			last = &page->lru;
			loan->done++;
			continue;
		}
		loan->refused++;
		if (result == CMM_HV_PARTLY) {
			cmm_park(page);
			list_move_tail(&page->lru, &partly);
			loan->partly++;
		} else {
			list_move_tail(&page->lru, &refused);
		}
	}
	list_cut_position(&loaned, &fresh, last);
	if (loan->refused)
		loan->trouble = CMM_REFUSED;

	cmm_adjust_managed(&loaned, -1);
	cmm_adjust_managed(&partly, -1);
	balloon_page_list_enqueue(&cmm_balloon, &loaned);
	cmm_pages_free(&refused);
	cmm_pages_free(&fresh);
	cmm_loan_end(loan, &partly);
	trace_cmm_inflate(loan->asked, loan->done, loan->refused);
}

/* Nothing is on loan, and the core isn't at work on a page of ours. */
static bool cmm_is_drained(void)
{
	struct cmm_view view;

	cmm_get_view(&view);
	return !view.loaned_pages && !cmm_compat_isolated(&cmm_balloon);
}

/* Activates and frees the pages of the list. Those that are refused go to the refused list. */
static void cmm_return(struct list_head *pages, struct cmm_return *ret)
{
	struct page *page, *next;
	unsigned long done = 0;
	LIST_HEAD(refused);

	list_for_each_entry_safe(page, next, pages, lru) {
		if (cmm_hv->set_active(page, &ret->hv_errors)) {
			cmm_park(page);
			list_move_tail(&page->lru, &refused);
		} else {
			if (ret->again)
				cmm_compat_unpark(page);
			done++;
		}
	}

	cmm_adjust_managed(pages, 1);
	cmm_pages_free(pages);
	ret->done = done;
	cmm_return_end(ret, &refused);

	trace_cmm_deflate(ret->taken, ret->done, ret->taken - ret->done);
	cmm_balloon_drained();
	cond_resched();
}

/**
 * cmm_balloon_return - return one batch to the guest
 * @nr: pages wanted; CMM_BATCH_PAGES at most are taken
 * @returned: pages that the guest has again
 *
 * For any context that may sleep. Takes no lock that is held over an
 * allocation, so the OOM notifier may call it.
 *
 * Return: the number of pages that left the balloon, some of which may have
 * been refused. 0 if it is empty or the rest of it is under migration.
 */
unsigned long cmm_balloon_return(unsigned long nr, unsigned long *returned)
{
	struct cmm_return ret = {};
	LIST_HEAD(pages);

	ret.taken = balloon_page_list_dequeue(&cmm_balloon, &pages, min(nr, CMM_BATCH_PAGES));
	if (ret.taken)
		cmm_return(&pages, &ret);
	*returned = ret.done;
	return ret.taken;
}

/**
 * cmm_balloon_retry_refused - retry one batch of pages whose activation was refused
 *
 * For any context that may sleep.
 *
 * Return: the number of pages returned to the guest.
 */
unsigned long cmm_balloon_retry_refused(void)
{
	struct cmm_return ret = { .again = true };
	LIST_HEAD(pages);

	cmm_take_refused(&pages, &ret);
	if (ret.taken)
		cmm_return(&pages, &ret);
	return ret.done;
}

/**
 * cmm_balloon_drained - whether all pages are returned; if so, waiters are woken
 */
bool cmm_balloon_drained(void)
{
	if (!cmm_is_drained())
		return false;
	wake_up_all(&cmm_drained);
	return true;
}

/**
 * cmm_balloon_drain - wait until the worker has returned all pages
 * @patience: when to give up
 *
 * For the owner of a hold in CMM_DRAINING. Whatever the patience, a drain that only refused pages
 * keep from ending is given up.
 *
 * Return: pages that remain, or -EINTR on a fatal signal.
 */
long cmm_balloon_drain(enum cmm_patience patience)
{
	unsigned long progress;
	struct cmm_view view;
	bool go_on;
	long left;

	cmm_get_view(&view);
	do {
		progress = view.progress_pages;
		if (patience == CMM_DRAIN_KILLABLE)
			left = wait_event_killable_timeout(cmm_drained, cmm_is_drained(),
							   CMM_DRAIN_PATIENCE);
		else
			left = wait_event_idle_timeout(cmm_drained, cmm_is_drained(),
						       CMM_DRAIN_PATIENCE);
		if (left < 0)
			return -EINTR;
		if (left)
			return 0;
		cmm_get_view(&view);
		go_on = patience != CMM_DRAIN_BOUNDED &&
			(view.loaned_pages != view.refused_pages ||
			 cmm_compat_isolated(&cmm_balloon));
	} while (go_on || view.progress_pages != progress);
	return view.loaned_pages;
}

/*
 * The new page takes the old one's place in the loan. The old one is activated first, so that a
 * refused loan needs no undo, which could fail. A page of which the hypervisor holds only a part
 * counts as a whole one, old or new, until it is returned.
 *
 * Called with both pages locked, the old one isolated.
 */
static int cmm_migrate(struct balloon_dev_info *info, struct page *newpage,
		       struct page *page, enum migrate_mode mode)
{
	unsigned long errors = 0;
	int ret;

	if (cmm_hv->set_active(page, &errors)) {
		/* The core puts the page back into the balloon. */
		cmm_exchange_end(0, 0, errors);
		return -EBUSY;
	}
	if (cmm_hv->set_loaned(newpage, &errors) == CMM_HV_REFUSED) {
		/* The old page is returned alone, which is a success for the core. */
		adjust_managed_page_count(page, 1);
		ret = cmm_compat_deflated(info, page);
		cmm_exchange_end(0, 1, errors);
		return ret;
	}
	if (page_zone(page) != page_zone(newpage)) {
		adjust_managed_page_count(page, 1);
		adjust_managed_page_count(newpage, -1);
	}
	cmm_exchange_end(1, 0, errors);
	return cmm_compat_exchanged(info, newpage, page);
}

/**
 * cmm_balloon_init - prepare the balloon
 *
 * Return: 0 or an errno.
 */
int cmm_balloon_init(void)
{
	return cmm_compat_init(&cmm_balloon, cmm_migrate);
}

/**
 * cmm_balloon_exit - the counterpart; the balloon is empty
 */
void cmm_balloon_exit(void)
{
	cmm_compat_exit(&cmm_balloon);
}
