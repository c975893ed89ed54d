// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The worker: asks the hypervisor what it wants, decides, and moves one batch
 * at a time. What it is asked meanwhile counts from the next batch on.
 */

#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/sched.h>

#include "cmm.h"
#include "target.h"
#include "trace.h"

/* A drain that has returned nothing for this long counts as stuck. */
#define CMM_DRAIN_PATIENCE	(10 * HZ)

/* delay=0 means as often as is sensible, not at each tick. */
#define CMM_POLL_MIN		(HZ / 10)

/* While pages move, the hypervisor is asked at least this often. */
#define CMM_POLL_BUSY		HZ

/* Until the next look, where pages are being migrated or are in other hands. */
#define CMM_PAGES_AWAY		max(HZ / 50, 1)

/* The worker's own; nobody else looks at it. */
static struct {
	unsigned long polled_at;	/* jiffies */
	bool answered;			/* the last poll gave a target */
	bool blocked;			/* the last loan fell short: not before the next poll */
	bool busy;			/* the last step moved pages */
} pass;

static unsigned long cmm_seconds(unsigned int seconds)
{
	return (unsigned long)seconds * HZ;
}

/* Makes the worker look at everything again, the hypervisor's wish included. */
void cmm_kick(void)
{
	WRITE_ONCE(cmm.kicked, true);
	wake_up_all(&cmm.kick);
}

void cmm_hold_begin(enum cmm_hold hold)
{
	spin_lock(&cmm.lock);
	cmm.holds |= hold;
	if (cmm.holds & CMM_DRAINING)
		cmm.target_pages = 0;
	spin_unlock(&cmm.lock);
	cmm_kick();
}

void cmm_hold_end(enum cmm_hold hold)
{
	spin_lock(&cmm.lock);
	cmm.holds &= ~hold;
	spin_unlock(&cmm.lock);
	cmm_kick();
}

/* Jiffies for which hotplug_delay still keeps us from loaning. Called with cmm.lock held. */
static unsigned long cmm_cooling(void)
{
	unsigned long end;

	if (!cmm.offlined)
		return 0;

	end = cmm.offlined_at + cmm_seconds(READ_ONCE(cmm_params.hotplug_delay_s));
	if (time_before(jiffies, end))
		return end - jiffies;

	cmm.offlined = false;
	return 0;
}

/**
 * cmm_state - what the worker is doing, in a word, for sysfs
 */
const char *cmm_state(void)
{
	const char *state;

	spin_lock(&cmm.lock);
	if (cmm.holds & (CMM_UNLOADING | CMM_RESTARTING))
		state = "stopping";
	else if (cmm.holds & CMM_SUSPENDING)
		state = "suspended";
	else if (cmm.holds & CMM_DISABLED)
		state = "disabled";
	else if (cmm.holds & CMM_OFFLINING || cmm_cooling())
		state = "hotplug";
	else if (cmm.trouble == CMM_NO_ANSWER)
		state = "no-answer";
	else if (cmm.trouble == CMM_REFUSED || cmm.refused_pages)
		state = "refused";
	else if (cmm.trouble == CMM_NO_MEMORY)
		state = "no-memory";
	else
		state = "running";
	spin_unlock(&cmm.lock);
	return state;
}

static void cmm_set_trouble(enum cmm_trouble trouble)
{
	spin_lock(&cmm.lock);
	cmm.trouble = trouble;
	spin_unlock(&cmm.lock);
}

/*
 * Asks the hypervisor and sets the target. An OOM event or a hold in the
 * meantime has said more about the target than the answer does: asked again
 * in the first case, left alone in the second.
 *
 * Return: whether there is a target to work towards.
 */
static bool cmm_poll(void)
{
	unsigned long loaned, oom_freed, total, minimum, target;
	unsigned int epoch;
	bool stale;
	long wanted;

	do {
		spin_lock(&cmm.lock);
		epoch = cmm.oom_epoch;
		loaned = cmm.loaned_pages;
		oom_freed = cmm.oom_freed_pages;
		spin_unlock(&cmm.lock);
		total = totalram_pages() + loaned;

		if (cmm_hv->wanted(loaned, &wanted)) {
			cmm_set_trouble(CMM_NO_ANSWER);
			return false;
		}
		minimum = cmm_mb_to_pages(READ_ONCE(cmm_params.min_mem_mb), PAGE_SHIFT);
		target = cmm_target_pages(wanted, total, minimum, oom_freed);

		spin_lock(&cmm.lock);
		if (cmm.holds & CMM_DRAINING) {
			spin_unlock(&cmm.lock);
			return false;
		}
		stale = epoch != cmm.oom_epoch;
		if (!stale) {
			cmm.target_pages = target;
			if (cmm.trouble == CMM_NO_ANSWER)
				cmm.trouble = CMM_FINE;
		}
		spin_unlock(&cmm.lock);
	} while (stale);

	trace_cmm_target(wanted, target, loaned, oom_freed);
	cmm_dbg("wanted = %ld, loaned = %lu, target = %lu, oom = %lu, total = %lu pages\n",
		wanted, loaned, target, oom_freed, total);
	return true;
}

static unsigned long cmm_poll_interval(void)
{
	unsigned long interval = cmm_seconds(READ_ONCE(cmm_params.delay_s));

	if (pass.busy && interval > CMM_POLL_BUSY)
		return CMM_POLL_BUSY;
	return max_t(unsigned long, interval, CMM_POLL_MIN);
}

