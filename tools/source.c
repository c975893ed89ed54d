// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads attributes and /proc/meminfo, live or from a tree. */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sysfs/libsysfs.h>

#include "cmm-admin.h"
#include "parse.h"
#include "size.h"
#include "source.h"

/* Room for the longest path of ours behind it */
#define CMM_ROOT_MAX (SYSFS_PATH_MAX - 96)

static const char *root = "";

/* source_driver() has seen it. */
static bool had_driver;

/* As libkmod has it: absolute. libsysfs would cut a longer path off and read some other file. */
int source_set_root(const char *dir)
{
	static char absolute[PATH_MAX];

	if (!realpath(dir, absolute)) {
		fprintf(stderr,
			"cmm-admin: --sysroot '%.64s': %s; a folder with sys and proc is wanted\n",
			dir, strerror(errno));
		return CMM_EXIT_USAGE;
	}
	if (strlen(absolute) > CMM_ROOT_MAX) {
		fprintf(stderr,
			"cmm-admin: --sysroot '%.20s...' is %zu bytes long; %d are allowed\n",
			absolute, strlen(absolute), CMM_ROOT_MAX);
		return CMM_EXIT_USAGE;
	}
	root = strcmp(absolute, "/") ? absolute : "";
	return CMM_EXIT_OK;
}

const char *source_root(void)
{
	return root;
}

/* What follows CMM_MODULE in @place; NULL where that is elsewhere */
static const char *below_module(const char *place)
{
	const size_t length = strlen(CMM_MODULE);

	if (strncmp(place, CMM_MODULE, length) || (place[length] && place[length] != '/'))
		return NULL;
	return place + length;
}

static bool has_second_name(void)
{
	char path[SYSFS_PATH_MAX];

	snprintf(path, sizeof(path), "%s%s_dkms/initstate", root, CMM_MODULE);
	return !access(path, F_OK);
}

bool source_has_leftovers(void)
{
	char path[SYSFS_PATH_MAX];

	snprintf(path, sizeof(path), "%s%s/parameters", root, CMM_MODULE);
	return has_second_name() && !access(path, F_OK);
}

/*
 * Where @place is, below the root and in whichever module it is. That is a constant of this
 * program and far shorter than the rest.
 */
static void locate(char *path, size_t size, const char *place)
{
	const char *below = below_module(place);

	if (below && has_second_name())
		snprintf(path, size, "%s%s_dkms%s", root, CMM_MODULE, below);
	else
		snprintf(path, size, "%s%s", root, place);
}

static void full_path(char path[SYSFS_PATH_MAX], const char *dir, const char *name)
{
	char place[SYSFS_PATH_MAX];

	snprintf(place, sizeof(place), "%s/%s", dir, name);
	locate(path, SYSFS_PATH_MAX, place);
}

bool source_exists(const char *dir, const char *name)
{
	char path[SYSFS_PATH_MAX];

	full_path(path, dir, name);
	return !access(path, F_OK);
}

static int cannot(const char *path, const char *action, int error)
{
	if ((error == ENOENT || error == ENODEV) && had_driver &&
	    !source_exists(CMM_SUBSYSTEM, "cmm0")) {
		fprintf(stderr, "cmm-admin: cannot %s %s: the driver has gone\n", action, path);
		return CMM_EXIT_NO_DRIVER;
	}
	fprintf(stderr, "cmm-admin: cannot %s %s: %s\n", action, path, strerror(error));
	return cmm_exit_of(error);
}

int source_write_failed(const char *dir, const char *name, int error)
{
	char path[SYSFS_PATH_MAX];

	full_path(path, dir, name);
	return cannot(path, "write", error);
}

/* O_TRUNC is for a tree of files; attributes take no notice. */
int source_open(const char *dir, const char *name, int *fd)
{
	char path[SYSFS_PATH_MAX];

	full_path(path, dir, name);
	*fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	return *fd < 0 ? cannot(path, "write", errno) : CMM_EXIT_OK;
}

int source_write(const char *dir, const char *name, const char *text)
{
	int fd, status, error = 0;

	status = source_open(dir, name, &fd);
	if (status)
		return status;
	if (write(fd, text, strlen(text)) < 0)
		error = errno;
	if (close(fd) && !error)
		error = errno;
	return error ? source_write_failed(dir, name, error) : CMM_EXIT_OK;
}

bool source_is_writable(const char *dir, const char *name)
{
	char path[SYSFS_PATH_MAX];

	full_path(path, dir, name);
	return !access(path, W_OK);
}

bool source_is_file(const char *dir, const char *name)
{
	char path[SYSFS_PATH_MAX];
	struct stat stat_now;

	full_path(path, dir, name);
	return !stat(path, &stat_now) && S_ISREG(stat_now.st_mode);
}

int source_driver(void)
{
	had_driver = source_exists(CMM_SUBSYSTEM, "cmm0");
	if (had_driver)
		return CMM_EXIT_OK;
	fprintf(stderr, "cmm-admin: no cmm driver here: %s does not exist (see cmm-admin doctor)\n",
		CMM_DEVICE);
	return CMM_EXIT_NO_DRIVER;
}

static int no_sense(const char *path, const char *value, const char *wanted)
{
	fprintf(stderr, "cmm-admin: %s holds '%.40s', which is not %s\n", path, value, wanted);
	return CMM_EXIT_FAILURE;
}

