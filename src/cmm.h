/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Collaborative memory manager: what the driver's files share.
 *
 * Locking
 *
 * cmm.lifecycle (mutex) orders init, exit and the writers of the disable
 * parameter. It protects cmm.live and is never held while pages move, while
 * anybody waits for them, or from one notifier callback to the next.
 *
 * cmm.lock (spinlock) protects every other member but the wait queues,
 * cmm.kicked and cmm.nudged. It is a leaf: nothing is called under it, and it isn't nested
 * in the balloon core's lock either. All users are in process context.
 *
 * Who moves pages
 *
 * The worker inflates; the worker and the OOM notifier deflate; the migration
 * callback exchanges. Each works on pages that it took off the balloon onto a
 * list of its own, so that none relies on a count that another may change.
 *
 * The count
 *
 * cmm.loaned_pages covers each page that the hypervisor may hold: from before
 * the first call that loans it until it is active again and freed, on
 * whatever list it is meanwhile. Pages that the hypervisor refuses to
 * activate stay counted, on cmm.refused, and are asked for again. So are
 * those that it has a part of only, there or among the torn ones: they
 * are never in the balloon.
 *
 * A batch of fresh pages is counted under the lock in one go with a last look
 * at the holds and at the OOM epoch. So whoever begins a hold and then finds
 * the count at zero knows that nothing is going to be loaned any more.
 */
#ifndef CMM_H
#define CMM_H

#ifdef pr_fmt
#undef pr_fmt
#endif
#define pr_fmt(fmt) "cmm: " fmt

#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "hypervisor.h"

struct device;
struct task_struct;

/* Pages a batch at most. A scheduling point comes with each, and with a page's hypercalls. */
#define CMM_BATCH_PAGES		64UL

/* How long a batch may take before the worker looks at what it is asked again. */
#define CMM_BATCH_JIFFIES	max(HZ / 200, 1)

/*
 * Why the driver doesn't loan. Each has one owner and they don't exclude each
 * other: the end of one never undoes another.
 */
enum cmm_hold {
	CMM_DISABLED	= 1 << 0,	/* the disable parameter */
	CMM_OFFLINING	= 1 << 1,	/* memory offline in progress */
	CMM_SUSPENDING	= 1 << 2,	/* the system sleeps or hibernates */
	CMM_RESTARTING	= 1 << 3,	/* restart or kexec: never ends */
	CMM_UNLOADING	= 1 << 4,	/* module exit: never ends */
	CMM_MOVED	= 1 << 5,	/* come to another machine: until all is back */
};

/* The holds under which everything goes back to the guest. */
#define CMM_DRAINING \
	(CMM_DISABLED | CMM_SUSPENDING | CMM_RESTARTING | CMM_UNLOADING | CMM_MOVED)

/* Why the target isn't met, when nothing holds the driver. */
enum cmm_trouble {
	CMM_FINE,
	CMM_NO_MEMORY,		/* the guest had no page to spare */
	CMM_LOW_MEMORY,		/* min_avail_mb wouldn't stay available */
	CMM_REFUSED,		/* the hypervisor refused a page */
	CMM_NO_ANSWER,		/* the hypervisor didn't say what it wants */
};

/* What to wait for in cmm_drain(). */
enum cmm_patience {
	CMM_DRAIN_KILLABLE,	/* a signal ends the wait, the draining goes on */
	CMM_DRAIN_BOUNDED,	/* ends when nothing has moved for a while */
	CMM_DRAIN_ISOLATED,	/* pages being migrated are waited for without bound */
};

/**
 * struct cmm_inflation - one batch of a loan
 * @asked: pages wanted, CMM_BATCH_PAGES at most
 * @oom_epoch: what cmm.oom_epoch was when that was decided
 * @done: pages loaned
 * @late: the batch took too long and was ended early
 * @reclaimed: the guest had to make room for it
 * @trouble: why pages are missing, apart from all of that
 */
struct cmm_inflation {
	unsigned long asked;
	unsigned int oom_epoch;

