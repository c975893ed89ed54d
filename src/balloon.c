// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * This file loans and returns pages, and migrates pages of the balloons.
 *
 * A page is always in one of the places below. It counts as loaned from just before its first
 * hypercall until it is freed. So a page on a list of the running function can count as loaned.
 *
 *	the guest's allocator
 *	  | take				^ free
 *	  v					|
 *	a list of the running function <-> the refused list of state.c
 *	  | enqueue				^ dequeue
 *	  v					|
 *	the balloon core's list <-> isolated (under migration)
 *
 * An isolated page that cmm_migrate() returns without a replacement goes directly to the allocator.
 */

#define pr_fmt(fmt) "cmm: " fmt

#include <linux/atomic.h>
#include <linux/gfp.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/migrate.h>
#include <linux/mm.h>
#include <linux/nodemask.h>
#include <linux/pagemap.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "cmm.h"
#include "compat.h"
#include "hypervisor.h"
#include "target.h"
#include "trace.h"

/* The longest time for a batch. The number of pages in a batch is adapted to this time. */
#define CMM_BATCH_NS		(5 * NSEC_PER_MSEC)

/* cmm_neediest() counts a node's loan in units of 1/1024 of what the node could loan. */
#define CMM_PARTS		1024UL

/* A call of cmm_balloon_retry_refused() begins no batch after this time. */
#define CMM_RETRY_NS		(100 * NSEC_PER_MSEC)

/* A drain without progress for this long counts as stuck. */
#define CMM_DRAIN_PATIENCE	(10 * HZ)

/*
 * Before a kexec, this time counts instead of CMM_DRAIN_PATIENCE. It is longer, because the next
 * kernel would use pages that are still on loan.
 */
#define CMM_KEXEC_PATIENCE	(60 * HZ)

/* The time between log lines with the amount on loan, while a reboot waits for returns */
#define CMM_REBOOT_LOG		(10 * HZ)

/* A balloon for each node, so that an OOM event can return pages that the failing task may use */
static struct {
	struct balloon_dev_info info;
	atomic_long_t pages;		/* including pages under migration */
} cmm_balloons[MAX_NUMNODES];

/*
 * Pages per batch, adapted so that a batch stays within CMM_BATCH_NS. Several tasks can update
 * cmm_return_pace at once; a lost update does no harm.
 */
static unsigned long cmm_loan_pace = 1;
static unsigned long cmm_return_pace = 1;

/* The tasks that wait in cmm_balloon_drain() */
static DECLARE_WAIT_QUEUE_HEAD(cmm_drained);

/* See cmm_adjust() */
static DEFINE_SPINLOCK(cmm_adjust_lock);

/*
 * Sets @pace to the number of pages that fit in CMM_BATCH_NS, after a batch of @done pages that
 * began at @begun (ktime, in ns). It grows at most to twice the number before.
 */
static void cmm_adapt(unsigned long *pace, unsigned long done, u64 begun)
{
	u64 took = max(ktime_get_ns() - begun, 1ULL);
	unsigned long most = min(READ_ONCE(*pace) * 2, CMM_BATCH_PAGES);

	WRITE_ONCE(*pace, clamp_t(u64, done * CMM_BATCH_NS / took, 1, most));
}

/*
 * Return: @nr if @nr is less than a full batch or @nid is NUMA_NO_NODE. Otherwise the number of
 * pages to loan, or to return if @loan is false, so that the size of @nid's balloon becomes a
 * multiple of a full batch. Thus a block that was allocated whole can be freed whole.
 */
static unsigned long cmm_aligned(unsigned long nr, int nid, bool loan)
{
	unsigned long odd;

	if (nr < CMM_BATCH_PAGES || nid == NUMA_NO_NODE)
		return nr;
	odd = (unsigned long)atomic_long_read(&cmm_balloons[nid].pages) % CMM_BATCH_PAGES;
	if (!odd)
		return CMM_BATCH_PAGES;
	return loan ? CMM_BATCH_PAGES - odd : odd;
}

/*
 * Marks a page before it goes to the refused list (see cmm_compat_mark_offline()). Doesn't wait for
 * the page lock, because the OOM notifier must not wait for a task that isolates pages. If the page
 * is locked, it is marked when its activation is retried.
 */
static void cmm_mark_offline(struct page *page)
{
	if (!trylock_page(page))
		return;
	cmm_compat_mark_offline(page);
	unlock_page(page);
}

