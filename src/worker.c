// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The worker: polls the hypervisor, decides, and loans or returns one batch at a time. A kick,
 * a hold or an OOM event takes effect before the next batch.
 */

#define pr_fmt(fmt) "cmm: " fmt

#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/nodemask.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>

#include "cmm.h"
#include "hypervisor.h"
#include "target.h"
#include "trace.h"

/* The shortest interval between polls, for delay=0 */
#define CMM_POLL_MIN		(HZ / 10)

/* The longest interval between polls during loans and returns, and after an unanswered poll */
#define CMM_POLL_BUSY		HZ

/* The interval between checks of the free memory, with min_avail_mb or loan_policy 1 */
#define CMM_ROOM_INTERVAL	HZ

/* The pause between batches while kswapd reclaims memory for them */
#define CMM_RECLAIM_PAUSE	max(HZ / 50, 1)

/* The last poll */
static struct {
	unsigned long at;		/* jiffies */
	unsigned int epoch;		/* from before the poll */
	bool answered;			/* the hypervisor answered */
	bool due;			/* a poll is due; refused pages are retried first */
	bool fell_short;		/* a batch loaned nothing: wait for the next poll */
} poll;

/* Whether the previous step loaned pages, or took pages off the balloons to return them */
static bool cmm_busy;

/* The room that min_avail_mb leaves for loans */
static enum cmm_room room;

/* CMM_FINE, or the reason if min_avail_mb or loan_policy does not allow the whole target */
static enum cmm_trouble room_trouble;

/*
 * Polls the hypervisor and sets the target.
 *
 * Return: whether there was an answer.
 */
static bool cmm_poll(void)
{
	unsigned long total, minimum, target;
	struct cmm_view view;
	long wanted;

	cmm_get_view(&view);
	if (cmm_hv->wanted(view.loaned_pages, &wanted)) {
		cmm_set_trouble(CMM_NO_ANSWER);
		return false;
	}
	total = totalram_pages() + view.loaned_pages;
	minimum = cmm_mb_to_pages(READ_ONCE(cmm_params.min_mem_mb), PAGE_SHIFT);
	target = cmm_target_pages(wanted, total, minimum, view.oom_freed_pages);
	if (cmm_set_target(target, view.epoch))
		poll.epoch = view.epoch;
	trace_cmm_target(wanted, target, view.loaned_pages, view.oom_freed_pages);
	cmm_dbg("wanted = %ld, loaned = %lu, target = %lu, oom = %lu, total = %lu pages\n",
		wanted, view.loaned_pages, target, view.oom_freed_pages, total);
	return true;
}

static unsigned long cmm_poll_interval(void)
{
	unsigned long interval = (unsigned long)READ_ONCE(cmm_params.delay) * HZ;

	if ((cmm_busy || !poll.answered) && interval > CMM_POLL_BUSY)
		return CMM_POLL_BUSY;
	return max_t(unsigned long, interval, CMM_POLL_MIN);
}

/* Jiffies until the next poll or check of the free memory, if nothing wakes the worker before */
static unsigned long cmm_until_check(void)
{
	unsigned long until = max(cmm_until(poll.at + cmm_poll_interval()), 1UL);

	if (READ_ONCE(cmm_params.min_avail_mb) ||
	    READ_ONCE(cmm_params.loan_policy) == CMM_POLICY_UNUSED)
		return min_t(unsigned long, until, CMM_ROOM_INTERVAL);
	return until;
}

/*
 * The number of pages by which loan_policy allows the loan to grow. If negative, the number of
 * pages that must be returned because of loan_policy.
 */
static long cmm_policy_room(unsigned long loaned, unsigned long target)
{
	unsigned long limit = 0;
	bool more_soon;

	switch (READ_ONCE(cmm_params.loan_policy)) {
	case CMM_POLICY_NONE:
		room_trouble = CMM_NO_LOANS;
		break;
	case CMM_POLICY_UNUSED:
		limit = cmm_pressure_limit(loaned, target, &more_soon);
		if (limit < target && !more_soon)
			room_trouble = CMM_PRESSURE;
		break;
	default:
		return LONG_MAX;
	}
	return limit - loaned;
}

