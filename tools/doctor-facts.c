// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads the facts about the system that the checks of cmm-admin doctor use */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "complain.h"
#include "directory.h"
#include "doctor.h"
#include "file.h"
#include "proc.h"
#include "root.h"

#define DKMS "/var/lib/dkms/cmm"

/* Also true if the user may not look into @dir */
static bool may_exist(const char *dir, const char *name)
{
	return root_exists(dir, name) || errno == EACCES;
}

bool doctor_has_source(void)
{
	return may_exist(DKMS, "");
}

/* The callback that doctor_failed_builds() got, and its first argument */
struct build_callback {
	int (*take)(void *data, const char *path, const char *release);
	void *data;
};

/* Reads the first line of @dir/make.log, cut off to fit; returns false if there is none. */
static bool read_first_line(const char *dir, char line[CMM_VALUE_MAX])
{
	char path[PATH_MAX];
	FILE *file;
	bool good;

	root_path(path, "%s/make.log", dir);
	file = file_open(path);
	if (!file)
		return false;
	good = fgets(line, CMM_VALUE_MAX, file);
	fclose(file);
	return good;
}

/*
 * Calls the callback if a build of version @name failed: then dkms leaves the directory "build"
 * with the log. The first line of the log names the kernel, such as "DKMS make.log for cmm-2.0.0
 * for kernel 6.1.0-50-powerpc64le (ppc64le)".
 */
static int take_version(void *data, const char *name)
{
	static const char before[] = " for kernel ";
	const struct build_callback *callback = data;
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
	return callback->take(callback->data, dir, release);
}

int doctor_failed_builds(int (*take)(void *data, const char *path, const char *release), void *data)
{
	struct build_callback callback = { take, data };

	return directory_list(DKMS, take_version, &callback);
}

static int take_failed_build(void *data, const char *path, const char *release)
{
	struct doctor_facts *facts = data;
	int i;

	for (i = 0; i < facts->kernels_count; i++)
		if (!strcmp(release, facts->kernels[i].release))
			snprintf(facts->kernels[i].log, sizeof(facts->kernels[i].log), "%s", path);
	return CMM_EXIT_OK;
}

/*
 * Adds the kernel @release. The caller fills in the facts about its module. If memory runs out,
 * prints one line on stderr and returns NULL. A configuration that cannot be read counts as
 * missing. This function looks for headers in build/include, because headers that were removed can
 * leave an empty directory "build".
 */
static struct kernel *add_kernel(struct doctor_facts *facts, const char *release)
{
	struct kernel *kernels, *kernel;
	char dir[CMM_VALUE_MAX + sizeof(MODULES)];

	kernels = realloc(facts->kernels, (facts->kernels_count + 1) * sizeof(*kernels));
	if (!kernels) {
		complain_errno(ENOMEM, "%s/%s", MODULES, release);
		return NULL;
	}
	facts->kernels = kernels;
	kernel = &kernels[facts->kernels_count];
	memset(kernel, 0, sizeof(*kernel));
	snprintf(kernel->release, sizeof(kernel->release), "%s", release);
	snprintf(dir, sizeof(dir), "%s/%s", MODULES, release);
	kernel->has_headers = root_exists(dir, "build/include");
	kernel->headers_forbidden = !kernel->has_headers && errno == EACCES;
	kernel_config_read(&kernel->config, release);
	facts->kernels_count++;
	return kernel;
}

/*
 * Adds the running kernel. An upgrade can remove its package. Then its directory is missing, or has
 * only files that no package owns.
 */
static int add_running_kernel(struct doctor_facts *facts)
{
	struct kernel *kernel = add_kernel(facts, facts->driver.release);
	char dir[CMM_VALUE_MAX + sizeof(MODULES)];

	if (!kernel)
		return CMM_EXIT_FAILURE;
	snprintf(dir, sizeof(dir), "%s/%s", MODULES, kernel->release);
	kernel->file = facts->driver.file;
	kernel->file_good = facts->driver.file_good;
	kernel->is_removed = kernel->file_good && !root_exists(dir, "modules.dep") &&
			     !root_exists(dir, "kernel");
	return CMM_EXIT_OK;
}