/*
 * Adds the number @pages, which can be negative, to the managed pages of @page's zone. From 7.2
 * on, two concurrent calls of adjust_managed_page_count() can double the reserve that the kernel
 * keeps in a node. The lock keeps the driver's own calls apart. A call by another part of the
 * kernel, such as memory hotplug, can still coincide with one of the driver's calls.
 */
static void cmm_adjust(struct page *page, long pages)
{
	spin_lock(&cmm_adjust_lock);
	adjust_managed_page_count(page, pages);
	spin_unlock(&cmm_adjust_lock);
}

/*
 * Moves pages from the front of the list @pages to @run, up to the first page of another zone. Adds
 * the number of moved pages to the zone's managed pages if @sign is 1. Subtracts the number if
 * @sign is -1.
 *
 * Return: the number of moved pages, 0 if @pages is empty.
 */
static unsigned long cmm_adjust_run(struct list_head *pages, struct list_head *run, long sign)
{
	struct page *first = list_first_entry_or_null(pages, struct page, lru), *page;
	struct list_head *last = pages;
	unsigned long nr = 0;

	list_for_each_entry(page, pages, lru) {
		if (page_zone_id(page) != page_zone_id(first))
			break;
		last = &page->lru;
		nr++;
	}
	list_cut_position(run, pages, last);
	if (nr)
		cmm_adjust(first, sign * (long)nr);
	return nr;
}

/**
 * cmm_balloon_loan - loan one batch
 * @loan: the number of pages, and the node that is tried first; receives the result
 *
 * The batch is smaller than asked for if it would take longer than CMM_BATCH_NS. The batch ends
 * early if a hold or an OOM event begins. A refused page doesn't end the batch, because the
 * hypervisor may accept the next page.
 */
void cmm_balloon_loan(struct cmm_loan *loan)
{
	enum cmm_hv_result result;
	struct page *page, *next;
	u64 begun = ktime_get_ns();
	struct list_head *last;
	LIST_HEAD(unloaned);
	LIST_HEAD(loaned);
	LIST_HEAD(partly);
	LIST_HEAD(fresh);
	LIST_HEAD(run);
	unsigned long nr;
	int nid;

	loan->asked = cmm_aligned(min(loan->asked, READ_ONCE(cmm_loan_pace)), loan->nid, true);
	cmm_pages_take(&fresh, loan);
	if (!cmm_loan_begin(loan)) {
		cmm_pages_free(&fresh);
		loan->taken = 0;
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
			cmm_mark_offline(page);
			list_move_tail(&page->lru, &partly);
			loan->partly++;
		} else {
			list_move_tail(&page->lru, &unloaned);
		}
	}
	list_cut_position(&loaned, &fresh, last);
	if (loan->refused && loan->trouble == CMM_FINE)
		loan->trouble = CMM_REFUSED;

	while ((nr = cmm_adjust_run(&loaned, &run, -1))) {
		nid = page_to_nid(list_first_entry(&run, struct page, lru));
		atomic_long_add(nr, &cmm_balloons[nid].pages);
		balloon_page_list_enqueue(&cmm_balloons[nid].info, &run);
	}
	list_for_each_entry(page, &partly, lru)
		cmm_adjust(page, -1);
	cmm_pages_free(&unloaned);
	cmm_pages_free(&fresh);
	cmm_loan_end(loan, &partly);
	cmm_adapt(&cmm_loan_pace, loan->taken, begun);
	trace_cmm_inflate(loan->asked, loan->done, loan->refused);
}

static bool cmm_isolated(void)
{
	int nid;

	for (nid = 0; nid < nr_node_ids; nid++)
		if (cmm_compat_isolated(&cmm_balloons[nid].info))
			return true;
	return false;
}

/* Whether no page is on loan, and no page is isolated by the balloon core */
static bool cmm_is_drained(void)
{
	struct cmm_view view;

	cmm_get_view(&view);
	return !view.loaned_pages && !cmm_isolated();
}

/* Activates and frees the pages of the list. Refused pages go to the refused list. */
static void cmm_return_pages(struct list_head *pages, struct cmm_return *ret)
{
	struct page *page, *next;
	LIST_HEAD(refused);
	LIST_HEAD(run);

	ret->done = 0;
	ret->hv_errors = 0;
	list_for_each_entry_safe(page, next, pages, lru) {
		if (cmm_hv->set_active(page, &ret->hv_errors)) {
			cmm_mark_offline(page);
			list_move_tail(&page->lru, &refused);
		} else {
			if (ret->again)
				cmm_compat_clear_offline(page);
			ret->done++;
		}
	}

	if (ret->for_oom && !ret->begun && ret->done) {
		cmm_oom_begin();
		ret->begun = true;
	}
	while (cmm_adjust_run(pages, &run, 1))
		cmm_pages_free(&run);
	cmm_return_end(ret, &refused);

	trace_cmm_deflate(ret->taken, ret->done, ret->taken - ret->done);
	cmm_balloon_check_drained();
	cond_resched();
}

