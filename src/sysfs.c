// SPDX-License-Identifier: GPL-2.0-or-later
/* Bus cmm, device cmm0, its attributes. All are there before the add uevent. */

#include <linux/capability.h>
#include <linux/cpu.h>
#include <linux/device.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/sysfs.h>

#include "cmm.h"
#include "target.h"

static struct device *cmm_device;

/* One aligned word, which only the lock's holder writes: a reader needs no lock. */
#define CMM_SHOW(name, format, value)						\
static ssize_t name##_show(struct device *dev, struct device_attribute *attr,	\
			   char *buf)						\
{										\
	return sysfs_emit(buf, format "\n", value);				\
}

#define CMM_SHOW_KB(name, member)						\
	CMM_SHOW(name, "%lu", cmm_pages_to_kb(READ_ONCE(cmm.member), PAGE_SHIFT))

#define CMM_SHOW_STAT(name) CMM_SHOW(name, "%lu", READ_ONCE(cmm.stats.name))

CMM_SHOW_KB(loaned_kb, loaned_pages)
static DEVICE_ATTR_RO(loaned_kb);

CMM_SHOW_KB(loaned_target_kb, target_pages)
static DEVICE_ATTR_RO(loaned_target_kb);

CMM_SHOW(state, "%s", cmm_state())
static DEVICE_ATTR_RO(state);

CMM_SHOW_KB(oom_freed_kb, oom_freed_pages)

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

	spin_lock(&cmm.lock);
	cmm.oom_freed_pages = 0;
	spin_unlock(&cmm.lock);
	cmm_kick();
	return count;
}
static DEVICE_ATTR_RW(oom_freed_kb);

CMM_SHOW(simulate_loan_target_kb, "%lu", READ_ONCE(cmm_simulate_target_kb))

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
static DEVICE_ATTR_RW(simulate_loan_target_kb);

static struct attribute *cmm_attrs[] = {
	&dev_attr_loaned_kb.attr,
	&dev_attr_loaned_target_kb.attr,
	&dev_attr_oom_freed_kb.attr,
	&dev_attr_state.attr,
	&dev_attr_simulate_loan_target_kb.attr,
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

CMM_SHOW_STAT(inflated_pages)
static DEVICE_ATTR_RO(inflated_pages);

CMM_SHOW_STAT(deflated_pages)
static DEVICE_ATTR_RO(deflated_pages);

CMM_SHOW_STAT(migrated_pages)
static DEVICE_ATTR_RO(migrated_pages);

CMM_SHOW_STAT(alloc_failures)
static DEVICE_ATTR_RO(alloc_failures);

CMM_SHOW_STAT(hv_errors)
static DEVICE_ATTR_RO(hv_errors);

CMM_SHOW_STAT(oom_events)
static DEVICE_ATTR_RO(oom_events);

static struct attribute *cmm_stats_attrs[] = {
	&dev_attr_inflated_pages.attr,
	&dev_attr_deflated_pages.attr,
	&dev_attr_migrated_pages.attr,
	&dev_attr_alloc_failures.attr,
	&dev_attr_hv_errors.attr,
	&dev_attr_oom_events.attr,
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

static void cmm_device_release(struct device *dev)
{
	kfree(dev);
}

static struct device *cmm_device_create(void)
{
	struct device *dev;
	int ret;

	dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	if (!dev)
		return ERR_PTR(-ENOMEM);

	dev->bus = &cmm_bus;
	dev->groups = cmm_groups;
	dev->release = cmm_device_release;
	ret = device_register(dev);
	if (ret) {
		put_device(dev);
		return ERR_PTR(ret);
	}
	return dev;
}

/*
 * Whether another driver has the name, as one that is built in does. All devices are in one
 * set, and so is the root device of each subsystem. Registering would find out
 * only after the kernel has warned of it, with a backtrace.
 */
static bool cmm_is_taken(void)
{
	struct kobject *cpu = &get_cpu_device(raw_smp_processor_id())->kobj;
	struct kobject *other = kset_find_obj(cpu->kset, cmm_bus.name);
	bool taken = other && other->parent == cpu->parent->parent;

	kobject_put(other);
	return taken;
}

int cmm_sysfs_register(void)
{
	int ret;

	if (cmm_is_taken()) {
		pr_err("another driver has /sys/devices/system/cmm; one that is built in is kept away by initcall_blacklist=cmm_init on the kernel's command line\n");
		/* Of EEXIST modprobe would make a success: a module that is there already. */
		return -EBUSY;
	}

	ret = subsys_system_register(&cmm_bus, NULL);
	if (ret)
		return ret;

	cmm_device = cmm_device_create();
	if (IS_ERR(cmm_device)) {
		bus_unregister(&cmm_bus);
		return PTR_ERR(cmm_device);
	}
	return 0;
}

/* Only while the device is there; an event that there is no memory for is lost. */
void cmm_sysfs_uevent(char **variables)
{
	kobject_uevent_env(&cmm_device->kobj, KOBJ_CHANGE, variables);
}

void cmm_sysfs_unregister(void)
{
	device_unregister(cmm_device);
	bus_unregister(&cmm_bus);
}
