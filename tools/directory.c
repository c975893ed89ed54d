// SPDX-License-Identifier: GPL-2.0-or-later
/* Lists the entries of a directory */

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "complain.h"
#include "directory.h"
#include "root.h"

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

int directory_list(const char *dir, int (*take)(void *data, const char *name), void *data)
{
	struct dirent **entries;
	char path[PATH_MAX];
	int count, i, status = CMM_EXIT_OK;

	root_path(path, "%s", dir);
	count = scandir(path, &entries, is_visible, versionsort);
	if (count < 0 && errno == ENOENT)
		return CMM_EXIT_OK;
	if (count < 0)
		return complain_errno(errno, "cannot read %s", path);
	for (i = 0; i < count; i++) {
		if (!status)
			status = take(data, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return status;
}
