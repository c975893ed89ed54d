// SPDX-License-Identifier: GPL-2.0-or-later
/* cmm-admin apply: makes the driver what the configuration says. */

#include <stdio.h>

#include "attribute.h"
#include "change.h"
#include "complain.h"
#include "config.h"
#include "options.h"

#define COMMAND "apply"

static const char *config_file;

static void show_help(void)
{
	printf("Usage: cmm-admin apply [--config FILE] [--dry-run]\n\n"
	       "Sets the driver's parameters as the configuration says, see cmm.conf(5). Those that\n"
	       "it doesn't mention stay as they are, those that are so already aren't written. What\n"
	       "its section [other-driver] says counts only where the driver isn't ours.\n\n"
	       "Options:\n"
	       "  -c, --config FILE   that file instead of the system's configuration\n"
	       "  -d, --dry-run       only say what would change\n"
	       "%s\n"
	       "Examples:\n"
	       "  cmm-admin apply\n"
	       "  cmm-admin apply --dry-run --config /root/cmm.conf\n\n"
	       "%s",
	       sysroot_help, cmm_exit_help);
}

static int take_option(int option, const char *argument)
{
	(void)option;
	config_file = argument;
	return CMM_EXIT_OK;
}

static int apply_config(const struct config *config, bool dry_run)
{
	bool ours = root_exists(CMM_DEVICE, "state");
	struct change changes[CMM_PARAMETER_COUNT];
	const struct config_value *value;
	int i, count = 0;

	for (i = 0; i < CMM_PARAMETER_COUNT; i++) {
		value = config_value_for(config, i, ours);
		if (!value)
			continue;
		if (cmm_settings[i].optional &&
		    !root_exists(cmm_settings[i].dir, cmm_settings[i].name)) {
			printf("%s: left out, this driver has no such parameter\n",
			       cmm_settings[i].name);
			continue;
		}
		changes[count].setting = &cmm_settings[i];
		changes[count].value = value->value;
		count++;
	}
	return changes_apply(changes, count, dry_run ? CHANGE_DRY_RUN : CHANGE_DIFFERENT);
}

static int apply(bool dry_run)
{
	struct config config;
	int status;

	status = need_driver();
	if (status)
		return status;
	status = config_file ? config_read_file(&config, config_file) : config_read(&config);
	return status ? status : apply_config(&config, dry_run);
}

int cmm_apply(int argc, char **argv)
{
	static const struct option own[] = {
		{ "config", required_argument, NULL, 'c' },
		{ NULL, 0, NULL, 0 },
	};
	static const struct options options = {
		.command = COMMAND,
		.takes = TAKES_DRY_RUN | TAKES_SYSROOT,
		.own = own,
		.take = take_option,
		.help = show_help,
	};
	struct option_values values;
	int status;

	status = options_parse(&options, argc, argv, &values);
	return status == OPTIONS_GO ? apply(values.dry_run) : status;
}
