// SPDX-License-Identifier: GPL-2.0-or-later
/* What goes with a bug report: files and the words of commands, in one text. */

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bundle.h"
#include "complain.h"
#include "directory.h"
#include "doctor.h"
#include "file.h"
#include "root.h"

/* Of a file, at most; a build's log is a tenth of it. */
#define FILE_MAX (256 * 1024)

/* The operands of a command, at most, and a last one that is NULL */
#define ARGUMENTS_MAX 10

#define OURS "/proc/self/exe"

/* The first of them take a --sysroot. */
static const char *const commands[][ARGUMENTS_MAX] = {
	{ OURS, "doctor" },
	{ OURS, "report", "--output-all" },
	{ OURS, "--version" },
	{ OURS, "apply", "--dry-run" },
	{ "uname", "-srvm" },
	{ "dkms", "status", "-m", "cmm" },
	{ "modinfo", "cmm" },
	{ "modinfo", "cmm_dkms" },
	{ "systemctl", "--no-pager", "--full", "status", "cmm.service", "cmm-simulate.service",
	  "cmm-apply.service", "cmm-metrics.timer" },
	{ "journalctl", "--no-pager", "--boot", "--lines=200", "--identifier=cmm" },
	{ "journalctl", "--no-pager", "--boot", "--lines=200", "--dmesg", "--grep=cmm|oom" },
};

#define COMMANDS	     (sizeof(commands) / sizeof(commands[0]))
#define COMMANDS_OF_SYSROOTS 2

static const char *const files[] = { "/etc/os-release", "/proc/cmdline", "/proc/meminfo",
				     "/proc/powerpc/lparcfg", "/etc/cmm/cmm.conf" };

static const char *const folders[] = { CMM_DEVICE, CMM_DEVICE "/stats", CMM_PARAMETERS,
				       "/etc/cmm/cmm.conf.d", "/usr/lib/cmm/cmm.conf.d" };

/* The serial number is the owner's business, and so is the command line in the kernel's log. */
static char *take_public(char *line)
{
	return strstr(line, "serial_number") || strcasestr(line, "kernel command line") ? NULL
											: line;
}

/* Words of the kernel's command line that are about a driver */
static char *take_cmdline(char *line)
{
	static char taken[CMM_VALUE_MAX * 4];
	char *word, *rest = NULL;
	size_t length = 0;

	for (word = strtok_r(line, " \n", &rest); word; word = strtok_r(NULL, " \n", &rest)) {
		if (!strstr(word, "cmm") || length + strlen(word) + 2 > sizeof(taken))
			continue;
		length += sprintf(taken + length, "%s ", word);
	}
	if (length)
		taken[length - 1] = '\n';
	taken[length] = '\0';
	return taken;
}

/* Copies at most FILE_MAX bytes of the file @path, each line as @take changes it; 0, or an errno.
 */
static int copy(const char *path, char *(*take)(char *line), FILE *to)
{
	size_t size = 0, seen = 0;
	char whole[PATH_MAX];
	const char *taken;
	char *line = NULL;
	ssize_t length;
	FILE *file;
	int error;

	root_path(whole, "%s", path);
	file = fopen(whole, "re");
	if (!file)
		return errno;
	while (seen < FILE_MAX && (length = getline(&line, &size, file)) >= 0) {
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

static void take_file(const char *path, FILE *to)
{
	bool is_cmdline = !strcmp(path, "/proc/cmdline");
	int error;

	fprintf(to, "\n== %s\n", path);
	error = copy(path, is_cmdline ? take_cmdline : take_public, to);
	if (error)
		fprintf(to, "(%s)\n", strerror(error));
}

/* A folder on its way into the text */
struct folder {
	const char *path;
	FILE *to;
};

static int take_name(void *data, const char *name)
{
	const struct folder *folder = data;
	char path[PATH_MAX];

	if (root_has_file(folder->path, name) &&
	    snprintf(path, sizeof(path), "%s/%s", folder->path, name) < (int)sizeof(path))
		take_file(path, folder->to);
	return CMM_EXIT_OK;
}

static int take_log(void *data, const char *path, const char *release)
{
	(void)release;
	take_file(path, data);
	return CMM_EXIT_OK;
}

/* In a child, with its words going to the pipe: doesn't return. */
static void become(const char *const *arguments, const int pipe_ends[2])
{
	const char *root = root_dir();
	const char *own[ARGUMENTS_MAX + 3];
	int count;

	for (count = 0; arguments[count]; count++)
		own[count] = arguments[count];
	if (*root) {
		own[count++] = "--sysroot";
		own[count++] = root;
	}
	own[count] = NULL;
	dup2(pipe_ends[1], STDOUT_FILENO);
	dup2(pipe_ends[1], STDERR_FILENO);
	close(pipe_ends[0]);
	close(pipe_ends[1]);
	execvp(own[0], (char *const *)own);
	dprintf(STDOUT_FILENO, "(%s)\n", strerror(errno));
	_exit(CMM_EXIT_FAILURE);
}

static int take_words(int fd, FILE *to)
{
	FILE *words = fdopen(fd, "r");
	char *line = NULL;
	size_t size = 0;
	int error;

	if (!words) {
		error = errno;
		close(fd);
		return error;
	}
	while (getline(&line, &size, words) >= 0)
		if (take_public(line))
			fputs(line, to);
	error = ferror(words) ? errno : 0;
	free(line);
	fclose(words);
	return error;
}

/* What a command says, and how it ended; 0, or an errno */
static int take_command(const char *const *arguments, FILE *to)
{
	const char *const *argument;
	int pipe_ends[2], error, status = 0;
	pid_t child;

	fprintf(to, "\n== %s", strcmp(arguments[0], OURS) ? arguments[0] : "cmm-admin");
	for (argument = arguments + 1; *argument; argument++)
		fprintf(to, " %s", *argument);
	fprintf(to, "\n");

	if (pipe(pipe_ends))
		return errno;
	fflush(NULL);
	child = fork();
	if (child < 0) {
		error = errno;
		close(pipe_ends[0]);
		close(pipe_ends[1]);
		return error;
	}
	if (!child)
		become(arguments, pipe_ends);
	close(pipe_ends[1]);
	error = take_words(pipe_ends[0], to);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFEXITED(status) && WEXITSTATUS(status))
		fprintf(to, "(status %d)\n", WEXITSTATUS(status));
	return error;
}

static int take_everything(FILE *to)
{
	size_t count = *root_dir() ? COMMANDS_OF_SYSROOTS : COMMANDS;
	struct folder folder = { .to = to };
	size_t i;
	int error = 0;

	fprintf(to, "Written by cmm-admin doctor --report. The serial number is left out; look "
		    "through the rest before you pass it on.\n");
	for (i = 0; i < count && !error; i++)
		error = take_command(commands[i], to);
	if (error)
		return error;
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		take_file(files[i], to);
	for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		folder.path = folders[i];
		if (directory_list(folder.path, take_name, &folder))
			fprintf(to, "(%s cannot be read)\n", folder.path);
	}
	patient_failed_builds(take_log, to);
	return ferror(to) ? ENOMEM : 0;
}

int bundle_write(const char *path)
{
	size_t length = 0;
	char *text = NULL;
	FILE *to = open_memstream(&text, &length);
	int status, error = to ? take_everything(to) : errno;

	if (to && fclose(to) && !error)
		error = errno;
	if (error)
		status = complain_errno(error, "%s", path);
	else
		status = file_replace(path, text, length, 0600);
	free(text);
	return status;
}
