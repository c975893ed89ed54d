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

/* A drain without progress for this long counts as stuck. */
#define CMM_DRAIN_PATIENCE	(10 * HZ)

/* delay=0 means as often as is sensible, not at each tick. */
#define CMM_POLL_MIN		(HZ / 10)

/* While pages move, and after a poll that led to nothing, it is at least this often. */
#define CMM_POLL_BUSY		HZ

/* Between two looks at what is available, where there is a floor under it. */
#define CMM_ROOM_INTERVAL	HZ

/* Until the next look, where pages are being migrated or are in other hands. */
#define CMM_PAGES_AWAY		max(HZ / 50, 1)

/* Between batches that cost the guest page cache: it may need it more than we do. */
#define CMM_RECLAIM_PAUSE	max(HZ / 50, 1)

/* The worker's own; nobody else looks at it. */
static struct {
	unsigned long polled_at;	/* jiffies */
	bool answered;			/* the last poll gave a target */
	unsigned int oom_epoch;		/* at that poll */
	bool blocked;			/* the last loan fell short: not before the next poll */
	bool due;			/* a poll, and before it what was refused */
	bool busy;			/* the last step moved pages */
	enum cmm_room room;		/* that min_avail_mb leaves */
	unsigned long loan_pages;	/* that a loan gets done in the time of a batch */
	unsigned long return_pages;	/* that a return gets done in it, as far as is known */
} pass = { .loan_pages = CMM_BATCH_PAGES, .return_pages = 1 };

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

/* Wakes the worker, but leaves what it works towards as it is. */
void cmm_nudge(void)
{
	WRITE_ONCE(cmm.nudged, true);
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
	unsigned long left;

	if (!cmm.offlined)
		return 0;

	left = cmm_until(cmm.offlined_at + cmm_seconds(READ_ONCE(cmm_params.hotplug_delay_s)));
	if (!left)
		cmm.offlined = false;
	return left;
}

/**
 * cmm_trouble_now - what keeps the driver from doing as it was asked
 *
 * A driver that is to loan nothing has only one trouble left. Called with
 * cmm.lock held.
 */
enum cmm_trouble cmm_trouble_now(void)
{
	if (cmm.trouble == CMM_NO_ANSWER && !(cmm.holds & CMM_DRAINING))
		return CMM_NO_ANSWER;
	if (cmm.refused_pages)
		return CMM_REFUSED;
	return cmm.holds & CMM_DRAINING ? CMM_FINE : cmm.trouble;
}

static const char * const cmm_trouble_words[] = {
	[CMM_FINE] = "running",
	[CMM_NO_MEMORY] = "no-memory",
	[CMM_LOW_MEMORY] = "low-memory",
	[CMM_REFUSED] = "refused",
	[CMM_NO_ANSWER] = "no-answer",
};

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
	else if (cmm.holds & CMM_MOVED)
		state = "moved";
	else if (cmm.holds & CMM_OFFLINING || cmm_cooling())
		state = "hotplug";
	else
		state = cmm_trouble_words[cmm_trouble_now()];
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
 * meantime has said more about the target than the answer does.
 *
 * Return: whether there is a target to work towards.
 */
static bool cmm_poll(void)
{
	unsigned long loaned, oom_freed, total, minimum, target;
	unsigned int epoch;
	bool good;
	long wanted;

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
	good = !(cmm.holds & CMM_DRAINING) && !cmm.oom_running && epoch == cmm.oom_epoch;
	if (good)
		cmm.target_pages = target;
	if (cmm.trouble == CMM_NO_ANSWER)
		cmm.trouble = CMM_FINE;
	spin_unlock(&cmm.lock);
	if (!good)
		return false;

	pass.oom_epoch = epoch;
	trace_cmm_target(wanted, target, loaned, oom_freed);
	cmm_dbg("wanted = %ld, loaned = %lu, target = %lu, oom = %lu, total = %lu pages\n",
		wanted, loaned, target, oom_freed, total);
	return true;
}

static unsigned long cmm_poll_interval(void)
{
	unsigned long interval = cmm_seconds(READ_ONCE(cmm_params.delay_s));

	if ((pass.busy || !pass.answered) && interval > CMM_POLL_BUSY)
		return CMM_POLL_BUSY;
	return max_t(unsigned long, interval, CMM_POLL_MIN);
}