	unsigned long done;
	bool late;
	bool reclaimed;
	enum cmm_trouble trouble;
};

/* Since the module was loaded; stats/ in sysfs. */
struct cmm_stats {
	unsigned long inflated_pages;
	unsigned long deflated_pages;
	unsigned long migrated_pages;
	unsigned long alloc_failures;
	unsigned long hv_errors;
	unsigned long oom_events;
};

struct cmm {
	struct mutex lifecycle;		/* see the top of this file */
	bool live;			/* init is done and exit hasn't begun */

	spinlock_t lock;		/* likewise */
	unsigned int holds;		/* enum cmm_hold */
	enum cmm_trouble trouble;
	unsigned long loaned_pages;
	unsigned long target_pages;
	unsigned long oom_freed_pages;
	unsigned long oom_untold_pages;	/* of which udev doesn't know yet */
	unsigned int oom_epoch;		/* moves on as an OOM event begins, and as it ends */
	unsigned int oom_running;	/* OOM events at work */
	bool offlined;			/* hotplug_delay runs since ... */
	unsigned long offlined_at;	/* ... this time, in jiffies */
	struct list_head refused;
	unsigned long refused_pages;	/* with those that are torn, of balloon.c */
	unsigned long progress_pages;	/* that left the balloon or the list above */
	struct cmm_stats stats;

	bool kicked;			/* look at everything again, ask the hypervisor */
	bool nudged;			/* look whether there is something to do or tell */
	wait_queue_head_t kick;		/* the worker sleeps here */
	wait_queue_head_t drained;	/* who waits for the worker, here */
};

struct cmm_params {
	unsigned int delay_s;
	unsigned int hotplug_delay_s;
	unsigned int oom_kb;
	unsigned long min_mem_mb;
	unsigned long min_avail_mb;
	unsigned int debug;
	bool simulate;
	unsigned int disable;
};

extern struct cmm cmm;
extern struct cmm_params cmm_params;
extern const struct cmm_hypervisor *cmm_hv;

#define cmm_dbg(fmt, ...)					\
do {								\
	if (READ_ONCE(cmm_params.debug))			\
		pr_info(fmt, ##__VA_ARGS__);			\
} while (0)

/* Jiffies until @end; 0 where it has come. A second look at the clock could find it passed. */
static inline unsigned long cmm_until(unsigned long end)
{
	unsigned long now = jiffies;

	return time_before(now, end) ? end - now : 0;
}

/* worker.c */
int cmm_worker(void *unused);
void cmm_kick(void);
void cmm_nudge(void);
void cmm_hold_begin(enum cmm_hold hold);
void cmm_hold_end(enum cmm_hold hold);
int cmm_drain(enum cmm_patience patience);
enum cmm_trouble cmm_trouble_now(void);
const char *cmm_state(void);

/*
 * Nothing has said no since @oom_epoch. A look without the lock, every few pages; the one that
 * counts is made when they are counted.
 */
static inline bool cmm_may_go_on(unsigned int oom_epoch)
{
	return !READ_ONCE(cmm.holds) && READ_ONCE(cmm.oom_epoch) == oom_epoch;
}

/* pages.c */
unsigned long cmm_pages_take(struct list_head *pages, struct cmm_inflation *batch);
void cmm_pages_free(struct list_head *pages);

/* balloon.c */
int cmm_balloon_init(void);
void cmm_balloon_exit(void);
void cmm_balloon_inflate(struct cmm_inflation *batch);
unsigned long cmm_balloon_deflate(unsigned long nr, unsigned long *returned);
unsigned long cmm_balloon_retry_refused(void);
bool cmm_balloon_isolated(void);
bool cmm_balloon_drained(void);

/* events.c */
int cmm_events_register(void);
void cmm_events_unregister(void);

/* sysfs.c */
int cmm_sysfs_register(void);
void cmm_sysfs_unregister(void);
void cmm_sysfs_uevent(char **variables);

/* uevent.c */
unsigned long cmm_uevent_tell(void);

#endif
