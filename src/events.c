// SPDX-License-Identifier: GPL-2.0-or-later
/* Notifiers: memory hotplug, reboot, sleep, migration to another machine. */

#define pr_fmt(fmt) "cmm: " fmt

#include <linux/memory.h>
#include <linux/mm.h>
#include <linux/notifier.h>
#include <linux/of.h>
#include <linux/reboot.h>
#include <linux/string.h>
#include <linux/suspend.h>

#include "cmm.h"
#include "compat.h"
#include "moved.h"

#define CMM_HOTPLUG_PRIORITY	1

static int cmm_memory_event(struct notifier_block *nb, unsigned long action, void *unused)
{
	switch (action) {
	case MEM_GOING_OFFLINE:
		cmm_hold_begin(CMM_OFFLINING);
		break;
	case MEM_OFFLINE:
	case MEM_CANCEL_OFFLINE:
		cmm_hold_end(CMM_OFFLINING);
		break;
	}
	return NOTIFY_OK;
}

static struct notifier_block cmm_memory_nb = {
	.notifier_call = cmm_memory_event,
	.priority = CMM_HOTPLUG_PRIORITY,
};

/*
 * All pages are returned before a reboot or kexec, because the next kernel doesn't know which pages
 * are on loan. Power off and halt need no drain, because the loans end with the partition.
 */
static int cmm_restart_event(struct notifier_block *nb, unsigned long action, void *command)
{
	bool kexec = cmm_compat_is_kexec(command);
	long left;

	if (action != SYS_RESTART)
		return NOTIFY_DONE;

	cmm_hold_begin(CMM_RESTARTING);
	left = cmm_balloon_drain(kexec ? CMM_DRAIN_KEXEC : CMM_DRAIN_REBOOT, 0);
	if (left)
		pr_err("reboot: %ld pages are still on loan\n", left);
	else
		cmm_dbg("reboot: nothing on loan\n");
	return NOTIFY_DONE;
}

static struct notifier_block cmm_restart_nb = {
	.notifier_call = cmm_restart_event,
};

/*
 * The image of a sleeping system must have no pages on loan, because the image may be resumed on
 * another hypervisor, for which all pages are active.
 */
static int cmm_sleep_event(struct notifier_block *nb, unsigned long action, void *unused)
{
	long left;

	switch (action) {
	case PM_HIBERNATION_PREPARE:
	case PM_RESTORE_PREPARE:
	case PM_SUSPEND_PREPARE:
		cmm_hold_begin(CMM_SUSPENDING);
		left = cmm_balloon_drain(CMM_DRAIN_SLEEP, 0);
		if (!left)
			break;
		cmm_hold_end(CMM_SUSPENDING);
		pr_err("cannot suspend or hibernate: %ld pages are still on loan\n", left);
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
 * After a migration to another machine, the driver doesn't know which pages the new hypervisor
 * holds, and no hypercall reports them. But activating a page makes it active, whatever its state
 * in the new hypervisor was. So the driver returns all pages, which activates them. Then it loans
 * pages again as the new hypervisor requests.
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

	pr_info("the partition migrated to another system: returning all pages before new loans\n");
	cmm_hold_begin(CMM_MOVED);
	return NOTIFY_OK;
}

static struct notifier_block cmm_tree_nb = {
	.notifier_call = cmm_tree_event,
};

/**
 * cmm_events_unregister - unregister all notifiers
 *
 * Waits for running callbacks, so the caller must hold no mutex that a callback may take.
 */
void cmm_events_unregister(void)
{
	of_reconfig_notifier_unregister(&cmm_tree_nb);
	unregister_pm_notifier(&cmm_sleep_nb);
	unregister_reboot_notifier(&cmm_restart_nb);
	unregister_memory_notifier(&cmm_memory_nb);
}

/**
 * cmm_events_register - register all notifiers, which may then be called at any time
 *
 * Return: 0 or an errno.
 */
int cmm_events_register(void)
{
	int ret = register_memory_notifier(&cmm_memory_nb) ?:
		  register_reboot_notifier(&cmm_restart_nb) ?:
		  register_pm_notifier(&cmm_sleep_nb) ?:
		  of_reconfig_notifier_register(&cmm_tree_nb);

	/* A notifier that isn't registered can be unregistered without effect. */
	if (ret)
		cmm_events_unregister();
	return ret;
}
