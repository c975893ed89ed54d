// SPDX-License-Identifier: GPL-2.0-or-later
/* Changes of the driver's settings: looked at, checked, made, and told. */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "attribute.h"
#include "change.h"
#include "cmm-admin.h"
#include "size.h"

static bool is_writable(const struct cmm_setting *setting)
{
	char path[PATH_MAX];

	root_path(path, "%s/%s", setting->dir, setting->name);
	return !access(path, W_OK);
}

static int check(const char *who, const struct change *change)
{
	const struct cmm_setting *setting = change->setting;

	if (setting->optional && !root_exists(setting->dir, setting->name)) {
		fprintf(stderr, "%s: this driver has no %s now\n", who, setting->name);
		return CMM_EXIT_FAILURE;
	}
	if (!is_writable(setting)) {
		fprintf(stderr, "%s: may not write %s: %s\n", who, setting->name, strerror(errno));
		return errno == ENOENT ? CMM_EXIT_FAILURE : CMM_EXIT_NOT_PERMITTED;
	}
	return CMM_EXIT_OK;
}

static void tell(const struct change *change, const char *before, bool dry_run)
{
	const char *unit = change->setting->unit;

	printf("%s: %s -> %lu%s%s%s\n", change->setting->name, before, change->value,
	       unit[0] ? " " : "", unit, dry_run ? " (not changed: a dry run)" : "");
}

/*
 * Who names a value has it written, also where it is the present one: 0 to
 * oom_freed_kb, and 1 to disable while the driver still gives back, do something.
 * Only what is different is told.
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
		tell(change, before, dry_run);
	return CMM_EXIT_OK;
}

int changes_apply(const char *who, const struct change *changes, int count, enum change_way way)
{
	char before[CMM_SETTING_COUNT][CMM_VALUE_MAX];
	int i, status, failed = CMM_EXIT_OK, made = 0;

	status = need_driver();
	for (i = 0; i < count && !status; i++)
		status = check(who, &changes[i]);
	for (i = 0; i < count && !status; i++)
		status = setting_read(changes[i].setting, before[i]);
	if (status)
		return status;

	for (i = 0; i < count; i++) {
		status = apply(&changes[i], before[i], way);
		if (status)
			failed = status;
		else
			made++;
	}
	return failed && made ? CMM_EXIT_PARTLY : failed;
}
