// SPDX-License-Identifier: GPL-2.0-or-later
/* Attributes of the driver, read through libsysfs */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sysfs/libsysfs.h>

#include "attribute.h"
#include "complain.h"
#include "size.h"

/* Whether need_driver() found the device cmm0 when it was called last */
static bool had_driver;

int need_driver(void)
{
	char path[PATH_MAX];

	had_driver = root_exists(CMM_SUBSYSTEM, "cmm0");
	if (had_driver)
		return CMM_EXIT_OK;
	if (errno != EACCES)
		return complain(CMM_EXIT_NO_DRIVER,
				"no cmm driver here: no device cmm0 (see cmm-admin doctor)");
	root_path(path, "%s", CMM_DEVICE);
	return complain_errno(EACCES, "cannot read %s", path);
}

/*
 * Prints that @path could not be read or written, as @action says ("read" or "write"). The reason
 * in the message is the errno @error, unless the device cmm0 has disappeared.
 */
static int cannot(const char *path, const char *action, int error)
{
	if ((error == ENOENT || error == ENODEV) && had_driver &&
	    !root_exists(CMM_SUBSYSTEM, "cmm0"))
		return complain(CMM_EXIT_NO_DRIVER, "cannot %s %s: the driver has gone", action,
				path);
	return complain_errno(error, "cannot %s %s", action, path);
}

static int unexpected_value(const char *path, const char *value, const char *wanted)
{
	return complain(CMM_EXIT_FAILURE, "%s holds '%.40s', which is not %s", path, value, wanted);
}

bool our_driver_runs(void)
{
	return root_exists(CMM_DEVICE, "state");
}

int attribute_read(const char *dir, const char *name, char value[CMM_VALUE_MAX])
{
	struct sysfs_attribute *attribute;
	char path[PATH_MAX];
	int status;

	root_path(path, "%s/%s", dir, name);
	/* libsysfs would cut off a longer path, and read another file. */
	if (strlen(path) >= SYSFS_PATH_MAX)
		return cannot(path, "read", ENAMETOOLONG);
	/* On a pipe, libsysfs would wait for a writer. */
	status = root_refuse_irregular(dir, name);
	if (status)
		return status;
	errno = 0;
	attribute = sysfs_open_attribute(path);
	if (!attribute || sysfs_read_attribute(attribute)) {
		status = cannot(path, "read", errno ? errno : EIO);
		goto out;
	}

	switch (attribute_parse(attribute->value, value)) {
	case ATTRIBUTE_GOOD:
		break;
	case ATTRIBUTE_LINES:
		status = complain(CMM_EXIT_FAILURE, "%s has more than one line", path);
		break;
	case ATTRIBUTE_LONG:
		status = complain(CMM_EXIT_FAILURE, "%s has more than %d bytes", path,
				  CMM_VALUE_MAX - 1);
		break;
	}
out:
	sysfs_close_attribute(attribute);
	return status;
}

int attribute_number(const char *dir, const char *name, const char *text, unsigned long *value)
{
	char path[PATH_MAX];

	if (number_parse(text, value))
		return CMM_EXIT_OK;
	root_path(path, "%s/%s", dir, name);
	return unexpected_value(path, text, "a decimal number");
}

int attribute_read_number(const char *dir, const char *name, unsigned long *value)
{
	char text[CMM_VALUE_MAX];
	int status;

	status = attribute_read(dir, name, text);
	return status ? status : attribute_number(dir, name, text, value);
}

int attribute_write_failed(const char *dir, const char *name, int error)
{
	char path[PATH_MAX];

	root_path(path, "%s/%s", dir, name);
	return cannot(path, "write", error);
}

/*
 * O_TRUNC is for regular files, in a tree of --sysroot; sysfs ignores O_TRUNC. With O_NONBLOCK,
 * open() does not block on a pipe without a reader. O_NONBLOCK is cleared afterwards, because a
 * write has to wait for the driver.
 */
int attribute_open(const char *dir, const char *name, int *fd)
{
	char path[PATH_MAX];

	root_path(path, "%s/%s", dir, name);
	*fd = open(path, O_WRONLY | O_TRUNC | O_NONBLOCK | O_CLOEXEC);
	if (*fd < 0 || fcntl(*fd, F_SETFL, O_WRONLY))
		return cannot(path, "write", errno);
	return CMM_EXIT_OK;
}

int attribute_write(const char *dir, const char *name, const char *text)
{
	int fd, status, error = 0;

	status = attribute_open(dir, name, &fd);
	if (status)
		return status;
	if (write(fd, text, strlen(text)) < 0)
		error = errno;
	if (close(fd) && !error)
		error = errno;
	return error ? attribute_write_failed(dir, name, error) : CMM_EXIT_OK;
}
