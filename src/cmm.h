/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Collaborative memory manager: declarations that the driver's files share.
 *
 * A file uses only files that come after it in this list (make lint checks that there is no cycle):
 *
 *	main			init, exit, parameters
 *	oom, events		notifiers
 *	worker			polls, decides, loans and returns
 *	pressure		estimates the memory that no program uses
 *	uevent, sysfs		events for udev; device and attributes
 *	balloon			moves pages
 *	pages, blocks, nodes	allocate pages, free blocks, choose nodes
 *	hv_pseries, hv_simulate	the real and the simulated hypervisor
 *	state, compat, trace	shared state, differences between kernels, tracepoints
 */
#ifndef CMM_H
#define CMM_H

#include <linux/bits.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/nodemask.h>

#include "interface.h"

/*
 * The largest number of pages that are loaned or returned in one batch. There is a scheduling point
 * after each batch, and before the hypercalls for each page.
 */
#define CMM_BATCH_PAGES		64UL

/*
 * The size of a block: pages that are allocated or freed with one call. A block is smaller than a
 * huge page (2 MiB), and large enough that the cost of the call hardly matters.
 */
#define CMM_BLOCK_ORDER		(PAGE_SHIFT < 16 ? 5 : 4)
#define CMM_BLOCK_PAGES		BIT(CMM_BLOCK_ORDER)

/*
 * The pause before the next try to return pages, if none could be taken off the balloons: the pages
 * are under migration, or on other tasks' lists.
 */
#define CMM_RETRY_PAUSE		max(HZ / 50, 1)

/*
 * Reasons not to loan (holds). Each hold is begun by only one file of the driver. Several holds can
 * be set at once, and the end of one never ends another.
 */
enum cmm_hold {
	CMM_DISABLED	= 1 << 0,	/* the disable parameter */
	CMM_OFFLINING	= 1 << 1,	/* memory offline in progress */
	CMM_SUSPENDING	= 1 << 2,	/* the system sleeps or hibernates */
	CMM_RESTARTING	= 1 << 3,	/* reboot or kexec; this hold never ends */
	CMM_UNLOADING	= 1 << 4,	/* module exit; this hold never ends */
	CMM_MOVED	= 1 << 5,	/* after a migration, until only refused pages are left */
};

/* The holds during which all pages are returned */
#define CMM_DRAINING \
	(CMM_DISABLED | CMM_SUSPENDING | CMM_RESTARTING | CMM_UNLOADING | CMM_MOVED)

/* Values of loan_policy, modeled on AIX's ams_loan_policy */
enum cmm_policy {
	CMM_POLICY_NONE,	/* no loans */
	CMM_POLICY_UNUSED,	/* free memory, and page cache that no program uses */
	CMM_POLICY_ANY,		/* all that min_mem_mb and min_avail_mb allow */
};

/* Why the target isn't met although there is no hold */
enum cmm_trouble {
	CMM_FINE,
	CMM_NO_MEMORY,		/* the guest has too few free pages */
	CMM_LOW_MEMORY,		/* min_avail_mb allows no larger loan */
	CMM_PRESSURE,		/* loan_policy 1, and programs use the memory */
	CMM_NO_LOANS,		/* loan_policy 0 */
	CMM_REFUSED,		/* the hypervisor refused a page */
	CMM_NO_ANSWER,		/* the hypervisor didn't answer the last poll */
};

/* The reason for a call of cmm_balloon_drain(). It decides when the drain gives up. */
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
 * @refused_pages: pages among @loaned_pages whose activation was refused; they are not in a balloon
 * @target_pages: pages that should be on loan
 * @oom_freed_pages: pages returned by OOM events since the last reset
 * @progress_pages: counts pages that left a balloon or the refused list; never decreases
 * @enables: how often the hold CMM_DISABLED was ended
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
 * struct cmm_loan - one batch of pages to loan
 * @asked: pages to loan
 * @nid: the node that is tried first when the pages are allocated, or NUMA_NO_NODE
 * @epoch: the epoch from before the poll that led to this loan
 * @taken: pages that were allocated
 * @done: pages that were loaned
 * @refused: pages that the hypervisor refused; they are freed, except for those in @partly
 * @partly: pages among @refused that the hypervisor partly holds; they go to the refused list
 * @hv_errors: failed hypervisor calls
 * @trouble: why @done is less than @asked
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
 * struct cmm_return - one batch of pages to return
 * @asked: pages to return
 * @nodes: the nodes whose pages are returned
 * @for_oom: the return is for an OOM event
 * @again: the pages come from the refused list
 * @begun: cmm_oom_begin() was called for the event
 * @taken: pages taken off the balloons, or off the refused list
 * @done: pages that were activated and freed
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

#define CMM_STATISTIC_MEMBER(name, ...)	unsigned long name;
#define CMM_PARAMETER_MEMBER(name, type, ...)	type name;

/* The statistics. state.c writes them under its lock, and sysfs.c reads them without the lock. */
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

/**
 * cmm_until - the time until @end
 * @end: a time, in jiffies
 *
 * Reads jiffies only once: a second value could be past @end, and the difference would wrap.
 *
 * Return: the time in jiffies, 0 if @end has passed.
 */
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

/**
 * cmm_may_loan - lockless hint that a loan may go on
 * @epoch: the epoch of the loan (see state.c)
 *
 * cmm_loan_begin() repeats the check under the lock.
 *
 * Return: whether the epoch is still the same.
 */
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
bool cmm_balloon_check_drained(void);
long cmm_balloon_drain(enum cmm_drain drain, unsigned int enables);

/* pressure.c */
unsigned long cmm_pressure_limit(unsigned long loaned, unsigned long target, bool *more_soon);

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
