/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Collaborative memory manager: what the driver's files share.
 *
 * A file uses only files below it (make lint checks this):
 *
 *	main			init, exit, parameters
 *	oom, events		notifiers
 *	worker			polls, decides, loans and returns
 *	pressure		finds the memory that no program uses
 *	uevent, sysfs		events for udev; device and attributes
 *	balloon			moves pages
 *	pages, blocks, nodes	takes pages, frees blocks, chooses nodes
 *	hv_pseries, hv_simulate	the hypervisor
 *	state, compat, trace
 */
#ifndef CMM_H
#define CMM_H

#include <linux/bits.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/nodemask.h>

#include "interface.h"

/* The size of a batch: a scheduling point comes with each, and with a page's hypercalls. */
#define CMM_BATCH_PAGES		64UL

/* Smaller than a huge page, which is 2 MiB; large enough that its cost hardly shows. */
#define CMM_BLOCK_ORDER		(PAGE_SHIFT < 16 ? 5 : 4)
#define CMM_BLOCK_PAGES		BIT(CMM_BLOCK_ORDER)

/* Until the next try, if the balloons' pages are under migration or in other hands */
#define CMM_PAGES_AWAY		max(HZ / 50, 1)

/*
 * Reasons not to loan. Each has one owner and they don't exclude each
 * other: the end of one never ends another.
 */
enum cmm_hold {
	CMM_DISABLED	= 1 << 0,	/* the disable parameter */
	CMM_OFFLINING	= 1 << 1,	/* memory offline in progress */
	CMM_SUSPENDING	= 1 << 2,	/* the system sleeps or hibernates */
	CMM_RESTARTING	= 1 << 3,	/* reboot or kexec: never ends */
	CMM_UNLOADING	= 1 << 4,	/* module exit: never ends */
	CMM_MOVED	= 1 << 5,	/* the partition migrated: until pages are back */
};

/* The holds during which all pages are returned */
#define CMM_DRAINING \
	(CMM_DISABLED | CMM_SUSPENDING | CMM_RESTARTING | CMM_UNLOADING | CMM_MOVED)

/* loan_policy, as AIX's ams_loan_policy */
enum cmm_policy {
	CMM_POLICY_NONE,	/* no loans */
	CMM_POLICY_UNUSED,	/* free memory, and page cache that no program uses */
	CMM_POLICY_ANY,		/* all that min_mem_mb and min_avail_mb allow */
};

/* Why the target isn't met although nothing holds the driver */
enum cmm_trouble {
	CMM_FINE,
	CMM_NO_MEMORY,		/* the guest has too few free pages */
	CMM_LOW_MEMORY,		/* min_avail_mb would be violated */
	CMM_PRESSURE,		/* loan_policy 1, and programs use the memory */
	CMM_NO_LOANS,		/* loan_policy 0 */
	CMM_REFUSED,		/* the hypervisor refused a page */
	CMM_NO_ANSWER,		/* the hypervisor didn't answer the last poll */
};

/* The occasions of cmm_balloon_drain() */
enum cmm_drain {
	CMM_DRAIN_DISABLE,
	CMM_DRAIN_SLEEP,
	CMM_DRAIN_REBOOT,
	CMM_DRAIN_KEXEC,
	CMM_DRAIN_UNLOAD,
};

/**
 * struct cmm_view - the state at one moment
 * @holds: set of enum cmm_hold
 * @trouble: why the target isn't met
 * @loaned_pages: pages that the hypervisor may hold
 * @refused_pages: those of them whose activation was refused; they are off the balloon
 * @target_pages: pages that should be on loan
 * @oom_freed_pages: returned by OOM events since the last reset
 * @progress_pages: how many pages have left the balloon or the refused list; only grows
 * @enables: how often the hold CMM_DISABLED ended
 * @cooling: jiffies for which hotplug_delay still forbids loans
 * @epoch: see state.c
 */
struct cmm_view {
	unsigned int holds;
	enum cmm_trouble trouble;
	unsigned long loaned_pages;
	unsigned long refused_pages;
	unsigned long target_pages;
	unsigned long oom_freed_pages;
	unsigned long progress_pages;
	unsigned int enables;
	unsigned long cooling;
	unsigned int epoch;
};

/**
 * struct cmm_loan - one batch of a loan
 * @asked: pages wanted
 * @nid: the node to take them from first, or NUMA_NO_NODE
 * @epoch: the epoch of that decision
 * @taken: pages that the allocator gave
 * @done: pages loaned
 * @refused: pages that the hypervisor refused
 * @partly: pages among them of which it holds a part
 * @hv_errors: failed hypervisor calls
 * @trouble: why pages are missing
 */