/*
 * Finds the node among @nodes that has loaned the largest part of the memory that it could loan.
 * The memory that a node could loan is the sum of its present loan and its spare pages. Thus nodes
 * return in the proportions in which they loan, and a node without spare pages returns first.
 *
 * Return: the node, NUMA_NO_NODE if none has pages in its balloon.
 */
static int cmm_neediest(const nodemask_t *nodes)
{
	unsigned long loaned, part, largest = 0;
	int nid, best = NUMA_NO_NODE;

	for_each_node_mask(nid, *nodes) {
		loaned = atomic_long_read(&cmm_balloons[nid].pages);
		part = loaned ? loaned * CMM_PARTS / (loaned + cmm_node_spare(nid)) + 1 : 0;
		if (part > largest) {
			largest = part;
			best = nid;
		}
	}
	return best;
}

/**
 * cmm_balloon_return - return one batch to the guest
 * @ret: the number of pages, and the nodes that they may come from; receives the result
 *
 * The batch is smaller than asked for if it would take longer than CMM_BATCH_NS. It is empty if
 * the balloons are empty, or if all their pages are under migration.
 *
 * May sleep. The OOM notifier may call this function, because the function takes no lock that a
 * task can hold while it allocates memory.
 */
void cmm_balloon_return(struct cmm_return *ret)
{
	unsigned long nr = min(ret->asked, READ_ONCE(cmm_return_pace));
	nodemask_t nodes = *ret->nodes;
	u64 begun = ktime_get_ns();
	LIST_HEAD(pages);
	int nid;

	ret->taken = 0;
	ret->done = 0;
	while (!ret->taken && (nid = cmm_neediest(&nodes)) != NUMA_NO_NODE) {
		ret->taken = balloon_page_list_dequeue(&cmm_balloons[nid].info, &pages,
						       cmm_aligned(nr, nid, false));
		atomic_long_sub(ret->taken, &cmm_balloons[nid].pages);
		node_clear(nid, nodes);
	}
	if (!ret->taken)
		return;
	cmm_return_pages(&pages, ret);
	cmm_adapt(&cmm_return_pace, ret->taken, begun);
}

/**
 * cmm_balloon_retry_refused - try again to activate pages whose activation was refused
 *
 * Works in batches. Ends when a batch returned a page, when all pages were tried, or after
 * CMM_RETRY_NS. The next call continues with the next page.
 *
 * May sleep.
 *
 * Return: the number of pages returned to the guest.
 */
unsigned long cmm_balloon_retry_refused(void)
{
	u64 end = ktime_get_ns() + CMM_RETRY_NS;
	struct cmm_return ret;
	struct cmm_view view;
	unsigned long tried;

	cmm_get_view(&view);
	for (tried = 0; tried < view.refused_pages; tried += ret.taken) {
		LIST_HEAD(pages);

		ret = (struct cmm_return){ .again = true };
		cmm_take_refused(&pages, &ret);
		if (!ret.taken)
			break;
		cmm_return_pages(&pages, &ret);
		if (ret.done || ktime_get_ns() > end)
			return ret.done;
	}
	return 0;
}

/**
 * cmm_balloon_check_drained - wake the callers of cmm_balloon_drain() if all pages are returned
 *
 * Return: whether all pages are returned.
 */
bool cmm_balloon_check_drained(void)
{
	if (!cmm_is_drained())
		return false;
	wake_up_all(&cmm_drained);
	return true;
}

static bool cmm_is_stuck(enum cmm_drain drain, const struct cmm_view *view, unsigned long since)
{
	bool waits_for_others = drain == CMM_DRAIN_DISABLE || drain == CMM_DRAIN_UNLOAD;
	unsigned long patience = drain == CMM_DRAIN_KEXEC ? CMM_KEXEC_PATIENCE : CMM_DRAIN_PATIENCE;

	if (waits_for_others && (view->loaned_pages != view->refused_pages || cmm_isolated()))
		return false;
	return time_after(jiffies, since + patience);
}

