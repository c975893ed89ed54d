// SPDX-License-Identifier: GPL-2.0-or-later
/* Readers for files of many lines, such as those in /proc */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "complain.h"
#include "file.h"
#include "proc.h"
#include "root.h"

/* Calls @take with each line of the file @path. Returns 0, or an errno. */
static int each_line(const char *path, void (*take)(void *data, char *line), void *data)
{
	char *line = NULL;
	size_t size = 0;
	FILE *file;
	int error;

	file = file_open(path);
	if (!file)
		return errno;
	while (getline(&line, &size, file) >= 0)
		take(data, line);
	error = ferror(file) ? errno : 0;
	free(line);
	fclose(file);
	return error;
}

int proc_lines(const char *dir, const char *name, void (*take)(void *data, char *line), void *data)
{
	char path[PATH_MAX];
	int error, status;

	status = root_refuse_irregular(dir, name);
	if (status)
		return status;
	root_path(path, "%s/%s", dir, name);
	error = each_line(path, take, data);
	if (!error || error == ENOENT || error == EOPNOTSUPP)
		return CMM_EXIT_OK;
	return complain_errno(error, "cannot read %s", path);
}

struct boot_parameter {
	const char *name;
	char *value;
};

static void take_boot_parameter(void *data, char *line)
{
	const struct boot_parameter *parameter = data;

	boot_parameter_parse(line, parameter->name, parameter->value);
}

int proc_boot_parameter(const char *name, char value[CMM_VALUE_MAX], bool *known)
{
	struct boot_parameter parameter = { name, value };

	value[0] = '\0';
	*known = root_exists("/proc", "cmdline");
	return proc_lines("/proc", "cmdline", take_boot_parameter, &parameter);
}

struct meminfo {
	struct meminfo_line *lines;
	int count;
};

static void take_meminfo(void *data, char *line)
{
	const struct meminfo *meminfo = data;
	int i;

	for (i = 0; i < meminfo->count; i++)
		meminfo->lines[i].found |=
			meminfo_parse(line, meminfo->lines[i].name, &meminfo->lines[i].kb);
}

int proc_meminfo(struct meminfo_line *lines, int count)
{
	struct meminfo meminfo = { lines, count };
	char path[PATH_MAX];
	int i, error, status;

	status = root_refuse_irregular("/proc", "meminfo");
	if (status)
		return status;
	root_path(path, "/proc/meminfo");
	for (i = 0; i < count; i++)
		lines[i].found = false;
	error = each_line(path, take_meminfo, &meminfo);
	if (error)
		return complain_errno(error, "cannot read %s", path);
	for (i = 0; i < count; i++) {
		if (lines[i].needed && !lines[i].found)
			return complain(CMM_EXIT_FAILURE, "%s has no line '%s: N kB'", path,
					lines[i].name);
	}
	return CMM_EXIT_OK;
}
