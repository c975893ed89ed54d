// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The module: parameters, init, exit, and the life of the worker.
 *
 * One worker thread runs from init to exit. A write of disable=1, a reboot and module exit each
 * begin a hold (enum cmm_hold), which doesn't stop the thread. Only module exit stops the thread,
 * and only when neither a write nor a reboot can begin a hold any more. So none of these three
 * starts, stops or frees a thread that another of them relies on.
 */

#define pr_fmt(fmt) "cmm: " fmt

#include <linux/err.h>
#include <linux/init.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>

#include "cmm.h"
#include "compat.h"
#include "hypervisor.h"
#include "version.h"

#define CMM_MODE_RW	0644
#define CMM_MODE_RO	0444

/* The worker thread. Only init and exit use this pointer, so it needs no lock. */
static struct task_struct *cmm_worker_task;

/* Orders init, exit and the writers of the disable parameter */
static DEFINE_MUTEX(cmm_lifecycle);
static bool cmm_live;		/* init is done and exit hasn't begun */
static bool cmm_unloading;	/* exit has begun */

#define CMM_LARGEST(name, type, ops, mode, unit, initial, max, ...)	.name = max,

/* The largest value of each parameter, at the same offset as the parameter has in cmm_params */
static const struct cmm_params cmm_largest = {
	CMM_PARAMETER_TABLE(CMM_LARGEST)
};

static const void *cmm_largest_of(const struct kernel_param *kp)
{
	return (const void *)&cmm_largest + (kp->arg - (void *)&cmm_params);
}

/*
 * The operations of a parameter. A write wakes the worker, so that the new value takes effect at
 * once. param_set_uint() and param_set_ulong() are not used: they store the value without
 * WRITE_ONCE(), but other tasks may read it meanwhile. The errors are the same as theirs, with one
 * exception: if the parameter's maximum is below the type's, every wrong value gives -EINVAL.
 */
#define CMM_KICKING_OPS(type, parse)						\
static int cmm_set_##type(const char *val, const struct kernel_param *kp)	\
{										\
	type value, largest = *(const type *)cmm_largest_of(kp);		\
	int ret = parse(val, 0, &value);					\
										\
	if (largest < (type)-1 && (ret || value > largest))			\
		return -EINVAL;							\
	if (ret)								\
		return ret;							\
	WRITE_ONCE(*(type *)kp->arg, value);					\
	cmm_kick();								\
	return 0;								\
}										\
										\
static const struct kernel_param_ops cmm_##type##_ops = {			\
	.set = cmm_set_##type,							\
	.get = param_get_##type,						\
};

CMM_KICKING_OPS(uint, kstrtouint)
CMM_KICKING_OPS(ulong, kstrtoul)

/*
 * A write of 1 waits until all pages are returned, a fatal signal arrives, or the hypervisor
 * refuses to activate the remaining pages. In the last two cases the driver stays disabled and
 * continues to return pages. A write of 0 in the meantime ends the wait with ECANCELED. A value
 * that is set before init only decides whether the worker starts disabled.
 *
 * The kernel calls this function with the module's parameter lock held. The lock is dropped during
 * the wait. Otherwise a task that reads a parameter would sleep during the whole wait, and the
 * kernel would report this task as hung.
 */
static int cmm_set_disable(const char *val, const struct kernel_param *kp)
{
	struct cmm_view view;
	unsigned int disable;
	long left;
	bool live;

	if (kstrtouint(val, 10, &disable) || disable > cmm_largest.disable)
		return -EINVAL;

	mutex_lock(&cmm_lifecycle);
	if (cmm_unloading) {
		mutex_unlock(&cmm_lifecycle);
		return -ENODEV;
	}
	if (disable)
		cmm_hold_begin(CMM_DISABLED);
	else
		cmm_hold_end(CMM_DISABLED);
	WRITE_ONCE(cmm_params.disable, disable);
	live = cmm_live;
	cmm_get_view(&view);
	mutex_unlock(&cmm_lifecycle);

	if (!disable || !live)
		return 0;
	kernel_param_unlock(THIS_MODULE);
	left = cmm_balloon_drain(CMM_DRAIN_DISABLE, view.enables);
	kernel_param_lock(THIS_MODULE);
	return left > 0 ? -EIO : left;
}

static const struct kernel_param_ops cmm_disable_ops = {
	.set = cmm_set_disable,
	.get = param_get_uint,
};

#define CMM_DEFINE_PARAMETER(name, type, ops, mode, unit, initial, max, driver, meaning)	\
	module_param_cb(name, &ops, &cmm_params.name, CMM_MODE_##mode);			\
	__MODULE_PARM_TYPE(name, #type);						\
	MODULE_PARM_DESC(name, meaning "; default " #initial " " unit);

CMM_PARAMETER_TABLE(CMM_DEFINE_PARAMETER)

/*
 * Before init ends, notifiers may be called, and attributes read or written. That is harmless,
 * because nothing is on loan yet.
 */
static int __init cmm_module_init(void)
{
	int ret;

	if (cmm_compat_is_crash_kernel()) {
		pr_info("not loaning memory of a crash kernel\n");
		return -ENODEV;
	}

	if (cmm_params.simulate)
		cmm_hv = &cmm_hv_simulate;
	ret = cmm_params.simulate ? 0 : cmm_pseries_init();
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

	ret = cmm_oom_register();
	if (ret)
		goto out_worker;

	ret = cmm_events_register();
	if (ret)
		goto out_oom;

	ret = cmm_sysfs_register();
	if (ret)
		goto out_events;

	mutex_lock(&cmm_lifecycle);
	cmm_live = true;
	mutex_unlock(&cmm_lifecycle);
	wake_up_process(cmm_worker_task);
	return 0;

out_events:
	cmm_events_unregister();
out_oom:
	cmm_oom_unregister();
out_worker:
	kthread_stop(cmm_worker_task);
out_balloon:
	cmm_balloon_exit();
	return ret;
}

/*
 * The notifiers are unregistered before the worker stops. Unregistering waits for a reboot that is
 * under way, and the reboot may wait for the worker. The notifiers stay registered until the drain
 * has ended, so that an OOM event during the drain still gets pages.
 *
 * Pages that the hypervisor refuses to activate are leaked, because the allocator must never get
 * them. They are marked PageOffline, except for a page that another task had locked at each try.
 * The head of their list goes away with the module, but nothing reads the list after that.
 */
static void __exit cmm_module_exit(void)
{
	long left;

	mutex_lock(&cmm_lifecycle);
	cmm_live = false;
	cmm_unloading = true;
	cmm_hold_begin(CMM_UNLOADING);
	mutex_unlock(&cmm_lifecycle);

	left = cmm_balloon_drain(CMM_DRAIN_UNLOAD, 0);
	if (left)
		pr_err("leaking %ld pages that the hypervisor refuses to activate\n", left);

	cmm_events_unregister();
	cmm_oom_unregister();
	kthread_stop(cmm_worker_task);
	cmm_sysfs_unregister();

	/* A task may still be executing the end of cmm_migrate(). */
	synchronize_rcu_tasks();
	cmm_balloon_exit();
}

module_init(cmm_module_init);
module_exit(cmm_module_exit);

MODULE_AUTHOR("The cmm-dkms developers");
MODULE_DESCRIPTION("Collaborative memory manager for IBM Power partitions");
MODULE_LICENSE("GPL");
MODULE_VERSION(CMM_VERSION);
