// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The state that the other files share: holds, the count of pages on loan, the target and why it
 * isn't met, statistics, and the flags that wake the worker.
 *
 * Locking
 *
 * The spinlock state.lock protects all data of this file, except for cmm_params, the wait queue and
 * the flags kicked and nudged. No other lock is taken under state.lock, and state.lock isn't taken
 * under the balloon core's lock. All users of state.lock are in process context. The lifecycle
 * mutex of main.c orders init, exit and the writers of the disable parameter. Neither state.lock
 * nor the lifecycle mutex is held while pages move, or while a task waits for pages.
 * cmm_adjust_lock of balloon.c is held only around one call of adjust_managed_page_count().
 *
 * The count
 *
 * loaned_pages counts each page that the hypervisor may hold, whichever list the page is on. A page
 * is counted from before the first hypercall that loans it until it is activated and freed. A page
 * whose activation was refused stays counted. It goes to the refused list, and its activation is
 * retried.
 *
 * Only the worker makes the loan larger. The worker, the OOM notifier and each caller of
 * cmm_balloon_drain() return pages. The migration callback exchanges a page for another one, so
 * that the count stays the same, or returns a page without a replacement. The kernel's migration
 * frees the old page after it was uncounted. All of these work only on pages that are off the
 * shared lists: they took the pages off themselves, or the balloon core isolated the pages for
 * them. A count doesn't say whether a list is empty, because another task may change the count at
 * any time. Only the list itself says it.
 *
 * The epoch
 *
 * The epoch is a number that is incremented when a hold begins, and when an OOM event begins and
 * ends. A batch of fresh pages is counted, and loaned, only if the epoch is still that of the poll
 * that led to the batch. The exchange of a page in a migration needs no such check, because the old
 * page is counted until the exchange ends. So if loaned_pages is zero after a hold has begun, it
 * stays zero until that hold ends.
 */

#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "cmm.h"

#define CMM_INITIAL(name, type, ops, mode, unit, initial, ...)	.name = initial,

struct cmm_params cmm_params = {
	CMM_PARAMETER_TABLE(CMM_INITIAL)
};

struct cmm_stats cmm_stats;
unsigned int cmm_epoch;

static struct {
	spinlock_t lock;			/* see above */
	struct cmm_view now;			/* cooling and epoch are unused here */
	unsigned int oom_running;		/* OOM events under way */
	unsigned long oom_unreported_pages;	/* returned by OOM events, not in a uevent yet */
	bool offlined;				/* the hotplug_delay after offlining is running */
	unsigned long offlined_at;		/* when that offlining ended, in jiffies */
	struct list_head refused;

	wait_queue_head_t wake;			/* the worker sleeps here */
	bool kicked;
	bool nudged;
} state = {
	.lock = __SPIN_LOCK_UNLOCKED(state.lock),
	.refused = LIST_HEAD_INIT(state.refused),
	.wake = __WAIT_QUEUE_HEAD_INITIALIZER(state.wake),
};

/* Adds to a statistic. Called with state.lock held. Readers don't take the lock. */
#define cmm_count(name, pages)	WRITE_ONCE(cmm_stats.name, cmm_stats.name + (pages))

/* Called with state.lock held. */
static void cmm_next_epoch(void)
{
	WRITE_ONCE(cmm_epoch, cmm_epoch + 1);
}

/*
 * The trouble to report. While all pages are being returned, the only trouble that is reported is
 * CMM_REFUSED. Called with state.lock held.
 */
static enum cmm_trouble cmm_trouble_now(void)
{
	bool draining = state.now.holds & CMM_DRAINING;

	if (state.now.trouble == CMM_NO_ANSWER && !draining)
		return CMM_NO_ANSWER;
	if (state.now.refused_pages)
		return CMM_REFUSED;
	return draining ? CMM_FINE : state.now.trouble;
}

/* Called with state.lock held. */
static unsigned long cmm_cooling(void)
{
	unsigned long delay = READ_ONCE(cmm_params.hotplug_delay), left;

	if (!state.offlined)
		return 0;
	left = cmm_until(state.offlined_at + delay * HZ);
	if (!left)
		state.offlined = false;
	return left;
}

/**
 * cmm_get_view - copy the state
 * @view: the copy; all its members are from the same moment
 */
void cmm_get_view(struct cmm_view *view)
{
	spin_lock(&state.lock);
	*view = state.now;
	view->trouble = cmm_trouble_now();
	view->cooling = cmm_cooling();
	view->epoch = cmm_epoch;
	spin_unlock(&state.lock);
}

/**
 * cmm_state_word - the word that the attribute state shows
 * @view: the state
 *
 * Return: a word that says what the driver does, or why it doesn't loan.
 */