/**
 * cmm_balloon_drain - return all pages, and wait for those that other tasks return
 * @drain: the reason for the drain
 * @enables: for CMM_DRAIN_DISABLE, the value of cmm_view.enables before the drain
 *
 * The caller must have begun one of the holds in CMM_DRAINING. The drain gives up after
 * CMM_DRAIN_PATIENCE without progress, or after CMM_KEXEC_PATIENCE before a kexec. There is one
 * exception: a drain for disable=1 or module exit has no time limit while there are pages that were
 * not refused, such as pages under migration.
 *
 * Return: the number of pages that are still on loan. For CMM_DRAIN_DISABLE also -EINTR on a fatal
 * signal, and -ECANCELED after a write of disable=0.
 */
long cmm_balloon_drain(enum cmm_drain drain, unsigned int enables)
{
	bool log = drain == CMM_DRAIN_REBOOT || drain == CMM_DRAIN_KEXEC;
	struct cmm_return ret = { .asked = CMM_BATCH_PAGES, .nodes = &node_states[N_POSSIBLE] };
	unsigned long progress = 0, since = jiffies, next_log = jiffies, pause;
	struct cmm_view view;

	while (!cmm_is_drained()) {
		cmm_get_view(&view);
		if (view.progress_pages != progress) {
			progress = view.progress_pages;
			since = jiffies;
		}
		if (cmm_is_stuck(drain, &view, since))
			return view.loaned_pages;
		if (drain == CMM_DRAIN_DISABLE && fatal_signal_pending(current))
			return -EINTR;
		if (drain == CMM_DRAIN_DISABLE && view.enables != enables)
			return -ECANCELED;
		if (log && time_after_eq(jiffies, next_log)) {
			pr_info("returning memory before the reboot: %lu KiB are on loan\n",
				cmm_pages_to_kb(view.loaned_pages, PAGE_SHIFT));
			next_log = jiffies + CMM_REBOOT_LOG;
		}

		cmm_balloon_return(&ret);
		cond_resched_tasks_rcu_qs();
		if (ret.taken || cmm_balloon_retry_refused())
			continue;
		pause = view.refused_pages && view.loaned_pages == view.refused_pages ?
			HZ : CMM_RETRY_PAUSE;
		wait_event_idle_timeout(cmm_drained, cmm_is_drained(), pause);
	}
	return 0;
}

/*
 * The balloon core's callback to migrate a page: the new page replaces the old one in the loan. The
 * old page is activated first. So if the hypervisor then refuses to take the new page, nothing has
 * to be undone; an undo could fail. A page that the hypervisor partly holds, old or new, counts as
 * a whole page until it is returned.
 *
 * If the new page is refused, or is on another node, which has its own balloon, the old page is
 * returned without a replacement. The balloon core treats that as success, and the worker loans
 * another page.
 *
 * Called with both pages locked and the old one isolated.
 */
static int cmm_migrate(struct balloon_dev_info *info, struct page *newpage,
		       struct page *page, enum migrate_mode mode)
{
	int nid = page_to_nid(page), ret;
	unsigned long errors = 0;

	if (cmm_hv->set_active(page, &errors)) {
		/* On this error, the kernel's page migration puts the old page back. */
		cmm_exchange_end(0, 0, errors);
		return -EBUSY;
	}
	if (nid != page_to_nid(newpage) ||
	    cmm_hv->set_loaned(newpage, &errors) == CMM_HV_REFUSED) {
		cmm_adjust(page, 1);
		atomic_long_dec(&cmm_balloons[nid].pages);
		ret = cmm_compat_deflated(info, page);
		cmm_exchange_end(0, 1, errors);
		cmm_nudge();
		return ret;
	}
	if (page_zone(page) != page_zone(newpage)) {
		cmm_adjust(page, 1);
		cmm_adjust(newpage, -1);
	}
	cmm_exchange_end(1, 0, errors);
	return cmm_compat_exchanged(info, newpage, page);
}

/**
 * cmm_balloon_init - prepare the balloons of all nodes, including nodes that are added later
 *
 * Return: 0 or an errno.
 */
int cmm_balloon_init(void)
{
	int nid, ret;

	ret = cmm_compat_init();
	if (ret)
		return ret;
	for (nid = 0; nid < nr_node_ids; nid++)
		cmm_compat_init_balloon(&cmm_balloons[nid].info, cmm_migrate);
	return 0;
}

/**
 * cmm_balloon_exit - undo cmm_balloon_init(); the balloons must be empty
 */
void cmm_balloon_exit(void)
{
	cmm_compat_exit();
}
