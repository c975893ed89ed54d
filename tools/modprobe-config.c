// SPDX-License-Identifier: GPL-2.0-or-later
/* The configuration of modprobe, read through libkmod */

#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libkmod.h>

#include "complain.h"
#include "directory.h"
#include "file.h"
#include "modprobe-config.h"
#include "proc.h"
#include "root.h"

/*
 * The directories that modprobe reads (modprobe.d(5)). A file hides files of the same name in the
 * directories after its own.
 */
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
	if (!is_read(name))
		return CMM_EXIT_OK;
	if (stat(path, &found))
		return errno == ENOENT ? CMM_EXIT_OK
				       : complain_errno(errno, "cannot read %s", path);
	if (S_ISDIR(found.st_mode) || file_is_null_device(&found))
		return CMM_EXIT_OK;
	if (!S_ISREG(found.st_mode))
		return complain(CMM_EXIT_FAILURE, "cannot read %s: it is not a regular file", path);
	return access(path, R_OK) ? complain_errno(errno, "cannot read %s", path) : CMM_EXIT_OK;
}

/* A search for the last line "allow_unsupported_modules VALUE", which only SUSE's modprobe knows */
struct unsupported_search {
	size_t place; /* index in places of the present file's directory */
	const char *name; /* of the present file */
	char last[CMM_VALUE_MAX]; /* name of the file with the last line found; "" if none is found
				   */
	bool is_refusal; /* VALUE in this line is 0 */
};

static void take_unsupported(void *data, char *line)
{
	struct unsupported_search *search = data;
	char value[4];

	if (sscanf(line, " allow_unsupported_modules %3s", value) != 1)
		return;
	snprintf(search->last, sizeof(search->last), "%s", search->name);
	search->is_refusal = !strcmp(value, "0") || !strcmp(value, "no");
}

/* modprobe reads the files of all directories in the order of the files' names. */
static int take_file(void *data, const char *name)
{
	struct unsupported_search *search = data;
	size_t i;

	for (i = 0; i < search->place; i++)
		if (root_exists(places[i], name))
			return CMM_EXIT_OK;
	search->name = name;
	if (!is_read(name) || !root_has_file(places[i], name) || strcmp(name, search->last) < 0)
		return CMM_EXIT_OK;
	return proc_lines(places[i], name, take_unsupported, search);
}

static int read_unsupported(struct modprobe_config *config)
{
	struct unsupported_search search = { 0 };
	int status = CMM_EXIT_OK;

	for (; search.place < PLACES_COUNT && !status; search.place++)
		status = directory_list(places[search.place], take_file, &search);
	if (search.is_refusal)
		strcpy(config->unsupported, search.last);
	return status;
}

static int read_command(struct kmod_ctx *ctx, const char *name, struct modprobe_config *config)
{
	struct kmod_module *module;
	const char *found;

	if (kmod_module_new_from_name(ctx, name, &module) < 0)
		return complain_errno(ENOMEM, "libkmod");
	found = kmod_module_get_install_commands(module);
	snprintf(config->install, sizeof(config->install), "%s", found ? found : "");
	kmod_module_unref(module);
	return CMM_EXIT_OK;
}

/*
 * An alias can be a pattern. If several aliases match, modprobe loads all their modules. So an
 * alias is reported only if no matching alias leads to the module @name itself. "alias cmm off" is
 * no special case: there is no module "off".
 */
static void read_aliases(struct kmod_ctx *ctx, const char *name, struct modprobe_config *config)
{
	struct kmod_config_iter *aliases = kmod_config_get_aliases(ctx);

	while (kmod_config_iter_next(aliases)) {
		if (fnmatch(kmod_config_iter_get_key(aliases), name, 0))
			continue;
		snprintf(config->alias, sizeof(config->alias), "%s",
			 kmod_config_iter_get_value(aliases));
		if (!strcmp(config->alias, name))
			break;
	}
	if (!strcmp(config->alias, name))
		config->alias[0] = '\0';
	kmod_config_iter_free_iter(aliases);
}

static int read_options(struct kmod_ctx *ctx, struct option_search *search)
{
	struct kmod_config_iter *options = kmod_config_get_options(ctx);
	int status = CMM_EXIT_OK;
	char *text;

	while (!status && kmod_config_iter_next(options)) {
		if (!options_apply(kmod_config_iter_get_key(options), search->module))
			continue;
		text = strdup(kmod_config_iter_get_value(options));
		if (text)
			options_examine(search, text);
		else
			status = complain_errno(ENOMEM, "libkmod");
		free(text);
	}
	kmod_config_iter_free_iter(options);
	return status;
}

int modprobe_config_read(const char *module, struct modprobe_config *config)
{
	char paths[PLACES_COUNT][PATH_MAX];
	const char *list[PLACES_COUNT + 1] = { NULL };
	struct kmod_ctx *ctx;
	size_t i;
	int status;

	memset(config, 0, sizeof(*config));
	config->options.module = module;
	for (i = 0; i < PLACES_COUNT; i++) {
		status = directory_list(places[i], refuse_file, (void *)places[i]);
		if (status)
			return status;
		root_path(paths[i], "%s", places[i]);
		list[i] = paths[i];
	}
	status = read_unsupported(config);
	if (status)
		return status;
	ctx = kmod_new(NULL, list);
	if (!ctx)
		return complain_errno(ENOMEM, "libkmod");
	read_aliases(ctx, module, config);
	status = read_command(ctx, module, config);
	if (!status)
		status = read_options(ctx, &config->options);
	kmod_unref(ctx);
	return status;
}
