// SPDX-License-Identifier: GPL-2.0-or-later
/* The I/O entitlement of the virtual bus and its devices (arch/powerpc's vio.c) */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attribute.h"
#include "complain.h"
#include "directory.h"
#include "vio.h"

#define BUS	"/sys/bus/vio"
#define DEVICES BUS "/devices"

#define ENTITLED "cmo_entitled"

/* Room for DEVICES and the name of a device */
#define DIR_MAX 300

struct walk {
	void (*take)(void *data, const char *device, const char *name, const char *value);
	void *data;
	const char *dir;
	const char *device;
	const char *entitled; /* the device's value of ENTITLED, which has been read already */
};

static int take_attribute(void *data, const char *name)
{
	const struct walk *walk = data;
	char value[CMM_VALUE_MAX];
	int status;

	if (strncmp(name, "cmo_", 4))
		return CMM_EXIT_OK;
	if (walk->device && !strcmp(name, ENTITLED)) {
		walk->take(walk->data, walk->device, name, walk->entitled);
		return CMM_EXIT_OK;
	}
	status = attribute_read(walk->dir, name, value);
	if (!status)
		walk->take(walk->data, walk->device, name, value);
	return status;
}

static int take_device(void *data, const char *name)
{
	struct walk walk = *(const struct walk *)data;
	char dir[DIR_MAX], entitled[CMM_VALUE_MAX];
	int status;

	snprintf(dir, sizeof(dir), "%s/%s", DEVICES, name);
	if (!root_exists(dir, ENTITLED))
		return CMM_EXIT_OK;
	status = attribute_read(dir, ENTITLED, entitled);
	if (status || !strcmp(entitled, "0"))
		return status;
	walk.dir = dir;
	walk.device = name;
	walk.entitled = entitled;
	return directory_list(dir, take_attribute, &walk);
}

const char *vio_unit(const char *name)
{
	return strstr(name, "fail") ? "" : "B";
}

int vio_read(void (*take)(void *data, const char *device, const char *name, const char *value),
	     void *data)
{
	struct walk walk = { .take = take, .data = data, .dir = BUS };
	int status;

	status = directory_list(BUS, take_attribute, &walk);
	return status ? status : directory_list(DEVICES, take_device, &walk);
}
