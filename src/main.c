// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The module: parameters, init, exit, and the life of the worker.
 *
 * One worker from init to exit. Disabling it, restarting the machine or
 * unloading the module are states of it (see enum cmm_hold), so that none of
 * them starts, stops or frees a thread that another one counts on.
 */

#include <linux/crash_dump.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/rcupdate.h>

#include "cmm.h"
#include "version.h"

struct cmm cmm = {
	.lifecycle = __MUTEX_INITIALIZER(cmm.lifecycle),
	.lock = __SPIN_LOCK_UNLOCKED(cmm.lock),
	.refused = LIST_HEAD_INIT(cmm.refused),
	.kick = __WAIT_QUEUE_HEAD_INITIALIZER(cmm.kick),
	.drained = __WAIT_QUEUE_HEAD_INITIALIZER(cmm.drained),
};

struct cmm_params cmm_params = {
	.delay_s = 1,
	.hotplug_delay_s = 5,
	.oom_kb = 1024,
	.min_mem_mb = 256,
};

const struct cmm_hypervisor *cmm_hv;

/* Written by init before anything else runs, read by exit after everything has ended. */
static struct task_struct *cmm_worker_task;

static int cmm_set_uint(const char *val, const struct kernel_param *kp)
{
	int ret = param_set_uint(val, kp);

	if (!ret)
		cmm_kick();
	return ret;
}

static const struct kernel_param_ops cmm_uint_ops = {
	.set = cmm_set_uint,
	.get = param_get_uint,
};

static int cmm_set_ulong(const char *val, const struct kernel_param *kp)
{
	int ret = param_set_ulong(val, kp);

	if (!ret)
		cmm_kick();
	return ret;
}

static const struct kernel_param_ops cmm_ulong_ops = {
	.set = cmm_set_ulong,
	.get = param_get_ulong,
};

/*
 * Returns when everything has been given back, or on a fatal signal, or when
 * the hypervisor doesn't take back a rest of it; in the latter two cases the
 * driver is disabled and goes on draining. Before init it only sets the state
 * in which the worker will start.
 */
static int cmm_set_disable(const char *val, const struct kernel_param *kp)
{
	unsigned int disable;
	bool live;

	if (kstrtouint(val, 10, &disable) || disable > 1)
		return -EINVAL;

	mutex_lock(&cmm.lifecycle);
	if (READ_ONCE(cmm.holds) & CMM_UNLOADING) {
		mutex_unlock(&cmm.lifecycle);
		return -ENODEV;
	}
	if (disable)
		cmm_hold_begin(CMM_DISABLED);
	else
		cmm_hold_end(CMM_DISABLED);
	WRITE_ONCE(cmm_params.disable, disable);
	live = cmm.live;
	mutex_unlock(&cmm.lifecycle);

	if (!disable || !live)
		return 0;
	return cmm_drain(CMM_DRAIN_KILLABLE);
}

static const struct kernel_param_ops cmm_disable_ops = {
	.set = cmm_set_disable,
	.get = param_get_uint,
};

module_param_cb(delay, &cmm_uint_ops, &cmm_params.delay_s, 0644);
__MODULE_PARM_TYPE(delay, "uint");
MODULE_PARM_DESC(delay,
		 "Seconds between two looks at the hypervisor's loan request (default 1)");

module_param_cb(hotplug_delay, &cmm_uint_ops, &cmm_params.hotplug_delay_s, 0644);
__MODULE_PARM_TYPE(hotplug_delay, "uint");
MODULE_PARM_DESC(hotplug_delay,
		 "Seconds after a memory hot-remove until loaning goes on (default 5)");

module_param_cb(oom_kb, &cmm_uint_ops, &cmm_params.oom_kb, 0644);
__MODULE_PARM_TYPE(oom_kb, "uint");
MODULE_PARM_DESC(oom_kb,
		 "KiB to take back from the loan at each out-of-memory event (default 1024)");

