// SPDX-License-Identifier: GPL-2.0-or-later
/* What happens to the machine: out of memory, memory hotplug, restart, sleep, migration. */

#include <linux/jiffies.h>
#include <linux/memory.h>
#include <linux/mm.h>
#include <linux/notifier.h>
#include <linux/of.h>
#include <linux/oom.h>
#include <linux/reboot.h>
#include <linux/string.h>
#include <linux/suspend.h>

#include "cmm.h"
#include "moved.h"
#include "target.h"
#include "trace.h"

#define CMM_HOTPLUG_PRIORITY	1

/*
 * Runs in the task that ran out of memory, under oom_lock: neither allocates
 * nor waits for the worker. The epoch moves on first: the worker ends a loan
 * under way, instead of taking again what is freed here. It moves on in the end
 * as well: nothing is loaned until a poll that began after that has said what to.
 */
static int cmm_oom_event(struct notifier_block *nb, unsigned long unused, void *freed)
{
	unsigned long asked, loaned, returned, total = 0;

	asked = cmm_kb_to_pages_up(READ_ONCE(cmm_params.oom_kb), PAGE_SHIFT);

	spin_lock(&cmm.lock);
	cmm.oom_epoch++;
	cmm.oom_running++;
	cmm.stats.oom_events++;
	if (cmm.target_pages > cmm.loaned_pages)
		cmm.target_pages = cmm.loaned_pages;
	spin_unlock(&cmm.lock);

	while (total < asked) {
		cmm_balloon_deflate(asked - total, &returned);
		if (!returned)
			break;
		total += returned;
	}

	spin_lock(&cmm.lock);
	cmm.oom_epoch++;
	cmm.oom_running--;
	cmm.oom_freed_pages += total;
	cmm.oom_untold_pages += total;
	loaned = cmm.loaned_pages;
	if (cmm.target_pages > loaned)
		cmm.target_pages = loaned;
	spin_unlock(&cmm.lock);

	if (total)
		cmm_nudge();
	*(unsigned long *)freed += total;
	trace_cmm_oom(asked, total, loaned);
	cmm_dbg("out of memory: %lu of %lu pages returned, %lu loaned\n", total, asked, loaned);
	return NOTIFY_OK;
}

static struct notifier_block cmm_oom_nb = {
	.notifier_call = cmm_oom_event,
};

/*
 * A cancelled offline can come without its beginning, when a notifier before
 * ours failed: then there is nothing to end, and no delay.
 */
static void cmm_offline_ends(void)
{
	spin_lock(&cmm.lock);
	if (cmm.holds & CMM_OFFLINING) {
		cmm.offlined = true;
		cmm.offlined_at = jiffies;
	}
	spin_unlock(&cmm.lock);
	cmm_hold_end(CMM_OFFLINING);
}

static int cmm_memory_event(struct notifier_block *nb, unsigned long action, void *unused)
{
	switch (action) {
	case MEM_GOING_OFFLINE:
		cmm_hold_begin(CMM_OFFLINING);
		break;
	case MEM_OFFLINE:
	case MEM_CANCEL_OFFLINE:
		cmm_offline_ends();
		cmm_dbg("memory offline is over\n");
		break;
	}
	return NOTIFY_OK;
}

static struct notifier_block cmm_memory_nb = {
	.notifier_call = cmm_memory_event,
	.priority = CMM_HOTPLUG_PRIORITY,
};

/*
 * The next kernel knows nothing of our loans. Power off and halt need no
 * drain: the partition ends, and its loans with it.
 */
static int cmm_restart_event(struct notifier_block *nb, unsigned long action, void *unused)
{
	if (action != SYS_RESTART)
		return NOTIFY_DONE;

	cmm_hold_begin(CMM_RESTARTING);
	if (cmm_drain(CMM_DRAIN_BOUNDED))
		pr_err("restart: %lu pages are still on loan\n", READ_ONCE(cmm.loaned_pages));
	else
		cmm_dbg("restart: nothing on loan\n");
	return NOTIFY_DONE;
}

static struct notifier_block cmm_restart_nb = {
	.notifier_call = cmm_restart_event,
};

/*
 * An image of the system must not hold loans: whoever resumes it may be
 * another hypervisor, to which all pages are active.
 */
static int cmm_sleep_event(struct notifier_block *nb, unsigned long action, void *unused)
{
	switch (action) {
	case PM_HIBERNATION_PREPARE:
	case PM_RESTORE_PREPARE:
	case PM_SUSPEND_PREPARE:
		cmm_hold_begin(CMM_SUSPENDING);
		if (!cmm_drain(CMM_DRAIN_BOUNDED))
			break;
		cmm_hold_end(CMM_SUSPENDING);
		pr_err("%lu pages are still on loan: not going to sleep\n",
		       READ_ONCE(cmm.loaned_pages));
		return notifier_from_errno(-EBUSY);
	case PM_POST_HIBERNATION:
	case PM_POST_RESTORE:
	case PM_POST_SUSPEND:
		cmm_hold_end(CMM_SUSPENDING);
		break;
	}
	return NOTIFY_OK;
}

static struct notifier_block cmm_sleep_nb = {
	.notifier_call = cmm_sleep_event,
};

/*
 * What another hypervisor holds of ours can't be asked. That every page is
 * active after it was made so can be relied on, so all of it comes back, and
 * is loaned anew as this hypervisor asks.
 */
static int cmm_tree_event(struct notifier_block *nb, unsigned long action, void *data)
{
	const struct of_reconfig_data *change = data;
	const struct property *before = change->old_prop;
	const struct property *after = change->prop;

	if (action != OF_RECONFIG_UPDATE_PROPERTY || !of_node_is_root(change->dn) || !before)
		return NOTIFY_DONE;
	if (!cmm_is_other_system(after->name, before->value, before->length, after->value,
				 after->length))
		return NOTIFY_DONE;

	pr_info("the partition came to another system: taking back what is on loan, to begin anew\n");
	cmm_hold_begin(CMM_MOVED);
	return NOTIFY_OK;
}

static struct notifier_block cmm_tree_nb = {
	.notifier_call = cmm_tree_event,
};

int cmm_events_register(void)
{
	int ret;

	ret = register_oom_notifier(&cmm_oom_nb);
	if (ret)
		return ret;
	ret = register_memory_notifier(&cmm_memory_nb);
	if (ret)
		goto out_oom;
	ret = register_reboot_notifier(&cmm_restart_nb);
	if (ret)
		goto out_memory;
	ret = register_pm_notifier(&cmm_sleep_nb);
	if (ret)
		goto out_restart;
	ret = of_reconfig_notifier_register(&cmm_tree_nb);
	if (ret)
		goto out_sleep;
	return 0;

out_sleep:
	unregister_pm_notifier(&cmm_sleep_nb);
out_restart:
	unregister_reboot_notifier(&cmm_restart_nb);
out_memory:
	unregister_memory_notifier(&cmm_memory_nb);
out_oom:
	unregister_oom_notifier(&cmm_oom_nb);
	return ret;
}

/* Waits for callbacks that are running, so the caller must hold no mutex that they may want. */
void cmm_events_unregister(void)
{
	of_reconfig_notifier_unregister(&cmm_tree_nb);
	unregister_pm_notifier(&cmm_sleep_nb);
	unregister_reboot_notifier(&cmm_restart_nb);
	unregister_memory_notifier(&cmm_memory_nb);
	unregister_oom_notifier(&cmm_oom_nb);
}
