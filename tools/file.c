// SPDX-License-Identifier: GPL-2.0-or-later
/* Opens files without blocking, and replaces files as a whole */

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "complain.h"
#include "file.h"

static int cannot(const char *path, int error)
{
	return complain_errno(error, "cannot write %s", path);
}

static int write_all(int fd, const char *text, size_t length)
{
	ssize_t written;

	while (length) {
		written = write(fd, text, length);
		if (written < 0 && errno != EINTR)
			return -1;
		if (written < 0)
			continue;
		text += written;
		length -= written;
	}
	return 0;
}

/*
 * Makes a rename durable, if possible. Errors are ignored because the new file is already in place:
 * some filesystems cannot sync a directory, and the caller may lack the permission to read it.
 */
static void sync_directory_of(const char *path)
{
	char copy[PATH_MAX];
	int fd;

	snprintf(copy, sizeof(copy), "%s", path);
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

FILE *file_open(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat stat;
	FILE *file;

	if (fd < 0)
		return NULL;
	file = !fstat(fd, &stat) && S_ISREG(stat.st_mode) ? fdopen(fd, "r") : NULL;
	if (file)
		return file;
	close(fd);
	errno = EINVAL;
	return NULL;
}

bool file_is_null_device(const struct stat *stat)
{
	return S_ISCHR(stat->st_mode) && stat->st_rdev == makedev(1, 3);
}

int file_check(const char *path)
{
	struct stat before;

	if (lstat(path, &before) || S_ISREG(before.st_mode))
		return CMM_EXIT_OK;
	return complain(CMM_EXIT_FAILURE, "cannot write %s: it exists and is not a regular file",
			path);
}

static int replace(const char *path, const char *text, size_t length, mode_t mode)
{
	char temporary[PATH_MAX];
	int fd, error;

	error = file_check(path);
	if (error)
		return error;
	if (snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path) >= PATH_MAX)
		return cannot(path, ENAMETOOLONG);
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return cannot(path, errno);
	if (write_all(fd, text, length) || fchmod(fd, mode) || fsync(fd))
		goto out;
	if (close(fd)) {
		fd = -1;
		goto out;
	}
	fd = -1;
	if (rename(temporary, path))
		goto out;
	sync_directory_of(path);
	return CMM_EXIT_OK;
out:
	error = errno;
	if (fd >= 0)
		close(fd);
	unlink(temporary);
	return cannot(path, error);
}

/*
 * No signal may end the process while the temporary file exists. SIGXFSZ is ignored, so that
 * write() fails if the file becomes larger than allowed.
 */
int file_replace(const char *path, const char *text, size_t length, mode_t mode)
{
	sigset_t all, before;
	int status;

	signal(SIGXFSZ, SIG_IGN);
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	status = replace(path, text, length, mode);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return status;
}