/* Whether the entry @name of MODULES is a link to the directory of another entry */
static bool is_second_name(const char *name)
{
	char path[PATH_MAX], target[PATH_MAX];
	const char *real;

	root_path(path, "%s/%s", MODULES, name);
	if (!realpath(path, target))
		return false;
	real = strrchr(target, '/') + 1;
	return strcmp(real, name) && root_exists(MODULES, real);
}

/*
 * Whether a kernel has the directory @release in MODULES: the directory has the kernel's own
 * modules, or there is an image of this kernel in /boot or, on Fedora and SUSE, in the directory.
 * Indexes and modules of dkms do not count, because they can be left over from a removed kernel. If
 * the user may not look for one of these files, the kernel counts as installed.
 */
static bool is_installed(const char *release)
{
	static const char *const images[] = { "vmlinux", "vmlinuz" };
	char dir[CMM_VALUE_MAX + sizeof(MODULES)], name[CMM_VALUE_MAX + 8];
	size_t i;

	snprintf(dir, sizeof(dir), "%s/%s", MODULES, release);
	if (may_exist(dir, "kernel"))
		return true;
	for (i = 0; i < sizeof(images) / sizeof(images[0]); i++) {
		snprintf(name, sizeof(name), "%s-%s", images[i], release);
		if (may_exist("/boot", name) || may_exist(dir, images[i]))
			return true;
	}
	return false;
}

/*
 * Adds the kernel @release, unless it is the running one. Skips a directory that is left over from
 * a removed kernel, and a link to the directory of another kernel. The RPM's scriptlet also skips
 * these.
 */
static int take_kernel(void *data, const char *release)
{
	struct doctor_facts *facts = data;
	struct kernel *kernel;

	if (strlen(release) >= CMM_VALUE_MAX || !strcmp(release, facts->driver.release))
		return CMM_EXIT_OK;
	if (!is_installed(release) || is_second_name(release))
		return CMM_EXIT_OK;
	kernel = add_kernel(facts, release);
	if (!kernel)
		return CMM_EXIT_FAILURE;
	kernel->file_good = !driver_file_read(&kernel->file, release);
	return CMM_EXIT_OK;
}

static int read_kernels(struct doctor_facts *facts)
{
	int status;

	status = add_running_kernel(facts);
	if (status)
		return status;
	facts->kernels_good = !directory_list(MODULES, take_kernel, facts);
	doctor_failed_builds(take_failed_build, facts);
	return CMM_EXIT_OK;
}

/* Measures the rate of page faults for check_pressure(). The measurement takes a second. */
static void read_fault_rate(struct doctor_facts *facts)
{
	if (facts->partition_good && !strcmp(facts->partition.state, "pressure"))
		fault_rate_read(&facts->fault_rate, &facts->lparcfg);
}

static void read_partition(struct doctor_facts *facts)
{
	int status;

	facts->driver.there = may_exist(CMM_SUBSYSTEM, "cmm0");
	if (!facts->driver.there)
		return;
	status = partition_read(&facts->partition);
	facts->partition_good = !status;
	facts->partition_forbidden = status == CMM_EXIT_NOT_PERMITTED;
}

int doctor_facts_read(struct doctor_facts *facts)
{
	int status;

	memset(facts, 0, sizeof(*facts));
	status = driver_read(&facts->driver);
	if (!facts->driver.release[0])
		return status;
	read_partition(facts);
	config_read(&facts->config);
	module_rules_read(&facts->rules, facts->driver.file.module);
	system_memory_read(&facts->memory);
	lparcfg_read(&facts->lparcfg);
	read_fault_rate(facts);
	status = read_kernels(facts);
	if (status)
		return status;
	machine_read(&facts->machine, &facts->lparcfg, &facts->kernels[0].config);
	return CMM_EXIT_OK;
}

void doctor_facts_free(struct doctor_facts *facts)
{
	free(facts->kernels);
}