/*
 * The number of pages by which min_avail_mb and loan_policy allow the loan to grow. If negative,
 * the number of pages that must be returned because of these parameters, whatever the target is.
 */
static long cmm_room(unsigned long loaned, unsigned long target)
{
	unsigned long floor = cmm_mb_to_pages(READ_ONCE(cmm_params.min_avail_mb), PAGE_SHIFT);
	unsigned long available = floor ? max(si_mem_available(), 0L) : 0;

	room = cmm_room_after(room, available, floor);
	room_trouble = room == CMM_ROOM_AMPLE ? CMM_FINE : CMM_LOW_MEMORY;
	return min(cmm_room_pages(room, available, floor), cmm_policy_room(loaned, target));
}

/*
 * Loans one batch. @nr is the number of pages that the loan should grow by.
 *
 * Return: jiffies to sleep, 0 to continue at once.
 */
static unsigned long cmm_step_up(unsigned long nr)
{
	struct cmm_loan loan = {
		.asked = nr,
		.nid = cmm_node_next(min(nr, CMM_BATCH_PAGES)),
		.epoch = poll.epoch,
	};
	unsigned int policy = READ_ONCE(cmm_params.loan_policy);

	cmm_balloon_loan(&loan);
	/*
	 * With loan_policy 1, CMM_NO_MEMORY isn't reported. A trial (see caution.h) uses up the
	 * free memory on purpose. So CMM_NO_MEMORY only means that kswapd was too slow to reclaim
	 * other memory.
	 */
	if (loan.trouble == CMM_FINE ||
	    (loan.trouble == CMM_NO_MEMORY && policy == CMM_POLICY_UNUSED))
		cmm_set_trouble(room_trouble);
	else
		cmm_set_trouble(loan.trouble);
	cmm_busy = loan.done;
	if (loan.trouble == CMM_FINE || (loan.trouble == CMM_REFUSED && loan.done))
		return 0;
	if (loan.trouble == CMM_NO_MEMORY && loan.done)
		return CMM_RECLAIM_PAUSE;
	poll.fell_short = true;
	cmm_dbg("%lu pages short of the target, retrying after the next poll\n", nr - loan.done);
	return cmm_until_check();
}

/*
 * Returns one batch. @nr is the number of pages that the loan should shrink by. @for_room means
 * that only min_avail_mb or loan_policy requires the return; the target would allow the whole loan.
 * If the hypervisor refuses all pages of such a batch, the worker waits for the next check before
 * it tries other pages. Without this wait, the worker would soon try all pages on loan. The driver
 * tries each refused page again until it is returned. So in the end the whole loan would be
 * returned, although only a part had to be.
 *
 * Return: jiffies to sleep, 0 to continue at once.
 */
static unsigned long cmm_step_down(unsigned long nr, bool for_room)
{
	struct cmm_return ret = { .asked = nr, .nodes = &node_states[N_POSSIBLE] };

	cmm_balloon_return(&ret);
	cmm_busy = ret.taken;
	if (!ret.taken)
		return min_t(unsigned long, cmm_until_check(), CMM_RETRY_PAUSE);
	return for_room && !ret.done ? cmm_until_check() : 0;
}

/*
 * The number of pages that should be returned from the balloons: as many as the loan is above the
 * target, or as many as the guest lacks, whichever is more.
 *
 * @balloon is the number of pages in the balloons, without refused pages. For the target these
 * count as returned. @pages is the result of cmm_room(); the guest lacks -@pages pages if it is
 * negative.
 */
static unsigned long cmm_excess(unsigned long balloon, unsigned long target, long pages)
{
	unsigned long excess = balloon - min(balloon, target);

	if (pages >= 0)
		return excess;
	return max(excess, min(balloon, (unsigned long)-pages));
}

