// SPDX-License-Identifier: GPL-2.0-or-later
/* Bus cmm, device cmm0 and its attributes. The attributes exist before the add uevent. */

#define pr_fmt(fmt) "cmm: " fmt

#include <linux/capability.h>
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/device.h>
#include <linux/kernfs.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/sysfs.h>

#include "cmm.h"
#include "hypervisor.h"
#include "target.h"

static struct device *cmm_device;

#define CMM_SHOW(name, format, value)						\
static ssize_t name##_show(struct device *dev, struct device_attribute *attr,	\
			   char *buf)						\
{										\
	struct cmm_view view;							\
										\
	cmm_get_view(&view);							\
	return sysfs_emit(buf, format "\n", value);				\
}

#define CMM_SHOW_STATISTIC(name, ...)	CMM_SHOW(name, "%lu", READ_ONCE(cmm_stats.name))
#define CMM_DEFINE_RO(name, ...)		static DEVICE_ATTR_RO(name);
#define CMM_DEFINE(name, mode, ...)		static DEVICE_ATTR_##mode(name);
#define CMM_LIST(name, ...)			&dev_attr_##name.attr,

CMM_SHOW(loaned_kb, "%lu", cmm_pages_to_kb(view.loaned_pages, PAGE_SHIFT))
CMM_SHOW(loaned_target_kb, "%lu", cmm_pages_to_kb(view.target_pages, PAGE_SHIFT))
CMM_SHOW(oom_freed_kb, "%lu", cmm_pages_to_kb(view.oom_freed_pages, PAGE_SHIFT))
CMM_SHOW(state, "%s", cmm_state_word(&view))
CMM_SHOW(simulate_loan_target_kb, "%lu", READ_ONCE(cmm_simulate_target_kb))
CMM_STATISTIC_TABLE(CMM_SHOW_STATISTIC)

static ssize_t oom_freed_kb_store(struct device *dev, struct device_attribute *attr,
				  const char *buf, size_t count)
{
	long value;
	int ret;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;

	ret = kstrtol(buf, 10, &value);
	if (ret == -EINVAL)
		return -EINVAL;
	if (ret || value)
		return -EBADMSG;

	cmm_oom_reset();
	return count;
}

static ssize_t simulate_loan_target_kb_store(struct device *dev, struct device_attribute *attr,
					     const char *buf, size_t count)
{
	unsigned long value;
	int ret;

	ret = kstrtoul(buf, 0, &value);
	if (ret)
		return ret;
	WRITE_ONCE(cmm_simulate_target_kb, value);
	cmm_kick();
	return count;
}

CMM_ATTRIBUTE_TABLE(CMM_DEFINE)
CMM_STATISTIC_TABLE(CMM_DEFINE_RO)

static struct attribute *cmm_attrs[] = {
	CMM_ATTRIBUTE_TABLE(CMM_LIST)
	NULL
};

static umode_t cmm_attr_visible(struct kobject *kobj, struct attribute *attr, int index)
{
	if (attr == &dev_attr_simulate_loan_target_kb.attr && !cmm_params.simulate)
		return 0;
	return attr->mode;
}

static const struct attribute_group cmm_group = {
	.attrs = cmm_attrs,
	.is_visible = cmm_attr_visible,
};

static struct attribute *cmm_stats_attrs[] = {
	CMM_STATISTIC_TABLE(CMM_LIST)
	NULL
};

static const struct attribute_group cmm_stats_group = {
	.name = "stats",
	.attrs = cmm_stats_attrs,
};

static const struct attribute_group *cmm_groups[] = {
	&cmm_group,
	&cmm_stats_group,
	NULL
};

static struct bus_type cmm_bus = {
	.name = "cmm",
	.dev_name = "cmm",
};

/* Module exit waits for the device's release, which CONFIG_DEBUG_KOBJECT_RELEASE delays. */
static DECLARE_COMPLETION(cmm_released);

static void cmm_device_release(struct device *dev)
{
	kfree(dev);
	complete(&cmm_released);
}

/*
 * Whether another driver, such as a built-in one, has created the directory of the bus. Without
 * this check, the registration of the bus would fail as well, but the kernel would also log a
 * warning with a backtrace.
 */
static bool cmm_is_taken(void)
{
	struct kobject *cpu = &get_cpu_device(raw_smp_processor_id())->kobj;
	struct kobject *system = cpu->parent->parent;
	struct kernfs_node *other = kernfs_find_and_get(system->sd, cmm_bus.name);

	kernfs_put(other);
	return other;
}

/**
 * cmm_sysfs_register - create the bus and the device with all its attributes
 *
 * Return: 0 or an errno.
 */
int cmm_sysfs_register(void)
{
	int ret;

	if (cmm_is_taken()) {
		pr_err("another driver has /sys/devices/system/cmm; if it is built in, boot with initcall_blacklist=cmm_init\n");
		/* Not -EEXIST: modprobe reports that as success ("already loaded"). */
		return -EBUSY;
	}

	ret = subsys_system_register(&cmm_bus, NULL);
	if (ret)
		return ret;

	ret = -ENOMEM;
	cmm_device = kzalloc(sizeof(*cmm_device), GFP_KERNEL);
	if (!cmm_device)
		goto out_bus;
	cmm_device->bus = &cmm_bus;
	cmm_device->groups = cmm_groups;
	cmm_device->release = cmm_device_release;
	ret = device_register(cmm_device);
	if (!ret)
		return 0;

	put_device(cmm_device);
	wait_for_completion(&cmm_released);
	/* A task may still be executing the end of cmm_device_release(). */
	synchronize_rcu_tasks();
out_bus:
	bus_unregister(&cmm_bus);
	return ret;
}

/**
 * cmm_sysfs_uevent - send a change event of the device
 * @variables: "NAME=VALUE" strings, NULL at the end
 *
 * The device must be registered. The event is lost if there is no memory for it. The call itself
 * starts no reclaim by a file system, because a file system that hangs would keep the worker from
 * returning memory. But it takes a mutex, which another task may hold while that task reclaims.
 */
void cmm_sysfs_uevent(char **variables)
{
	unsigned int flags = memalloc_noio_save();

	kobject_uevent_env(&cmm_device->kobj, KOBJ_CHANGE, variables);
	memalloc_noio_restore(flags);
}

/**
 * cmm_sysfs_unregister - remove the device and the bus
 *
 * Waits until running accesses to attributes have ended.
 */
void cmm_sysfs_unregister(void)
{
	device_unregister(cmm_device);
	wait_for_completion(&cmm_released);
	bus_unregister(&cmm_bus);
}
