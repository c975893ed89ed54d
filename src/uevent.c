// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sends change events of cmm0 to udev. cmm(4) lists their variables. An event is sent when
 *
 * - an OOM event returned memory
 * - the target can't be met
 * - the hypervisor refuses pages
 * - the hypervisor doesn't answer
 * - one of the last three conditions has ended
 *
 * There are two kinds of change events, each rate-limited: "oom" and all others. While an "oom"
 * event is delayed, the amounts of memory are added up. While an event of the other kind is
 * delayed, a later event replaces it. An event that equals the last one sent is dropped, except for
 * "oom".
 */

#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/mm.h>
#include <linux/sched.h>

#include "cmm.h"
#include "target.h"

#define CMM_UEVENT_PAUSE	(10 * HZ)

/* The size of a string NAME=VALUE; the longest has a number of 20 digits. */
#define CMM_UEVENT_VARIABLE	48

/* The earliest time for the next event of each kind, in jiffies; used by the worker only */
static unsigned long cmm_next_oom = INITIAL_JIFFIES;
static unsigned long cmm_next_trouble = INITIAL_JIFFIES;

/* The trouble, or CMM_FINE, that the last event other than "oom" reported */
static enum cmm_trouble cmm_last_trouble;

static const char * const cmm_events[] = {
	[CMM_FINE] = "recovered",
	[CMM_NO_MEMORY] = "short",
	[CMM_LOW_MEMORY] = "short",
	[CMM_PRESSURE] = "short",
	[CMM_REFUSED] = "refused",
	[CMM_NO_ANSWER] = "no-answer",
};

/* @oom_pages: pages that OOM events returned since the last event "oom"; 0 for other events */
static void cmm_send(const char *event, const struct cmm_view *view, unsigned long oom_pages)
{
	char word[CMM_UEVENT_VARIABLE], state[CMM_UEVENT_VARIABLE];
	char loaned[CMM_UEVENT_VARIABLE], target[CMM_UEVENT_VARIABLE];
	char oom_freed[CMM_UEVENT_VARIABLE], oom[CMM_UEVENT_VARIABLE];

	snprintf(word, sizeof(word), "CMM_EVENT=%s", event);
	snprintf(state, sizeof(state), "CMM_STATE=%s", cmm_state_word(view));
	snprintf(loaned, sizeof(loaned), "CMM_LOANED_KB=%lu",
		 cmm_pages_to_kb(view->loaned_pages, PAGE_SHIFT));
	snprintf(target, sizeof(target), "CMM_LOANED_TARGET_KB=%lu",
		 cmm_pages_to_kb(view->target_pages, PAGE_SHIFT));
	snprintf(oom_freed, sizeof(oom_freed), "CMM_OOM_FREED_KB=%lu",
		 cmm_pages_to_kb(view->oom_freed_pages, PAGE_SHIFT));
	snprintf(oom, sizeof(oom), "CMM_OOM_KB=%lu", cmm_pages_to_kb(oom_pages, PAGE_SHIFT));
	cmm_sysfs_uevent((char *[]){ word, state, loaned, target, oom_freed,
			 oom_pages ? oom : NULL, NULL });
}

static unsigned long cmm_send_oom(const struct cmm_view *view)
{
	unsigned long pause = cmm_until(cmm_next_oom);
	/* In the pause, the number is only read. After the pause it is reset, and then reported. */
	unsigned long pages = cmm_oom_unreported(!pause);

	if (!pages)
		return MAX_SCHEDULE_TIMEOUT;
	if (pause)
		return pause;

	cmm_next_oom = jiffies + CMM_UEVENT_PAUSE;
	cmm_send("oom", view, pages);
	return MAX_SCHEDULE_TIMEOUT;
}

static unsigned long cmm_send_trouble(const struct cmm_view *view)
{
	bool too_little = view->loaned_pages < view->target_pages;
	unsigned long pause = cmm_until(cmm_next_trouble);

	/*
	 * After a trouble, CMM_FINE is reported only when the target is met, not after one good
	 * batch. CMM_NO_LOANS causes no event.
	 */
	if (view->trouble == cmm_last_trouble || view->trouble == CMM_NO_LOANS ||
	    (view->trouble == CMM_FINE && too_little))
		return MAX_SCHEDULE_TIMEOUT;

	if (pause)
		return pause;

	cmm_next_trouble = jiffies + CMM_UEVENT_PAUSE;
	cmm_last_trouble = view->trouble;
	cmm_send(cmm_events[view->trouble], view, 0);
	return MAX_SCHEDULE_TIMEOUT;
}

/**
 * cmm_uevent_send - send the events that are due
 *
 * The worker calls this function after each step. The function sleeps, and allocates memory.
 *
 * Return: jiffies until a delayed event is due, MAX_SCHEDULE_TIMEOUT if there is none.
 */
unsigned long cmm_uevent_send(void)
{
	struct cmm_view view;

	cmm_get_view(&view);
	return min(cmm_send_oom(&view), cmm_send_trouble(&view));
}
