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

	if (value && !strncmp(line, "CONFIG_", strlen("CONFIG_")))
		config->there = true;
	if (!value || strcmp(value, "y"))
		return;
	if (!strcmp(line, "CONFIG_PPC_SMLPAR"))
		config->smlpar = true;
	if (!strcmp(line, "CONFIG_MEMORY_BALLOON") || !strcmp(line, "CONFIG_BALLOON"))
		config->balloon = true;
	if (!strcmp(line, "CONFIG_PPC_64K_PAGES"))
		config->page_bytes = 65536;
	if (!strcmp(line, "CONFIG_PPC_4K_PAGES"))
		config->page_bytes = 4096;
	if (!strcmp(line, "CONFIG_SMP"))
		config->smp = true;
	if (!strcmp(line, "CONFIG_PREEMPTION"))
		config->preemption = true;
	if (!strcmp(line, "CONFIG_MODULE_UNLOAD"))
		config->module_unload = true;
	if (!strcmp(line, "CONFIG_MODVERSIONS"))
		config->modversions = true;
}

/* Debian, SUSE and RHEL install the file in /boot; RHEL also installs it in /lib/modules. */
int kernel_config_read(struct kernel_config *config, const char *release)
{
	char dir[CMM_VALUE_MAX + sizeof(MODULES)] = "/boot", name[CMM_VALUE_MAX + 8];
	int status;

	memset(config, 0, sizeof(*config));
	snprintf(name, sizeof(name), "config-%s", release);
	if (!root_exists(dir, name)) {
		snprintf(dir, sizeof(dir), "%s/%s", MODULES, release);
		snprintf(name, sizeof(name), "config");
	}
	status = proc_lines(dir, name, take_option, config);
	if (status)
		memset(config, 0, sizeof(*config));
	return status;
}
