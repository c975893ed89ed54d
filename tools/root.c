// SPDX-License-Identifier: GPL-2.0-or-later
/* The root directory, and paths below it */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "complain.h"
#include "root.h"

/* The longest root. libsysfs allows 256 bytes for a root and the path of an attribute below it. */
#define ROOT_LENGTH_MAX 160

static const char *root = "";

/* Sets errno if @path is not a directory. */
static bool is_directory(const char *path)
{
	struct stat found;

	if (stat(path, &found))
		return false;
	if (S_ISDIR(found.st_mode))
		return true;
	errno = ENOTDIR;
	return false;
}

/* The root becomes absolute, because libkmod requires an absolute path. */
int root_set(const char *dir)
{
	static char absolute[PATH_MAX];

	if (!realpath(dir, absolute) || !is_directory(absolute))
		return complain(CMM_EXIT_USAGE,
				"--sysroot '%.64s': %s; a directory with sys and proc is needed",
				dir, strerror(errno));
	if (strlen(absolute) > ROOT_LENGTH_MAX)
		return complain(CMM_EXIT_USAGE,
				"--sysroot '%.20s...' is %zu bytes long; %d are allowed", absolute,
				strlen(absolute), ROOT_LENGTH_MAX);
	root = strcmp(absolute, "/") ? absolute : "";
	return CMM_EXIT_OK;
}

const char *root_dir(void)
{
	return root;
}

/* The rest of @place after CMM_MODULE; NULL if @place is outside that directory */
static const char *below_module(const char *place)
{
	const size_t length = strlen(CMM_MODULE);

	if (strncmp(place, CMM_MODULE, length) || (place[length] && place[length] != '/'))
		return NULL;
	return place + length;
}

/* Whether our driver runs as the module cmm_dkms, beside a built-in driver */
static bool has_second_name(void)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s%s_dkms/initstate", root, CMM_MODULE);
	return !access(path, F_OK);
}

bool root_has_leftovers(void)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s%s/parameters", root, CMM_MODULE);
	return has_second_name() && !access(path, F_OK);
}

void root_path(char path[PATH_MAX], const char *format, ...)
{
	char place[PATH_MAX - ROOT_LENGTH_MAX - sizeof(CMM_MODULE "_dkms")];
	const char *below;
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(place, sizeof(place), format, arguments);
	va_end(arguments);
	below = below_module(place);
	if (below && has_second_name())
		snprintf(path, PATH_MAX, "%s%s_dkms%s", root, CMM_MODULE, below);
	else
		snprintf(path, PATH_MAX, "%s%s", root, place);
}

bool root_exists(const char *dir, const char *name)
{
	char path[PATH_MAX];

	root_path(path, "%s/%s", dir, name);
	return !access(path, F_OK);
}

bool root_is_readable(const char *dir, const char *name)
{
	char path[PATH_MAX];

	root_path(path, "%s/%s", dir, name);
	return !access(path, R_OK);
}

bool root_has_file(const char *dir, const char *name)
{
	char path[PATH_MAX];
	struct stat stat_now;

	root_path(path, "%s/%s", dir, name);
	return !stat(path, &stat_now) && S_ISREG(stat_now.st_mode);
}

int root_refuse_irregular(const char *dir, const char *name)
{
	char path[PATH_MAX];

	if (!root_exists(dir, name) || root_has_file(dir, name))
		return CMM_EXIT_OK;
	root_path(path, "%s/%s", dir, name);
	return complain(CMM_EXIT_FAILURE, "cannot read %s: it is not a regular file", path);
}