const char *cmm_state_word(const struct cmm_view *view)
{
	static const char * const troubles[] = {
		[CMM_FINE] = "running",
		[CMM_NO_MEMORY] = "no-memory",
		[CMM_LOW_MEMORY] = "low-memory",
		[CMM_PRESSURE] = "pressure",
		[CMM_NO_LOANS] = "no-loans",
		[CMM_REFUSED] = "refused",
		[CMM_NO_ANSWER] = "no-answer",
	};

	if (view->holds & (CMM_UNLOADING | CMM_RESTARTING))
		return "stopping";
	if (view->holds & CMM_SUSPENDING)
		return "suspended";
	if (view->holds & CMM_DISABLED)
		return "disabled";
	if (view->holds & CMM_MOVED)
		return "moved";
	if (view->holds & CMM_OFFLINING || view->cooling)
		return "hotplug";
	return troubles[view->trouble];
}

/**
 * cmm_kick - wake the worker: it polls, and loans or returns pages if necessary
 */
void cmm_kick(void)
{
	/* Pairs with cmm_begin_pass(): a worker that sees the kick also sees the reason for it. */
	smp_store_release(&state.kicked, true);
	wake_up_all(&state.wake);
}

/**
 * cmm_nudge - wake the worker: it loans or returns pages if necessary, but polls only if due
 */
void cmm_nudge(void)
{
	/* Pairs with cmm_begin_pass(), as in cmm_kick() */
	smp_store_release(&state.nudged, true);
	wake_up_all(&state.wake);
}

/**
 * cmm_begin_pass - clear kicks and nudges; the worker then checks the reasons for them
 *
 * Return: whether there was a kick.
 */
bool cmm_begin_pass(void)
{
	/*
	 * Pairs with cmm_kick() and cmm_nudge(). xchg() is also a memory barrier: after it has
	 * cleared a flag, the worker sees everything that was written before the flag was set. A
	 * plain write would not guarantee that.
	 */
	xchg(&state.nudged, false);
	return xchg(&state.kicked, false);
}

/**
 * cmm_sleep - let the worker sleep until a kick, a nudge or a call of kthread_stop()
 * @timeout: the longest time, in jiffies
 */
void cmm_sleep(unsigned long timeout)
{
	wait_event_idle_timeout(state.wake,
				READ_ONCE(state.kicked) || READ_ONCE(state.nudged) ||
				kthread_should_stop(), timeout);
}

/**
 * cmm_hold_begin - stop loaning for a reason
 * @hold: the reason; if it is in CMM_DRAINING, the worker returns all pages
 */
void cmm_hold_begin(enum cmm_hold hold)
{
	spin_lock(&state.lock);
	state.now.holds |= hold;
	if (state.now.holds & CMM_DRAINING)
		state.now.target_pages = 0;
	cmm_next_epoch();
	spin_unlock(&state.lock);
	cmm_kick();
}

/**
 * cmm_hold_end - end a reason not to loan
 * @hold: the reason
 *
 * hotplug_delay begins when the offlining of memory ends. If another driver's notifier rejects the
 * offlining before this driver is notified of it, this driver is notified of the cancellation only.
 * Then there is no hold to end, and no delay begins.
 */
void cmm_hold_end(enum cmm_hold hold)
{
	spin_lock(&state.lock);
	if (state.now.holds & hold & CMM_OFFLINING) {
		state.offlined = true;
		state.offlined_at = jiffies;
	}
	state.now.holds &= ~hold;
	state.now.enables += hold == CMM_DISABLED;
	spin_unlock(&state.lock);
	cmm_kick();
}

/**
 * cmm_set_target - set the target after a poll
 * @target: the target in pages
 * @epoch: the epoch from before the poll
 *
 * If there was an OOM event or a hold since @epoch, the hypervisor's answer is out of date. Such an
 * answer may lower the target, but not raise it.
 *
 * Return: true if the answer is up to date.
 */
bool cmm_set_target(unsigned long target, unsigned int epoch)
{
	bool good;

	spin_lock(&state.lock);
	good = !state.oom_running && epoch == cmm_epoch;
	if (!(state.now.holds & CMM_DRAINING) && (good || target < state.now.target_pages))
		state.now.target_pages = target;
	if (state.now.trouble == CMM_NO_ANSWER)
		state.now.trouble = CMM_FINE;
	spin_unlock(&state.lock);
	return good;
}

/**
 * cmm_set_trouble - set the reason why the target isn't met
 * @trouble: the reason, or CMM_FINE
 *
 * Called with CMM_NO_ANSWER after each failed poll. The function then also counts a failed
 * hypervisor call.
 */
void cmm_set_trouble(enum cmm_trouble trouble)
{
	spin_lock(&state.lock);
	state.now.trouble = trouble;
	if (trouble == CMM_NO_ANSWER)
		cmm_count(hv_errors, 1);
	spin_unlock(&state.lock);
}

/**
 * cmm_loan_begin - count fresh pages as loaned, before the first hypercall for them
 * @loan: the batch
 *
 * Return: false if loans are no longer allowed. No page is counted then.
 */
bool cmm_loan_begin(const struct cmm_loan *loan)
{
	bool go;

	spin_lock(&state.lock);
	go = cmm_may_loan(loan->epoch);
	if (go)
		state.now.loaned_pages += loan->taken;
	if (loan->trouble == CMM_NO_MEMORY)
		cmm_count(alloc_failures, 1);
	spin_unlock(&state.lock);
	return go;
}

