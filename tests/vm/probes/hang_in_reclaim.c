// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A shrinker that hangs, like one of a network file system with a server that does not answer. If
 * the driver's thread allocates with __GFP_FS, the shrinker sleeps until stuck=0 is written. Other
 * threads are not stopped, so the test itself goes on.
 */
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/shrinker.h>
#include <linux/string.h>
#include <linux/version.h>
#include <linux/wait.h>

static DECLARE_WAIT_QUEUE_HEAD(waiters);
static bool stuck = true;

static int set_stuck(const char *val, const struct kernel_param *kp)
{
	int ret = param_set_bool(val, kp);

	wake_up_all(&waiters);
	return ret;
}

static const struct kernel_param_ops stuck_ops = {
	.set = set_stuck,
	.get = param_get_bool,
};

module_param_cb(stuck, &stuck_ops, &stuck, 0644);

static unsigned long count(struct shrinker *shrinker, struct shrink_control *sc)
{
	return 1000000;
}

static unsigned long scan(struct shrinker *shrinker, struct shrink_control *sc)
{
	if ((sc->gfp_mask & __GFP_FS) && !strcmp(current->comm, "cmmthread"))
		wait_event(waiters, !READ_ONCE(stuck));
	return SHRINK_STOP;
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)

static struct shrinker *shrinker;

static int __init hang_init(void)
{
	shrinker = shrinker_alloc(0, "hang_in_reclaim");
	if (!shrinker)
		return -ENOMEM;
	shrinker->count_objects = count;
	shrinker->scan_objects = scan;
	shrinker_register(shrinker);
	return 0;
}

static void __exit hang_exit(void)
{
	shrinker_free(shrinker);
}

#else

static struct shrinker shrinker = {
	.count_objects = count,
	.scan_objects = scan,
	.seeks = DEFAULT_SEEKS,
};

static int __init hang_init(void)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 0, 0)
	return register_shrinker(&shrinker, "hang_in_reclaim");
#else
	return register_shrinker(&shrinker);
#endif
}

static void __exit hang_exit(void)
{
	unregister_shrinker(&shrinker);
}

#endif

module_init(hang_init);
module_exit(hang_exit);
MODULE_DESCRIPTION("A shrinker that sleeps");
MODULE_LICENSE("GPL");