/* Jiffies until there may be something to do without being kicked. */
static unsigned long cmm_until_look(void)
{
	unsigned long until = max(cmm_until(pass.polled_at + cmm_poll_interval()), 1UL);

	if (READ_ONCE(cmm_params.min_avail_mb))
		return min_t(unsigned long, until, CMM_ROOM_INTERVAL);
	return until;
}

/* Pages that min_avail_mb lets us loan; negative, those that it wants back. */
static long cmm_room(void)
{
	unsigned long floor = cmm_mb_to_pages(READ_ONCE(cmm_params.min_avail_mb), PAGE_SHIFT);
	unsigned long available = floor ? max(si_mem_available(), 0L) : 0;

	pass.room = cmm_room_after(pass.room, available, floor);
	return cmm_room_pages(pass.room, available, floor);
}

/*
 * Pages in the balloon beyond whole batches. Batches end where there are none, those of loans and
 * those of returns: a block that was taken as one is given back as one then. What was refused has
 * left the balloon, and doesn't make the next batch odd.
 */
static unsigned long cmm_odd_pages(void)
{
	unsigned long pages;

	spin_lock(&cmm.lock);
	pages = cmm.loaned_pages - cmm.refused_pages;
	spin_unlock(&cmm.lock);
	return pages % CMM_BATCH_PAGES;
}

/* Loans a batch of the @nr pages that are missing; jiffies to sleep, 0 to go on. */
static unsigned long cmm_step_up(unsigned long nr)
{
	struct cmm_inflation batch = {
		.asked = min(nr, pass.loan_pages),
		.oom_epoch = pass.oom_epoch,
	};

	if (batch.asked == CMM_BATCH_PAGES)
		batch.asked -= cmm_odd_pages();
	cmm_balloon_inflate(&batch);
	cmm_set_trouble(batch.trouble);
	pass.busy = batch.done;
	if (batch.late)
		pass.loan_pages = max(batch.done, 1UL);
	else
		pass.loan_pages = min(pass.loan_pages * 2, CMM_BATCH_PAGES);

	pass.blocked = batch.trouble == CMM_NO_MEMORY ||
		       (batch.trouble == CMM_REFUSED && !batch.done);
	if (pass.blocked) {
		cmm_dbg("%lu pages short of the target, again at the next poll\n", nr - batch.done);
		return cmm_until_look();
	}
	return batch.reclaimed ? CMM_RECLAIM_PAUSE : 0;
}

/*
 * Returns one batch of at most @nr pages. What is off the balloon has to be activated, so that
 * a batch can't be ended early as a loan's is: the next one is smaller.
 */
static unsigned long cmm_return(unsigned long nr, unsigned long *returned)
{
	unsigned long begun = jiffies, odd = cmm_odd_pages(), took, taken;

	nr = min(nr, pass.return_pages);
	if (nr == CMM_BATCH_PAGES && odd)
		nr = odd;
	taken = cmm_balloon_deflate(nr, returned);
	took = jiffies - begun;
	if (took > CMM_BATCH_JIFFIES)
		pass.return_pages = max(taken * CMM_BATCH_JIFFIES / took, 1UL);
	else
		pass.return_pages = min(pass.return_pages * 2, CMM_BATCH_PAGES);
	return taken;
}

/*
 * Returns a batch of the @nr pages that are too many; jiffies to sleep, 0 to go on.
 * Where it is only that something should be available (@for_room), a look ends with a
 * batch that is refused as a whole: the target wants the others on loan.
 */
static unsigned long cmm_step_down(unsigned long nr, bool for_room)
{
	unsigned long returned;

	pass.busy = cmm_return(nr, &returned);
	if (!pass.busy)
		return min_t(unsigned long, cmm_until_look(), CMM_PAGES_AWAY);
	return for_room && !returned ? cmm_until_look() : 0;
}

/*
 * Pages in the balloon that should come back, for the target or for what must
 * stay available. Refused pages are on their way for the target, but not available yet.
 */
static unsigned long cmm_excess(unsigned long balloon, unsigned long target, long room)
{
	unsigned long excess = balloon - min(balloon, target);

	if (room >= 0)
		return excess;
	return max(excess, min(balloon, (unsigned long)-room));
}