struct cmm_loan {
	unsigned long asked;
	int nid;
	unsigned int epoch;

	unsigned long taken;
	unsigned long done;
	unsigned long refused;
	unsigned long partly;
	unsigned long hv_errors;
	enum cmm_trouble trouble;
};

/**
 * struct cmm_return - one batch of a return
 * @asked: pages wanted
 * @nodes: of which nodes
 * @for_oom: for an OOM event
 * @again: the pages were refused before
 * @begun: cmm_oom_begin() was called for the event
 * @taken: pages taken off the balloons, or off the refused list
 * @done: pages that the guest has again
 * @hv_errors: failed hypervisor calls
 */
struct cmm_return {
	unsigned long asked;
	const nodemask_t *nodes;
	bool for_oom;
	bool again;

	bool begun;
	unsigned long taken;
	unsigned long done;
	unsigned long hv_errors;
};

#define CMM_STATISTIC_MEMBER(name, meaning)	unsigned long name;
#define CMM_PARAMETER_MEMBER(name, type, ...)	type name;

/* Written by state.c, read by sysfs.c without a lock */
struct cmm_stats {
	CMM_STATISTIC_TABLE(CMM_STATISTIC_MEMBER)
};

struct cmm_params {
	CMM_PARAMETER_TABLE(CMM_PARAMETER_MEMBER)
};

extern struct cmm_stats cmm_stats;
extern struct cmm_params cmm_params;

#define cmm_dbg(fmt, ...)					\
do {								\
	if (READ_ONCE(cmm_params.debug))			\
		pr_info(fmt, ##__VA_ARGS__);			\
} while (0)

/* Jiffies until @end, 0 if that has passed. Reads the clock once: a second look could be later. */
static inline unsigned long cmm_until(unsigned long end)
{
	unsigned long now = jiffies;

	return time_before(now, end) ? end - now : 0;
}

/* state.c */
extern unsigned int cmm_epoch;

void cmm_get_view(struct cmm_view *view);
const char *cmm_state_word(const struct cmm_view *view);
void cmm_kick(void);
void cmm_nudge(void);
bool cmm_begin_pass(void);
void cmm_sleep(unsigned long timeout);
void cmm_hold_begin(enum cmm_hold hold);
void cmm_hold_end(enum cmm_hold hold);
bool cmm_set_target(unsigned long target, unsigned int epoch);
void cmm_set_trouble(enum cmm_trouble trouble);
bool cmm_loan_begin(const struct cmm_loan *loan);
void cmm_loan_end(const struct cmm_loan *loan, struct list_head *partly);
void cmm_return_end(const struct cmm_return *ret, struct list_head *refused);
void cmm_take_refused(struct list_head *pages, struct cmm_return *ret);
void cmm_exchange_end(unsigned long migrated, unsigned long returned, unsigned long hv_errors);
void cmm_oom_begin(void);
void cmm_oom_end(const struct cmm_return *ret, unsigned long freed);
void cmm_oom_reset(void);
void cmm_count_pressure(void);
unsigned long cmm_oom_unreported(bool report);

/* Lockless hint that the loan of epoch @epoch may go on. cmm_loan_begin() checks under the lock. */
static inline bool cmm_may_loan(unsigned int epoch)
{
	return READ_ONCE(cmm_epoch) == epoch;
}

/* pages.c */
void cmm_pages_take(struct list_head *pages, struct cmm_loan *loan);
void cmm_pages_free(struct list_head *pages);

/* nodes.c */
unsigned long cmm_node_spare(int nid);
unsigned long cmm_node_until_kswapd(int nid);
int cmm_node_next(unsigned long nr);

/* blocks.c */
bool cmm_block_free(struct list_head *pages);

/* balloon.c */
int cmm_balloon_init(void);
void cmm_balloon_exit(void);
void cmm_balloon_loan(struct cmm_loan *loan);
void cmm_balloon_return(struct cmm_return *ret);
unsigned long cmm_balloon_retry_refused(void);
bool cmm_balloon_drained(void);
long cmm_balloon_drain(enum cmm_drain drain, unsigned int enables);

/* pressure.c */
unsigned long cmm_pressure_limit(unsigned long loaned, unsigned long target, bool *looking);

/* worker.c */
int cmm_worker(void *unused);

/* oom.c */
int cmm_oom_register(void);
void cmm_oom_unregister(void);

/* events.c */
int cmm_events_register(void);
void cmm_events_unregister(void);

/* sysfs.c */
int cmm_sysfs_register(void);
void cmm_sysfs_unregister(void);
void cmm_sysfs_uevent(char **variables);

/* uevent.c */
unsigned long cmm_uevent_send(void);

#endif