int source_text(const char *dir, const char *name, char value[CMM_VALUE_MAX])
{
	struct sysfs_attribute *attribute;
	char path[SYSFS_PATH_MAX];
	int status = CMM_EXIT_OK;

	full_path(path, dir, name);
	errno = 0;
	attribute = sysfs_open_attribute(path);
	if (!attribute || sysfs_read_attribute(attribute)) {
		status = cannot(path, "read", errno ? errno : EIO);
		goto out;
	}

	switch (attribute_parse(attribute->value, value)) {
	case ATTRIBUTE_GOOD:
		break;
	case ATTRIBUTE_LINES:
		status = no_sense(path, "several lines", "one line");
		break;
	case ATTRIBUTE_LONG:
		status = no_sense(path, attribute->value, "a short line");
		break;
	}
out:
	sysfs_close_attribute(attribute);
	return status;
}

int source_parse(const char *dir, const char *name, const char *text, unsigned long *value)
{
	char path[SYSFS_PATH_MAX];

	if (number_parse(text, value))
		return CMM_EXIT_OK;
	full_path(path, dir, name);
	return no_sense(path, text, "a decimal number");
}

int source_number(const char *dir, const char *name, unsigned long *value)
{
	char text[CMM_VALUE_MAX];
	int status;

	status = source_text(dir, name, text);
	return status ? status : source_parse(dir, name, text, value);
}

int source_release(char value[CMM_VALUE_MAX])
{
	return source_text("/proc/sys/kernel", "osrelease", value);
}

int source_pairs(const char *dir, const char *name,
		 void (*take)(void *data, const char *pair, const char *value), void *data)
{
	char path[SYSFS_PATH_MAX];
	const char *value;
	char *line = NULL;
	size_t size = 0;
	FILE *file;
	int status = CMM_EXIT_OK;

	full_path(path, dir, name);
	file = fopen(path, "re");
	if (!file && errno == ENOENT)
		return CMM_EXIT_OK;
	if (!file)
		return cannot(path, "read", errno);
	while (getline(&line, &size, file) >= 0) {
		value = pair_parse(line);
		if (value)
			take(data, line, value);
	}
	if (ferror(file))
		status = cannot(path, "read", errno);
	free(line);
	fclose(file);
	return status;
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

int source_first_line(const char *dir, const char *name, char value[CMM_VALUE_MAX])
{
	char path[SYSFS_PATH_MAX];
	int status = CMM_EXIT_OK;
	FILE *file;

	full_path(path, dir, name);
	file = fopen(path, "re");
	if (!file)
		return cannot(path, "read", errno);
	value[0] = '\0';
	if (!fgets(value, CMM_VALUE_MAX, file) && ferror(file))
		status = cannot(path, "read", errno);
	value[strcspn(value, "\n")] = '\0';
	fclose(file);
	return status;
}

int source_copy(const char *path, size_t most, char *(*take)(char *line), FILE *to)
{
	char whole[PATH_MAX];
	const char *taken;
	char *line = NULL;
	size_t size = 0, seen = 0;
	ssize_t length;
	FILE *file;
	int error;

	locate(whole, sizeof(whole), path);
	file = fopen(whole, "re");
	if (!file)
		return errno;
	while (seen < most && (length = getline(&line, &size, file)) >= 0) {
		seen += length;
		taken = take(line);
		if (taken)
			fputs(taken, to);
	}
	error = ferror(file) ? errno : 0;
	free(line);
	fclose(file);
	return error;
}

int source_list(const char *dir, int (*take)(void *data, const char *name), void *data)
{
	struct dirent **entries;
	char path[PATH_MAX];
	int count, i, status = CMM_EXIT_OK;

	locate(path, sizeof(path), dir);
	count = scandir(path, &entries, is_visible, versionsort);
	if (count < 0 && errno == ENOENT)
		return CMM_EXIT_OK;
	if (count < 0)
		return cannot(path, "read", errno);
	for (i = 0; i < count; i++) {
		if (!status)
			status = take(data, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return status;
}

static int read_meminfo(const char *path, struct meminfo_line *lines, int count)
{
	char *line = NULL;
	size_t size = 0;
	FILE *file;
	int i, status = CMM_EXIT_OK;

	file = fopen(path, "re");
	if (!file)
		return cannot(path, "read", errno);
	while (getline(&line, &size, file) >= 0)
		for (i = 0; i < count; i++)
			lines[i].found |= meminfo_parse(line, lines[i].name, &lines[i].kb);
	if (ferror(file))
		status = cannot(path, "read", errno);
	free(line);
	fclose(file);
	return status;
}

int source_meminfo(struct meminfo_line *lines, int needed, int count)
{
	char path[SYSFS_PATH_MAX], wanted[CMM_VALUE_MAX];
	int i, status;

	full_path(path, "/proc", "meminfo");
	for (i = 0; i < count; i++)
		lines[i].found = false;
	status = read_meminfo(path, lines, count);
	for (i = 0; i < needed && !status; i++) {
		if (lines[i].found)
			continue;
		snprintf(wanted, sizeof(wanted), "what a line '%s: N kB' is in", lines[i].name);
		status = no_sense(path, "...", wanted);
	}
	return status;
}
