// SPDX-License-Identifier: GPL-2.0-or-later
/* Changes of the driver's settings */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attribute.h"
#include "change.h"
#include "complain.h"
#include "partition.h"
#include "size.h"
#include "text.h"

static bool is_writable(const struct cmm_setting *setting)
{
	char path[PATH_MAX];

	root_path(path, "%s/%s", setting->dir, setting->name);
	return !access(path, W_OK);
}

static int check(const struct cmm_setting *setting)
{
	if (setting->optional && !root_exists(setting->dir, setting->name))
		return complain(CMM_EXIT_FAILURE, "this driver has no %s", setting->name);
	if (!is_writable(setting))
		return complain_errno(errno, "cannot write %s", setting->name);
	return CMM_EXIT_OK;
}

static void print(const struct change *change, const char *before, bool dry_run)
{
	char before_text[CMM_VALUE_MAX], after_text[CMM_VALUE_MAX], *clean;

	setting_text(change->setting, before, before_text);
	setting_number_text(change->setting, change->value, after_text);
	clean = text_clean(before_text);
	printf("%s: %s -> %s%s\n", change->setting->name, clean ? clean : "?", after_text,
	       dry_run ? " (not changed: a dry run)" : "");
	free(clean);
}

/*
 * Makes one change. CHANGE_ALL writes the value even if the setting already has it: writing
 * oom_freed_kb=0 or disable=1 has side effects.
 */
static int apply(const struct change *change, const char *before, enum change_way way)
{
	bool dry_run = way == CHANGE_DRY_RUN;
	char text[NUMBER_MAX];
	int status;

	snprintf(text, sizeof(text), "%lu", change->value);
	if (way == CHANGE_ALL || (way == CHANGE_DIFFERENT && strcmp(before, text))) {
		status = attribute_write(change->setting->dir, change->setting->name, text);
		if (status)
			return status;
	}
	if (strcmp(before, text))
		print(change, before, dry_run);
	return CMM_EXIT_OK;
}

/* Copies the change, and converts a percentage to the setting's unit. */
static int resolve(const struct change *change, struct change *resolved)
{
	unsigned long assigned_kb;
	int status;

	*resolved = *change;
	if (!change->is_percent)
		return CMM_EXIT_OK;
	status = partition_assigned(&assigned_kb);
	resolved->value = setting_share(change->setting, change->value, assigned_kb);
	return status;
}

int changes_apply(const struct change *changes, int count, enum change_way way)
{
	char before[CMM_SETTING_COUNT][CMM_VALUE_MAX];
	struct change resolved[CMM_SETTING_COUNT];
	int i, status, failed = CMM_EXIT_OK, made = 0;

	status = need_driver();
	for (i = 0; i < count && !status; i++)
		status = check(changes[i].setting);
	for (i = 0; i < count && !status; i++)
		status = setting_read(changes[i].setting, before[i]);
	for (i = 0; i < count && !status; i++)
		status = resolve(&changes[i], &resolved[i]);
	if (status)
		return status;

	for (i = 0; i < count; i++) {
		status = apply(&resolved[i], before[i], way);
		if (status)
			failed = status;
		else
			made++;
	}
	return failed && made ? CMM_EXIT_PARTLY : failed;
}