/*
 * Polls, if a poll is due. Refused pages are retried before the poll, because they make the request
 * too high: the hypervisor may hold only a part of a refused page, but the page counts as a whole
 * page on loan. The request is computed from this count. It is too high by the part that the
 * hypervisor doesn't hold.
 *
 * Return: false if the poll was put off, because refused pages were returned. The caller tries
 * again, because there can be more refused pages. True in all other cases, also if no poll was due.
 */
static bool cmm_step_poll(bool kicked)
{
	if (kicked || time_after_eq(jiffies, poll.at + cmm_poll_interval()))
		poll.due = true;
	if (!poll.due)
		return true;
	if (cmm_balloon_retry_refused())
		return false;
	poll.answered = cmm_poll();
	poll.fell_short = false;
	poll.at = jiffies;
	poll.due = false;
	return true;
}

/*
 * Takes one step towards the target.
 *
 * Return: jiffies to sleep, 0 to continue at once.
 */
static unsigned long cmm_step_balance(bool kicked)
{
	unsigned long loaned, target, balloon, excess;
	struct cmm_view view;
	bool may_loan;
	long pages;

	if (!cmm_step_poll(kicked))
		return 0;

	cmm_get_view(&view);
	may_loan = !view.holds && !view.cooling && !poll.fell_short && poll.epoch == view.epoch;
	loaned = view.loaned_pages;
	balloon = loaned - view.refused_pages;
	/* Without an answer the target is out of date. Then the present loan is the target. */
	target = poll.answered ? view.target_pages : loaned;
	/* If no loans are allowed, there is no trial (see caution.h), because none could fail. */
	pages = cmm_room(loaned, may_loan ? target : loaned);
	excess = cmm_excess(balloon, target, pages);

	if (poll.answered && (room_trouble == CMM_NO_LOANS ||
			      (room_trouble != CMM_FINE && target > loaned - excess)))
		cmm_set_trouble(room_trouble);
	else if (poll.answered && target <= loaned)
		cmm_set_trouble(CMM_FINE);

	if (excess)
		return cmm_step_down(excess, target >= balloon);
	if (target > loaned && pages > 0 && may_loan)
		return cmm_step_up(min(target - loaned, (unsigned long)pages));

	cmm_busy = false;
	return view.cooling ? min(view.cooling, cmm_until_check()) : cmm_until_check();
}

/*
 * Takes one step towards an empty balloon.
 *
 * Return: jiffies to sleep, 0 to continue at once.
 */
static unsigned long cmm_step_drain(void)
{
	struct cmm_return ret = { .asked = CMM_BATCH_PAGES, .nodes = &node_states[N_POSSIBLE] };
	struct cmm_view view;

	cmm_balloon_return(&ret);
	if (ret.taken || cmm_balloon_retry_refused())
		return 0;

	cmm_get_view(&view);
	if (view.loaned_pages != view.refused_pages)
		return CMM_RETRY_PAUSE;

	/* All pages that were loaned before the migration are returned, except for refused ones. */
	if (view.holds & CMM_MOVED)
		cmm_hold_end(CMM_MOVED);
	return cmm_balloon_check_drained() ? MAX_SCHEDULE_TIMEOUT : HZ;
}

/**
 * cmm_worker - the worker thread, which runs from module init to module exit
 * @unused: NULL
 *
 * Return: 0, when module exit stops the thread.
 */
int cmm_worker(void *unused)
{
	unsigned long sleep, until_event;
	struct cmm_view view;
	bool kicked;

	poll.at = jiffies;
	while (!kthread_should_stop()) {
		kicked = cmm_begin_pass();
		cmm_get_view(&view);
		sleep = view.holds & CMM_DRAINING ? cmm_step_drain() : cmm_step_balance(kicked);
		until_event = cmm_uevent_send();
		/* If preemptible, cond_resched() alone would stall synchronize_rcu_tasks(). */
		if (sleep)
			cmm_sleep(min(sleep, until_event));
		else
			cond_resched_tasks_rcu_qs();
	}
	return 0;
}
