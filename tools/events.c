// SPDX-License-Identifier: GPL-2.0-or-later
/* Uevents of cmm0, received through libudev from the kernel itself, so that udevd need not run */

#include <stdio.h>
#include <string.h>

#include <libudev.h>

#include "events.h"
#include "root.h"

static struct udev *udev;
static struct udev_monitor *monitor;

int events_begin(void)
{
	if (root_dir()[0])
		return -1;
	udev = udev_new();
	if (!udev)
		return -1;
	monitor = udev_monitor_new_from_netlink(udev, "kernel");
	if (!monitor)
		goto out_udev;
	if (udev_monitor_filter_add_match_subsystem_devtype(monitor, "cmm", NULL) < 0 ||
	    udev_monitor_enable_receiving(monitor) < 0)
		goto out_monitor;
	return udev_monitor_get_fd(monitor);

out_monitor:
	udev_monitor_unref(monitor);
	monitor = NULL;
out_udev:
	udev_unref(udev);
	udev = NULL;
	return -1;
}

void events_end(void)
{
	udev_monitor_unref(monitor);
	udev_unref(udev);
}

static void add(char *names, size_t size, const char *name)
{
	size_t length = strlen(names);

	snprintf(names + length, size - length, "%s%s", length ? "+" : "", name);
}

void events_take(char *names, size_t size)
{
	struct udev_device *device;
	const char *name;

	names[0] = '\0';
	while (monitor && (device = udev_monitor_receive_device(monitor))) {
		name = udev_device_get_property_value(device, "CMM_EVENT");
		if (name)
			add(names, size, name);
		udev_device_unref(device);
	}
}
