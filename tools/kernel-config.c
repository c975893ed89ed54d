// SPDX-License-Identifier: GPL-2.0-or-later
/* The configuration of an installed kernel */

#include <stdio.h>
#include <string.h>

#include "driver.h"
#include "kernel-config.h"
#include "proc.h"
#include "root.h"

static void take_option(void *data, char *line)
{
	const char *value = pair_parse(line);
	struct kernel_config *config = data;

	if (!value || strcmp(value, "y"))
		return;
	if (!strcmp(line, "CONFIG_PPC_SMLPAR"))
		config->smlpar = true;
	if (!strcmp(line, "CONFIG_MEMORY_BALLOON") || !strcmp(line, "CONFIG_BALLOON"))
		config->balloon = true;
}

/* Debian, SUSE and RHEL install the file in /boot; RHEL also installs it in /lib/modules. */
int kernel_config_read(struct kernel_config *config, const char *release)
{
	char dir[CMM_VALUE_MAX + sizeof(MODULES)], name[CMM_VALUE_MAX + 8];

	memset(config, 0, sizeof(*config));
	snprintf(name, sizeof(name), "config-%s", release);
	if (root_exists("/boot", name)) {
		config->there = true;
		return proc_lines("/boot", name, take_option, config);
	}
	snprintf(dir, sizeof(dir), "%s/%s", MODULES, release);
	config->there = root_exists(dir, "config");
	return proc_lines(dir, "config", take_option, config);
}