static unsigned long cmm_until_poll(void)
{
	unsigned long next = pass.polled_at + cmm_poll_interval();

	return time_after(next, jiffies) ? next - jiffies : 1;
}

/* Loans a batch of the @nr pages that are missing; jiffies to sleep, 0 to go on. */
static unsigned long cmm_step_up(unsigned long nr)
{
	enum cmm_trouble trouble;

	trouble = cmm_balloon_inflate(min(nr, CMM_BATCH_PAGES));
	cmm_set_trouble(trouble);
	pass.busy = trouble == CMM_FINE;
	pass.blocked = !pass.busy;
	if (pass.busy)
		return 0;

	cmm_dbg("%lu pages short of the target, again at the next poll\n", nr);
	return cmm_until_poll();
}

/* Returns a batch of the @nr pages that are too many; jiffies to sleep, 0 to go on. */
static unsigned long cmm_step_down(unsigned long nr)
{
	cmm_set_trouble(CMM_FINE);
	pass.busy = cmm_balloon_deflate(nr);
	if (pass.busy)
		return 0;
	return min_t(unsigned long, cmm_until_poll(), CMM_PAGES_AWAY);
}

/* One step towards the target; jiffies to sleep, 0 to go on. */
static unsigned long cmm_step_balance(bool kicked)
{
	unsigned long loaned, target, cooling;
	bool may_loan;

	if (kicked || time_after_eq(jiffies, pass.polled_at + cmm_poll_interval())) {
		pass.answered = cmm_poll();
		pass.blocked = false;
		pass.polled_at = jiffies;
		cmm_balloon_retry_refused();
	}

	spin_lock(&cmm.lock);
	loaned = cmm.loaned_pages;
	target = cmm.target_pages;
	cooling = cmm_cooling();
	may_loan = !cmm.holds && !cooling && !pass.blocked;
	spin_unlock(&cmm.lock);

	if (pass.answered && target < loaned)
		return cmm_step_down(loaned - target);
	if (pass.answered && target > loaned && may_loan)
		return cmm_step_up(target - loaned);

	pass.busy = false;
	if (pass.answered && target == loaned)
		cmm_set_trouble(CMM_FINE);
	return cooling ? min(cooling, cmm_until_poll()) : cmm_until_poll();
}

/* All that is left is what the hypervisor refuses to activate. */
static bool cmm_only_refused(void)
{
	bool only;

	spin_lock(&cmm.lock);
	only = cmm.loaned_pages == cmm.refused_pages;
	spin_unlock(&cmm.lock);
	return only;
}

/* One step towards an empty balloon; jiffies to sleep, 0 to go on. */
static unsigned long cmm_step_drain(void)
{
	if (cmm_balloon_deflate(CMM_BATCH_PAGES) || cmm_balloon_retry_refused())
		return 0;

	if (cmm_balloon_drained()) {
		wake_up_all(&cmm.drained);
		return MAX_SCHEDULE_TIMEOUT;
	}
	return cmm_only_refused() ? HZ : CMM_PAGES_AWAY;
}

static bool cmm_draining(void)
{
	bool draining;

	spin_lock(&cmm.lock);
	draining = cmm.holds & CMM_DRAINING;
	spin_unlock(&cmm.lock);
	return draining;
}

/**
 * cmm_worker - the thread, one for the module's life
 * @unused: nothing
 *
 * Return: 0, when module exit stops it.
 */
int cmm_worker(void *unused)
{
	unsigned long sleep;
	bool kicked;

	pass.polled_at = jiffies;
	while (!kthread_should_stop()) {
		kicked = xchg(&cmm.kicked, false);
		sleep = cmm_draining() ? cmm_step_drain() : cmm_step_balance(kicked);
		if (sleep)
			wait_event_idle_timeout(cmm.kick,
						READ_ONCE(cmm.kicked) || kthread_should_stop(),
						sleep);
		else
			cond_resched();
	}
	return 0;
}

static unsigned long cmm_deflated(void)
{
	unsigned long deflated;

	spin_lock(&cmm.lock);
	deflated = cmm.stats.deflated_pages;
	spin_unlock(&cmm.lock);
	return deflated;
}

/**
 * cmm_drain - wait until the worker has returned everything
 * @patience: when to give up
 *
 * For who began a hold of CMM_DRAINING. Whatever the patience, what only the
 * hypervisor's refusal keeps is not waited for without end.
 *
 * Return: 0, -EINTR on a fatal signal, -EIO when pages remain.
 */
int cmm_drain(enum cmm_patience patience)
{
	unsigned long before, after = cmm_deflated();
	long left;

	do {
		before = after;
		if (patience == CMM_DRAIN_KILLABLE)
			left = wait_event_killable_timeout(cmm.drained, cmm_balloon_drained(),
							   CMM_DRAIN_PATIENCE);
		else
			left = wait_event_idle_timeout(cmm.drained, cmm_balloon_drained(),
						       CMM_DRAIN_PATIENCE);
		if (left < 0)
			return -EINTR;
		if (left)
			return 0;
		after = cmm_deflated();
	} while (after != before || (patience != CMM_DRAIN_BOUNDED && !cmm_only_refused()));
	return -EIO;
}