/* One step towards the target; jiffies to sleep, 0 to go on. */
static unsigned long cmm_step_balance(bool kicked)
{
	unsigned long loaned, target, refused, cooling, excess;
	bool may_loan;
	long room;

	/*
	 * Refused pages first: of some the hypervisor may hold less than we count, so that
	 * what it wants would be too high by what comes back after it was asked.
	 */
	if (kicked || time_after_eq(jiffies, pass.polled_at + cmm_poll_interval()))
		pass.due = true;
	if (pass.due) {
		if (cmm_balloon_retry_refused())
			return 0;
		pass.answered = cmm_poll();
		pass.blocked = false;
		pass.polled_at = jiffies;
		pass.due = false;
	}

	spin_lock(&cmm.lock);
	loaned = cmm.loaned_pages;
	target = cmm.target_pages;
	refused = cmm.refused_pages;
	cooling = cmm_cooling();
	may_loan = !cmm.holds && !cooling && !pass.blocked && pass.oom_epoch == cmm.oom_epoch;
	spin_unlock(&cmm.lock);

	/* Without an answer the target is an old one: then only the floor counts. */
	if (!pass.answered)
		target = loaned;
	room = cmm_room();
	excess = cmm_excess(loaned - refused, target, room);

	if (pass.answered && target > loaned - excess && pass.room != CMM_ROOM_AMPLE)
		cmm_set_trouble(CMM_LOW_MEMORY);
	else if (pass.answered && target <= loaned)
		cmm_set_trouble(CMM_FINE);

	if (excess)
		return cmm_step_down(excess, target >= loaned - refused);
	if (target > loaned && room > 0 && may_loan)
		return cmm_step_up(min(target - loaned, (unsigned long)room));

	pass.busy = false;
	return cooling ? min(cooling, cmm_until_look()) : cmm_until_look();
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

/* Nothing of what the hypervisor before this one held is left to be returned. */
static void cmm_end_move(void)
{
	bool moved;

	spin_lock(&cmm.lock);
	moved = cmm.holds & CMM_MOVED;
	spin_unlock(&cmm.lock);
	if (moved)
		cmm_hold_end(CMM_MOVED);
}

/* One step towards an empty balloon; jiffies to sleep, 0 to go on. */
static unsigned long cmm_step_drain(void)
{
	unsigned long returned;

	if (cmm_return(CMM_BATCH_PAGES, &returned) || cmm_balloon_retry_refused())
		return 0;

	if (!cmm_only_refused() || cmm_balloon_isolated())
		return CMM_PAGES_AWAY;

	cmm_end_move();
	if (!cmm_balloon_drained())
		return HZ;
	wake_up_all(&cmm.drained);
	return MAX_SCHEDULE_TIMEOUT;
}

static bool cmm_draining(void)
{
	bool draining;

	spin_lock(&cmm.lock);
	draining = cmm.holds & CMM_DRAINING;
	spin_unlock(&cmm.lock);
	return draining;
}

static bool cmm_is_called(void)
{
	return READ_ONCE(cmm.kicked) || READ_ONCE(cmm.nudged) || kthread_should_stop();
}

/**
 * cmm_worker - the thread, one for the module's life
 * @unused: nothing
 *
 * Return: 0, when module exit stops it.
 */
int cmm_worker(void *unused)
{
	unsigned long sleep, untold;
	bool kicked;

	pass.polled_at = jiffies;
	while (!kthread_should_stop()) {
		/* The xchg() orders both before what the step looks at. */
		WRITE_ONCE(cmm.nudged, false);
		kicked = xchg(&cmm.kicked, false);
		sleep = cmm_draining() ? cmm_step_drain() : cmm_step_balance(kicked);
		untold = cmm_uevent_tell();
		if (sleep)
			wait_event_idle_timeout(cmm.kick, cmm_is_called(), min(sleep, untold));
		else
			cond_resched();
	}
	return 0;
}

static unsigned long cmm_progress(void)
{
	unsigned long progress;

	spin_lock(&cmm.lock);
	progress = cmm.progress_pages;
	spin_unlock(&cmm.lock);
	return progress;
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
	unsigned long before, after = cmm_progress();
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
		after = cmm_progress();
	} while (after != before || (patience != CMM_DRAIN_BOUNDED && !cmm_only_refused()));
	return -EIO;
}
