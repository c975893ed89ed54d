// SPDX-License-Identifier: GPL-2.0-or-later
/* The configuration of modprobe, read through libkmod */

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libkmod.h>

#include "complain.h"
#include "directory.h"
#include "file.h"
#include "modprobe-config.h"
#include "root.h"

/* The directories that modprobe reads (modprobe.d(5)). A name hides later files of that name. */
static const char *const places[] = {
	"/etc/modprobe.d",     "/run/modprobe.d", "/usr/local/lib/modprobe.d",
	"/usr/lib/modprobe.d", "/lib/modprobe.d",
};

#define PLACES_COUNT (sizeof(places) / sizeof(places[0]))

/* libkmod reads the files whose names end with ".conf" or ".alias". */
static bool is_read(const char *name)
{
	const char *end = strrchr(name, '.');

	return end && (!strcmp(end, ".conf") || !strcmp(end, ".alias"));
}

/*
 * Refuses a file that libkmod would skip because the user may not read it. Also refuses a pipe or a
 * device, because libkmod could wait for it, or read it without end. libkmod skips directories.
 */
static int refuse_file(void *data, const char *name)
{
	char path[PATH_MAX];
	struct stat found;

	root_path(path, "%s/%s", (const char *)data, name);
	if (!is_read(name) || stat(path, &found) || S_ISDIR(found.st_mode) ||
	    file_is_null_device(&found))
		return CMM_EXIT_OK;
	if (!S_ISREG(found.st_mode))
		return complain(CMM_EXIT_FAILURE, "cannot read %s: it is not a regular file", path);
	return access(path, R_OK) ? complain_errno(errno, "cannot read %s", path) : CMM_EXIT_OK;
}

static int copy_command(struct kmod_ctx *ctx, const char *name, char command[CMM_VALUE_MAX])
{
	struct kmod_module *module;
	const char *found;

	if (kmod_module_new_from_name(ctx, name, &module) < 0)
		return complain_errno(ENOMEM, "libkmod");
	found = kmod_module_get_install_commands(module);
	snprintf(command, CMM_VALUE_MAX, "%s", found ? found : "");
	kmod_module_unref(module);
	return CMM_EXIT_OK;
}

int modprobe_install_command(const char *module, char command[CMM_VALUE_MAX])
{
	char paths[PLACES_COUNT][PATH_MAX];
	const char *list[PLACES_COUNT + 1] = { NULL };
	struct kmod_ctx *ctx;
	size_t i;
	int status;

	command[0] = '\0';
	for (i = 0; i < PLACES_COUNT; i++) {
		status = directory_list(places[i], refuse_file, (void *)places[i]);
		if (status)
			return status;
		root_path(paths[i], "%s", places[i]);
		list[i] = paths[i];
	}
	ctx = kmod_new(NULL, list);
	if (!ctx)
		return complain_errno(ENOMEM, "libkmod");
	status = copy_command(ctx, module, command);
	kmod_unref(ctx);
	return status;
}
