// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads all that the doctor looks at. */

#include <stdio.h>
#include <string.h>

#include "cmm-admin.h"
#include "doctor.h"
#include "source.h"

#define MODULES "/lib/modules"

static void take_option(void *data, const char *name, const char *value)
{
	struct kernel_config *kernel = data;

	if (strcmp(value, "y"))
		return;
	if (!strcmp(name, "CONFIG_PPC_SMLPAR"))
		kernel->smlpar = true;
	if (!strcmp(name, "CONFIG_MEMORY_BALLOON") || !strcmp(name, "CONFIG_BALLOON"))
		kernel->balloon = true;
}

/* Debian, SUSE and RHEL keep it beside the kernel; RHEL beside the modules, too. */
static int read_kernel_config(struct patient *patient)
{
	struct kernel_config *kernel = &patient->kernel;
	const char *release = patient->driver.release;
	char dir[CMM_VALUE_MAX + sizeof(MODULES)], name[CMM_VALUE_MAX + 8];

	snprintf(name, sizeof(name), "config-%s", release);
	if (source_exists("/boot", name)) {
		kernel->there = true;
		return source_pairs("/boot", name, take_option, kernel);
	}
	snprintf(dir, sizeof(dir), "%s/%s", MODULES, release);
	kernel->there = source_exists(dir, "config");
	return source_pairs(dir, "config", take_option, kernel);
}

/* Folders come in the order of their versions; those without modules are leftovers. */
static int take_kernel(void *data, const char *name)
{
	struct patient *patient = data;
	char dir[CMM_VALUE_MAX + sizeof(MODULES)];

	if (strlen(name) >= CMM_VALUE_MAX)
		return CMM_EXIT_OK;
	snprintf(dir, sizeof(dir), "%s/%s", MODULES, name);
	if (source_exists(dir, "modules.dep"))
		snprintf(patient->newest, sizeof(patient->newest), "%s", name);
	return CMM_EXIT_OK;
}

int patient_read(struct patient *patient)
{
	int status;

	memset(patient, 0, sizeof(*patient));
	status = driver_read(&patient->driver);
	if (status)
		return status;
	patient->partition_good = patient->driver.there && !partition_read(&patient->partition);
	patient->config_good = !config_read(&patient->config);
	status = lparcfg_read(&patient->lparcfg);
	if (!status)
		status = read_kernel_config(patient);
	if (!status)
		status = source_list(MODULES, take_kernel, patient);
	if (status || !patient->newest[0])
		return status;
	if (strcmp(patient->newest, patient->driver.release))
		return driver_file_read(&patient->newest_file, patient->newest);
	patient->newest_file = patient->driver.file;
	return CMM_EXIT_OK;
}
