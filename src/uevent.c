// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What udev is told: a change event of cmm0 when an OOM event took memory
 * back, when the target can't be met, when the hypervisor refuses or is
 * silent, and when that is over. README.md lists the variables.
 *
 * Two kinds of news, each told at most once in CMM_UEVENT_PAUSE. What happens
 * meanwhile isn't lost: OOM events add up, and of what keeps the target from
 * being met the last state is told, if it isn't the one told before.
 */

#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/mm.h>
#include <linux/sched.h>

#include "cmm.h"
#include "target.h"

#define CMM_UEVENT_PAUSE	(10 * HZ)

/* NAME=VALUE; the longest has a number of 20 digits. */
#define CMM_UEVENT_VARIABLE	48

/* The worker's own; nobody else tells. */
static struct {
	bool oom;			/* told once, at ... */
	unsigned long oom_at;		/* ... this time, in jiffies */
	bool trouble;			/* likewise */
	unsigned long trouble_at;
	enum cmm_trouble last;
} told;

static const char *cmm_event_of(enum cmm_trouble trouble)
{
	switch (trouble) {
	case CMM_NO_MEMORY:
	case CMM_LOW_MEMORY:
		return "short";
	case CMM_REFUSED:
		return "refused";
	case CMM_NO_ANSWER:
		return "no-answer";
	case CMM_FINE:
		break;
	}
	return "recovered";
}

/* Jiffies until the next event of a kind may be told; 0: now. */
static unsigned long cmm_pause(bool before, unsigned long at)
{
	return before ? cmm_until(at + CMM_UEVENT_PAUSE) : 0;
}

/* @oom_pages: taken back since the last event that told so; 0: no matter of this event */
static void cmm_tell(const char *event, unsigned long oom_pages)
{
	char variables[6][CMM_UEVENT_VARIABLE];
	char *env[ARRAY_SIZE(variables) + 1] = { NULL };
	unsigned long loaned, target, oom_freed;
	int n = 0;

	spin_lock(&cmm.lock);
	loaned = cmm.loaned_pages;
	target = cmm.target_pages;
	oom_freed = cmm.oom_freed_pages;
	spin_unlock(&cmm.lock);

	snprintf(variables[n++], CMM_UEVENT_VARIABLE, "CMM_EVENT=%s", event);
	snprintf(variables[n++], CMM_UEVENT_VARIABLE, "CMM_STATE=%s", cmm_state());
	snprintf(variables[n++], CMM_UEVENT_VARIABLE, "CMM_LOANED_KB=%lu",
		 cmm_pages_to_kb(loaned, PAGE_SHIFT));
	snprintf(variables[n++], CMM_UEVENT_VARIABLE, "CMM_LOANED_TARGET_KB=%lu",
		 cmm_pages_to_kb(target, PAGE_SHIFT));
	snprintf(variables[n++], CMM_UEVENT_VARIABLE, "CMM_OOM_FREED_KB=%lu",
		 cmm_pages_to_kb(oom_freed, PAGE_SHIFT));
	if (oom_pages)
		snprintf(variables[n++], CMM_UEVENT_VARIABLE, "CMM_OOM_KB=%lu",
			 cmm_pages_to_kb(oom_pages, PAGE_SHIFT));
	while (n--)
		env[n] = variables[n];
	cmm_sysfs_uevent(env);
}

static unsigned long cmm_tell_oom(void)
{
	unsigned long pages, pause;

	pause = cmm_pause(told.oom, told.oom_at);
	spin_lock(&cmm.lock);
	pages = cmm.oom_untold_pages;
	if (!pause)
		cmm.oom_untold_pages = 0;
	spin_unlock(&cmm.lock);
	if (!pages)
		return MAX_SCHEDULE_TIMEOUT;
	if (pause)
		return pause;

	told.oom = true;
	told.oom_at = jiffies;
	cmm_tell("oom", pages);
	return MAX_SCHEDULE_TIMEOUT;
}

static unsigned long cmm_tell_trouble(void)
{
	enum cmm_trouble trouble;
	unsigned long pause;
	bool short_of_it;

	spin_lock(&cmm.lock);
	trouble = cmm_trouble_now();
	short_of_it = cmm.loaned_pages < cmm.target_pages;
	spin_unlock(&cmm.lock);
	/* A batch that could be loaned isn't the end of a trouble yet. */
	if (trouble == told.last || (trouble == CMM_FINE && short_of_it))
		return MAX_SCHEDULE_TIMEOUT;

	pause = cmm_pause(told.trouble, told.trouble_at);
	if (pause)
		return pause;

	told.trouble = true;
	told.trouble_at = jiffies;
	told.last = trouble;
	cmm_tell(cmm_event_of(trouble), 0);
	return MAX_SCHEDULE_TIMEOUT;
}

/**
 * cmm_uevent_tell - send what there is to tell
 *
 * For the worker, after each step. Sleeps, and allocates.
 *
 * Return: jiffies until something that had to wait may be told,
 * MAX_SCHEDULE_TIMEOUT where there is nothing of the kind.
 */
unsigned long cmm_uevent_tell(void)
{
	return min(cmm_tell_oom(), cmm_tell_trouble());
}