module_param_cb(min_mem_mb, &cmm_ulong_ops, &cmm_params.min_mem_mb, 0644);
__MODULE_PARM_TYPE(min_mem_mb, "ulong");
MODULE_PARM_DESC(min_mem_mb,
		 "MiB of the partition's memory that are never loaned (default 256)");

module_param_cb(min_avail_mb, &cmm_ulong_ops, &cmm_params.min_avail_mb, 0644);
__MODULE_PARM_TYPE(min_avail_mb, "ulong");
MODULE_PARM_DESC(min_avail_mb,
		 "MiB that loans leave available (MemAvailable), and come back for (default 0: none)");

module_param_named(debug, cmm_params.debug, uint, 0644);
MODULE_PARM_DESC(debug, "1: log what the driver does (default 0)");

module_param_named(simulate, cmm_params.simulate, bool, 0444);
MODULE_PARM_DESC(simulate,
		 "Work without the hypervisor, on a target written to sysfs (default N)");

module_param_cb(disable, &cmm_disable_ops, &cmm_params.disable, 0644);
__MODULE_PARM_TYPE(disable, "uint");
MODULE_PARM_DESC(disable,
		 "1: take every loaned page back and loan nothing; 0: go on (default 0)");

/* Notifiers and sysfs may call in from here on, which is harmless: nothing is loaned yet. */
static int __init cmm_module_init(void)
{
	int ret;

	if (is_kdump_kernel()) {
		pr_info("not loaning memory of a crash kernel\n");
		return -ENODEV;
	}

	cmm_hv = cmm_params.simulate ? &cmm_hv_simulate : &cmm_hv_pseries;
	ret = cmm_hv->init();
	if (ret)
		return ret;

	ret = cmm_balloon_init();
	if (ret)
		return ret;

	cmm_worker_task = kthread_create(cmm_worker, NULL, "cmmthread");
	if (IS_ERR(cmm_worker_task)) {
		ret = PTR_ERR(cmm_worker_task);
		goto out_balloon;
	}

	ret = cmm_events_register();
	if (ret)
		goto out_worker;

	ret = cmm_sysfs_register();
	if (ret)
		goto out_events;

	mutex_lock(&cmm.lifecycle);
	cmm.live = true;
	mutex_unlock(&cmm.lifecycle);
	wake_up_process(cmm_worker_task);
	cmm_dbg("version %s, %s hypervisor\n", CMM_VERSION, cmm_hv->name);
	return 0;

out_events:
	cmm_events_unregister();
out_worker:
	kthread_stop(cmm_worker_task);
out_balloon:
	cmm_balloon_exit();
	return ret;
}

/*
 * The notifiers stay until the loan is back: unregistering the one for
 * restarts waits for a restart that is under way, which waits for the worker.
 *
 * What the hypervisor refuses to activate is leaked: the allocator must never
 * get it, and nothing but our list knows it.
 */
static void __exit cmm_module_exit(void)
{
	mutex_lock(&cmm.lifecycle);
	cmm.live = false;
	cmm_hold_begin(CMM_UNLOADING);
	mutex_unlock(&cmm.lifecycle);

	if (cmm_drain(CMM_DRAIN_ISOLATED))
		pr_err("leaking %lu pages that the hypervisor doesn't activate\n",
		       cmm.refused_pages);

	cmm_events_unregister();
	kthread_stop(cmm_worker_task);
	cmm_sysfs_unregister();

	/* A task may still be on its last instructions in our migration callback. */
	synchronize_rcu_tasks();
	cmm_balloon_exit();
}

module_init(cmm_module_init);
module_exit(cmm_module_exit);

MODULE_AUTHOR("The cmm-dkms developers");
MODULE_DESCRIPTION("Collaborative memory manager for IBM Power partitions");
MODULE_LICENSE("GPL");
MODULE_VERSION(CMM_VERSION);