/**
 * cmm_loan_end - correct the count of loaned pages after a try to loan a batch
 * @loan: the batch
 * @partly: pages that the hypervisor partly holds; they are moved to the refused list
 *
 * cmm_loan_begin() counted the whole batch. This function subtracts the pages that weren't loaned.
 */
void cmm_loan_end(const struct cmm_loan *loan, struct list_head *partly)
{
	unsigned long loaned = loan->done + loan->partly;

	spin_lock(&state.lock);
	state.now.loaned_pages -= loan->taken - loaned;
	list_splice_tail(partly, &state.refused);
	state.now.refused_pages += loan->partly;
	cmm_count(inflated_pages, loaned);
	cmm_count(hv_errors, loan->hv_errors);
	spin_unlock(&state.lock);
}

/**
 * cmm_return_end - correct the count of loaned pages after a try to return a batch
 * @ret: the batch
 * @refused: pages whose activation was refused (again); they are moved to the refused list
 *
 * Subtracts the pages of the batch that were activated and freed.
 */
void cmm_return_end(const struct cmm_return *ret, struct list_head *refused)
{
	unsigned long back = ret->again ? ret->taken : 0;

	spin_lock(&state.lock);
	state.now.loaned_pages -= ret->done;
	list_splice_tail(refused, &state.refused);
	state.now.refused_pages += ret->taken - ret->done - back;
	state.now.progress_pages += ret->again ? ret->done : ret->taken;
	cmm_count(deflated_pages, ret->done);
	cmm_count(hv_errors, ret->hv_errors);
	spin_unlock(&state.lock);
}

/**
 * cmm_take_refused - take a batch of pages off the refused list
 * @pages: an empty list that receives the pages
 * @ret: receives the number of pages
 *
 * The pages that have waited longest are taken first. They stay counted as refused until
 * cmm_return_end().
 */
void cmm_take_refused(struct list_head *pages, struct cmm_return *ret)
{
	spin_lock(&state.lock);
	while (ret->taken < CMM_BATCH_PAGES && !list_empty(&state.refused)) {
		list_move_tail(state.refused.next, pages);
		ret->taken++;
	}
	spin_unlock(&state.lock);
}

/**
 * cmm_exchange_end - count the result of a page's migration
 * @migrated: pages that were exchanged for another page
 * @returned: pages that were returned without a replacement
 * @hv_errors: failed hypervisor calls
 */
void cmm_exchange_end(unsigned long migrated, unsigned long returned, unsigned long hv_errors)
{
	spin_lock(&state.lock);
	state.now.loaned_pages -= returned;
	state.now.progress_pages += returned;
	cmm_count(migrated_pages, migrated);
	cmm_count(deflated_pages, returned);
	cmm_count(hv_errors, hv_errors);
	spin_unlock(&state.lock);
}

/**
 * cmm_oom_begin - note that an OOM event is about to free pages
 *
 * A loan that is under way then ends before it can take the freed pages. No poll raises the target
 * until the event has ended.
 */
void cmm_oom_begin(void)
{
	spin_lock(&state.lock);
	cmm_next_epoch();
	state.oom_running++;
	spin_unlock(&state.lock);
}

/**
 * cmm_oom_end - note that an OOM event has ended
 * @ret: the struct that was used for all batches of the event
 * @freed: pages that all these batches returned
 *
 * An event that freed nothing is only counted.
 */
void cmm_oom_end(const struct cmm_return *ret, unsigned long freed)
{
	spin_lock(&state.lock);
	cmm_count(oom_events, 1);
	if (ret->begun) {
		cmm_next_epoch();
		state.oom_running--;
		state.now.oom_freed_pages += freed;
		state.oom_unreported_pages += freed;
		state.now.target_pages = min(state.now.target_pages, state.now.loaned_pages);
	}
	spin_unlock(&state.lock);
	if (freed)
		cmm_nudge();
}

/**
 * cmm_oom_reset - reset the count of pages that OOM events returned, so that the target may rise
 */
void cmm_oom_reset(void)
{
	spin_lock(&state.lock);
	state.now.oom_freed_pages = 0;
	spin_unlock(&state.lock);
	cmm_kick();
}

/**
 * cmm_count_pressure - count a pressure event: programs lack memory
 */
void cmm_count_pressure(void)
{
	spin_lock(&state.lock);
	cmm_count(pressure_events, 1);
	spin_unlock(&state.lock);
}

/**
 * cmm_oom_unreported - the number of pages returned by OOM events since the last report
 * @report: whether the caller reports them now, so that the number starts from 0 again
 *
 * Return: the number of pages.
 */
unsigned long cmm_oom_unreported(bool report)
{
	unsigned long pages;

	spin_lock(&state.lock);
	pages = state.oom_unreported_pages;
	if (report)
		state.oom_unreported_pages = 0;
	spin_unlock(&state.lock);
	return pages;
}
