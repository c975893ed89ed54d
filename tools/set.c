// SPDX-License-Identifier: GPL-2.0-or-later
/* cmm-admin set: sets parameters of the driver; checks all of them before it writes the first */

#include <stdio.h>
#include <string.h>

#include "attribute.h"
#include "change.h"
#include "command.h"
#include "config.h"
#include "settings.h"

static bool persist;

static const struct command_option options[] = {
	{ "--persist", 'p', NULL, "keep the values after a reboot, see cmm.conf(5)",
	  .flag = &persist },
	{ 0 },
};

/* Parses "NAME=VALUE". */
static int parse(const char *word, struct change *change)
{
	const char *equals = strchr(word, '=');
	char name[CMM_VALUE_MAX], why[SETTING_WHY_MAX];

	if (!equals || equals == word || equals - word >= CMM_VALUE_MAX)
		return complain(CMM_EXIT_USAGE, "'%.64s' is not NAME=VALUE", word);
	snprintf(name, sizeof(name), "%.*s", (int)(equals - word), word);
	change->setting = setting_find(name, SETTING_SET, why);
	if (!change->setting ||
	    !setting_parse(change->setting, equals + 1, &change->value, &change->is_percent, why))
		return complain(CMM_EXIT_USAGE, "%s", why);
	return CMM_EXIT_OK;
}

static int change_and_keep(const struct change *changes, int count, bool dry_run)
{
	int i, status;

	for (i = 0; i < count && persist; i++)
		if (!setting_is_parameter(changes[i].setting))
			return complain(CMM_EXIT_USAGE, "%s is not a parameter and cannot be saved",
					changes[i].setting->name);
	status = need_driver();
	if (!status && persist && !dry_run)
		status = config_prepare();
	if (status)
		return status;
	status = changes_apply(changes, count, dry_run ? CHANGE_DRY_RUN : CHANGE_ALL);
	if (status == CMM_EXIT_PARTLY && persist)
		complain(status, "not all values could be set, so none was saved");
	if (status || !persist || dry_run)
		return status;
	status = config_keep(changes, count);
	return status ? CMM_EXIT_PARTLY : CMM_EXIT_OK;
}

static int set(const struct command_line *line)
{
	struct change changes[CMM_SETTING_COUNT];
	int count = 0, status, i;
	char **words;

	if (!*line->operands)
		return complain(CMM_EXIT_USAGE, "nothing to set; NAME=VALUE is needed");
	for (words = line->operands; *words; words++, count++) {
		if (count == CMM_SETTING_COUNT)
			return complain(CMM_EXIT_USAGE, "more than one value for a name");
		status = parse(*words, &changes[count]);
		if (status)
			return status;
		for (i = 0; i < count; i++)
			if (changes[i].setting == changes[count].setting)
				return complain(CMM_EXIT_USAGE, "more than one value for %s",
						changes[i].setting->name);
	}
	return change_and_keep(changes, count, line->dry_run);
}

static void print_names(void)
{
	int i;

	for (i = 0; i < CMM_SETTING_COUNT; i++)
		if (cmm_settings[i].writable)
			printf("  %-23s %s%s%s\n", cmm_settings[i].name, cmm_settings[i].meaning,
			       cmm_settings[i].unit[0] ? ", in " : "", cmm_settings[i].unit);
}

const struct command set_command = {
	.name = "set",
	.summary = "set parameters of the driver; all are checked first",
	.usage = "[OPTION...] NAME=VALUE...",
	.description =
		"Sets parameters of the driver and attributes of its device. Every NAME and\n"
		"VALUE is checked before the first is written. Sizes are bare numbers, in the\n"
		"unit of the name, or have a unit: K, M, G, T (of 1024), KiB, MiB, ..., kB, MB,\n"
		"... (of 1000). min_mem_mb and min_avail_mb also take 0% to 100% of the assigned\n"
		"memory, which is MemTotal and the memory on loan.\n",
	.examples = "  cmm-admin set oom_kb=64M min_mem_mb=1G\n"
		    "  cmm-admin set --persist min_avail_mb=512M\n"
		    "  cmm-admin set --persist min_mem_mb=25%\n"
		    "  cmm-admin set --dry-run delay=5\n"
		    "  cmm-admin set oom_freed_kb=0\n",
	.print_names = print_names,
	.takes = TAKES_DRY_RUN | TAKES_OPERANDS,
	.options = options,
	.changes = true,
	.run = set,
};
