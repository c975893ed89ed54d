// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Loading this module waits for a grace period of RCU tasks, and then logs how long this took. The
 * load fails with EAGAIN, so that the module need not be unloaded.
 */
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/rcupdate.h>

static int __init rcu_tasks_init(void)
{
	unsigned long begun = jiffies;

	synchronize_rcu_tasks();
	pr_info("rcu_tasks: %u ms\n", jiffies_to_msecs(jiffies - begun));
	return -EAGAIN;
}

module_init(rcu_tasks_init);
MODULE_DESCRIPTION("Waits for a grace period of RCU tasks");
MODULE_LICENSE("GPL");
