// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads all that the checks of the doctor need. */

#include <stdio.h>
#include <string.h>

#include "complain.h"
#include "directory.h"
#include "doctor.h"
#include "proc.h"
#include "root.h"

#define DKMS "/var/lib/dkms/cmm"

/* Directories come in the order of their versions. One without modules is a leftover. */
static int take_kernel(void *data, const char *name)
{
	struct patient *patient = data;
	char dir[CMM_VALUE_MAX + sizeof(MODULES)];

	if (strlen(name) >= CMM_VALUE_MAX)
		return CMM_EXIT_OK;
	snprintf(dir, sizeof(dir), "%s/%s", MODULES, name);
	if (root_exists(dir, "modules.dep"))
		snprintf(patient->newest, sizeof(patient->newest), "%s", name);
	return CMM_EXIT_OK;
}

/* The caller of patient_failed_builds() */
struct build_reader {
	int (*take)(void *data, const char *path, const char *release);
	void *data;
};

/* Reads the first line of @dir/make.log, cut off after CMM_VALUE_MAX bytes; false if it can't. */
static bool read_first_line(const char *dir, char line[CMM_VALUE_MAX])
{
	char path[PATH_MAX];
	FILE *file;
	bool good;

	root_path(path, "%s/make.log", dir);
	file = fopen(path, "re");
	if (!file)
		return false;
	good = fgets(line, CMM_VALUE_MAX, file);
	fclose(file);
	return good;
}

/* Takes the release from "DKMS make.log for cmm-2.0.0 for kernel 6.1.0-50-powerpc64le (ppc64le)".
 */
static int take_version(void *data, const char *name)
{
	static const char before[] = " for kernel ";
	const struct build_reader *reader = data;
	char dir[PATH_MAX], line[CMM_VALUE_MAX], *release;

	if (snprintf(dir, sizeof(dir), "%s/%s/build", DKMS, name) >= (int)sizeof(dir) ||
	    !read_first_line(dir, line))
		return CMM_EXIT_OK;
	release = strstr(line, before);
	if (!release)
		return CMM_EXIT_OK;
	release += strlen(before);
	release[strcspn(release, " \n")] = '\0';
	strcat(dir, "/make.log");
	return reader->take(reader->data, dir, release);
}

int patient_failed_builds(int (*take)(void *data, const char *path, const char *release),
			  void *data)
{
	struct build_reader reader = { take, data };

	return directory_list(DKMS, take_version, &reader);
}

static int take_failed_build(void *data, const char *path, const char *release)
{
	struct patient *patient = data;

	if (!strcmp(release, patient->driver.release))
		snprintf(patient->running_log, sizeof(patient->running_log), "%s", path);
	if (!strcmp(release, patient->newest))
		snprintf(patient->newest_log, sizeof(patient->newest_log), "%s", path);
	return CMM_EXIT_OK;
}

static int read_newest(struct patient *patient)
{
	int status = directory_list(MODULES, take_kernel, patient);

	if (status || !patient->newest[0])
		return status;
	if (!strcmp(patient->newest, patient->driver.release)) {
		patient->newest_file = patient->driver.file;
		patient->newest_kernel = patient->kernel;
		return CMM_EXIT_OK;
	}
	status = driver_file_read(&patient->newest_file, patient->newest);
	return status ? status : kernel_config_read(&patient->newest_kernel, patient->newest);
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
		status = kernel_config_read(&patient->kernel, patient->driver.release);
	if (!status)
		status = machine_read(&patient->machine, &patient->lparcfg, &patient->kernel);
	if (!status)
		status = read_newest(patient);
	return status ? status : patient_failed_builds(take_failed_build, patient);
}
