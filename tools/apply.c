// SPDX-License-Identifier: GPL-2.0-or-later
/* cmm-admin apply: sets the driver's parameters to the values in the configuration */

#include <stdio.h>

#include "attribute.h"
#include "change.h"
#include "command.h"
#include "config.h"

static const char *config_file;

static const struct command_option options[] = {
	{ "--config", 'c', "FILE", "read FILE instead of the system's configuration",
	  .text = &config_file },
	{ 0 },
};

static int apply_config(const struct config *config, bool dry_run)
{
	bool ours = our_driver_runs();
	struct change changes[CMM_PARAMETER_COUNT];
	const struct config_value *value;
	int i, count = 0;

	for (i = 0; i < CMM_PARAMETER_COUNT; i++) {
		value = config_value_for(config, i, ours);
		if (!value)
			continue;
		if (cmm_settings[i].optional &&
		    !root_exists(cmm_settings[i].dir, cmm_settings[i].name)) {
			printf("%s: skipped, this driver has no such parameter\n",
			       cmm_settings[i].name);
			continue;
		}
		changes[count].setting = &cmm_settings[i];
		changes[count].value = value->value;
		changes[count].is_percent = value->is_percent;
		count++;
	}
	return changes_apply(changes, count, dry_run ? CHANGE_DRY_RUN : CHANGE_DIFFERENT);
}

static int apply(const struct command_line *line)
{
	struct config config;
	int status, fault;

	status = need_driver();
	if (status)
		return status;
	fault = config_file ? config_read_file(&config, config_file) : config_read(&config);
	if (fault && fault != CMM_EXIT_PARTLY)
		return fault;
	status = apply_config(&config, line->dry_run);
	return status ? status : fault;
}

const struct command apply_command = {
	.name = "apply",
	.summary = "set the parameters as the configuration says",
	.usage = "[OPTION...]",
	.description =
		"Sets the driver's parameters to the values in the configuration, see\n"
		"cmm.conf(5). Does not write a parameter that the configuration does not\n"
		"mention, or that already has the value. Uses the section [other-driver] only if\n"
		"the running driver is not from cmm-dkms. Skips files with a fault. If it\n"
		"skipped some but applied others, the status is 64.\n",
	.examples = "  cmm-admin apply\n"
		    "  cmm-admin apply --dry-run --config /root/cmm.conf\n",
	.takes = TAKES_DRY_RUN,
	.options = options,
	.changes = true,
	.run = apply,
};
