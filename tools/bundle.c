// SPDX-License-Identifier: GPL-2.0-or-later
/* The text file for a bug report: copies of files, and the output of commands */

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bundle.h"
#include "complain.h"
#include "directory.h"
#include "doctor.h"
#include "file.h"
#include "root.h"
#include "text.h"
#include "waiting.h"

/* A file or output is cut off after about this many bytes. Logs of builds are ten times shorter. */
#define FILE_MAX (256 * 1024)

/* A command that prints more bytes than this is ended by a signal. */
#define OUTPUT_MAX (16 * 1024 * 1024)

/* A command that runs longer than this is ended. */
#define COMMAND_MAX_S 20

/* The time between two checks whether a command has ended */
#define PAUSE_US 10000

/* The largest number of arguments of a command, including the NULL at their end */
#define ARGUMENTS_MAX 10

#define OWN_PROGRAM "/proc/self/exe"

/* Commands that are run. With --sysroot, only commands that take this option are run. */
static const struct {
	bool takes_sysroot;
	const char *arguments[ARGUMENTS_MAX];
} commands[] = {
	{ true, { OWN_PROGRAM, "doctor" } },
	{ true, { OWN_PROGRAM, "report", "--all" } },
	{ false, { OWN_PROGRAM, "--version" } },
	{ false, { OWN_PROGRAM, "apply", "--dry-run" } },
	{ false, { "uname", "-srvm" } },
	{ false, { "dkms", "status", "-m", "cmm" } },
	{ false, { "modinfo", "cmm" } },
	{ false, { "modinfo", "cmm_dkms" } },
	{ false,
	  { "systemctl", "--no-pager", "--full", "status", "cmm.service", "cmm-simulate.service",
	    "cmm-apply.service", "cmm-metrics.timer" } },
	{ false, { "journalctl", "--no-pager", "--boot", "--lines=200", "--identifier=cmm" } },
	{ false,
	  { "journalctl", "--no-pager", "--boot", "--lines=200", "--dmesg", "--grep=cmm|oom" } },
};

static const char *const files[] = { "/etc/os-release",	  "/proc/cmdline",
				     "/proc/meminfo",	  "/proc/powerpc/lparcfg",
				     "/etc/cmm/cmm.conf", "/usr/lib/cmm/cmm.conf" };

static const char *const directories[] = { CMM_DEVICE, CMM_DEVICE "/stats", CMM_PARAMETERS,
					   "/etc/cmm/cmm.conf.d", "/usr/lib/cmm/cmm.conf.d" };

/*
 * Drops a line with the serial number. Also drops the kernel's command line, because it may contain
 * passwords.
 */
static char *filter_line(char *line)
{
	return strstr(line, "serial_number") || strcasestr(line, "kernel command line") ? NULL
											: line;
}

/* Keeps only the words of the kernel's command line that concern the driver. */
static char *filter_cmdline(char *line)
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

/*
 * Prints @text to @to. Tabs and newlines stay; other control characters, and bytes that are not
 * UTF-8, become \xNN. If text_clean() fails for lack of memory, no message is needed, because the
 * memory stream @to then fails as well.
 */
static void print_clean(char *text, FILE *to)
{
	char *end, *clean, separator;

	do {
		end = text + strcspn(text, "\t\n");
		separator = *end;
		*end = '\0';
		clean = text_clean(text);
		fputs(clean ? clean : "", to);
		free(clean);
		if (separator)
			fputc(separator, to);
		text = end + 1;
	} while (separator);
}

/*
 * Copies lines until about FILE_MAX bytes are read. @filter returns the text to copy for a line, or
 * NULL to drop the line. Zero bytes become spaces, because they would end the text. Returns 0 or an
 * errno.
 */
static int copy_lines(FILE *from, char *(*filter)(char *line), FILE *to)
{
	char *line = NULL, *kept, *zero;
	size_t size = 0, seen = 0;
	ssize_t length;
	int error;

	while (seen < FILE_MAX && (length = getline(&line, &size, from)) >= 0) {
		seen += length;
		while ((zero = memchr(line, '\0', length)))
			*zero = ' ';
		kept = filter(line);
		if (kept)
			print_clean(kept, to);
	}
	error = ferror(from) ? errno : 0;
	free(line);
	return error;
}

/* Copies the filtered lines of the file @path. Returns 0, or an errno. */
static int copy(const char *path, char *(*filter)(char *line), FILE *to)
{
	char full_path[PATH_MAX];
	FILE *file;
	int error;

	root_path(full_path, "%s", path);
	file = file_open(full_path);
	if (!file)
		return errno;
	error = copy_lines(file, filter, to);
	fclose(file);
	return error;
}

static void add_file(const char *path, FILE *to)
{
	bool is_cmdline = !strcmp(path, "/proc/cmdline");
	char *clean = text_clean(path);
	int error;

	fprintf(to, "\n== %s\n", clean ? clean : "");
	free(clean);
	error = copy(path, is_cmdline ? filter_cmdline : filter_line, to);
	if (error)
		fprintf(to, "(%s)\n", strerror(error));
}

/* A directory that is being copied */
struct directory {
	const char *path;
	FILE *to;
};

static int add_directory_entry(void *data, const char *name)
{
	const struct directory *directory = data;
	char path[PATH_MAX];

	if (root_has_file(directory->path, name) &&
	    snprintf(path, sizeof(path), "%s/%s", directory->path, name) < (int)sizeof(path))
		add_file(path, directory->to);
	return CMM_EXIT_OK;
}

static int add_log(void *data, const char *path, const char *release)
{
	(void)release;
	add_file(path, data);
	return CMM_EXIT_OK;
}

/* In the child: runs the command, with its output to @fd. Does not return. */
static void run_child(const char *const *arguments, int fd)
{
	const struct rlimit limit = { OUTPUT_MAX, OUTPUT_MAX };
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
	setrlimit(RLIMIT_FSIZE, &limit);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	execvp(own[0], (char *const *)own);
	dprintf(STDOUT_FILENO, "(%s)\n", strerror(errno));
	_exit(CMM_EXIT_FAILURE);
}

/*
 * Opens a file in memory for the output of a command. Reading a pipe would also wait for
 * processes that the command leaves behind. Returns NULL with an errno if that fails.
 */
static FILE *open_output(void)
{
	int fd = memfd_create("output", MFD_CLOEXEC);
	FILE *output = fd >= 0 ? fdopen(fd, "r") : NULL;

	if (!output && fd >= 0)
		close(fd);
	return output;
}

/* Waits for the end of a command. Ends the command if it takes too long, and returns false. */
static bool wait_child(pid_t child, int *status)
{
	unsigned long end_ms = waiting_clock_ms() + COMMAND_MAX_S * 1000UL;
	pid_t ended;

	while (!(ended = waitpid(child, status, WNOHANG)) && waiting_clock_ms() < end_ms)
		usleep(PAUSE_US);
	if (!ended)
		kill(child, SIGKILL);
	return ended;
}

/* Adds the output of a command, and its exit status unless that is 0. Returns 0, or an errno. */
static int add_command(const char *const *arguments, FILE *to)
{
	const char *const *argument;
	FILE *output = open_output();
	int error, status = 0;
	bool in_time;
	pid_t child;

	if (!output)
		return errno;
	fprintf(to, "\n== %s", strcmp(arguments[0], OWN_PROGRAM) ? arguments[0] : "cmm-admin");
	for (argument = arguments + 1; *argument; argument++)
		fprintf(to, " %s", *argument);
	fprintf(to, "\n");

	fflush(NULL);
	child = fork();
	if (child < 0) {
		error = errno;
		fclose(output);
		return error;
	}
	if (!child)
		run_child(arguments, fileno(output));
	in_time = wait_child(child, &status);
	rewind(output);
	error = copy_lines(output, filter_line, to);
	fclose(output);
	if (!in_time)
		fprintf(to, "(ended because it took more than %d seconds)\n", COMMAND_MAX_S);
	else if (WIFEXITED(status) && WEXITSTATUS(status))
		fprintf(to, "(status %d)\n", WEXITSTATUS(status));
	return error;
}

/* Writes the whole text. Returns 0, or an errno. */
static int write_text(FILE *to)
{
	bool is_tree = *root_dir();
	struct directory directory = { .to = to };
	int error = 0;
	size_t i;

	fprintf(to, "Written by cmm-admin doctor --report. The serial number is left out; check "
		    "the rest for confidential data before you pass it on.\n");
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]) && !error; i++)
		if (commands[i].takes_sysroot || !is_tree)
			error = add_command(commands[i].arguments, to);
	if (error)
		return error;
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		add_file(files[i], to);
	for (i = 0; i < sizeof(directories) / sizeof(directories[0]); i++) {
		directory.path = directories[i];
		if (directory_list(directory.path, add_directory_entry, &directory))
			fprintf(to, "(%s cannot be read)\n", directory.path);
	}
	doctor_failed_builds(add_log, to);
	return ferror(to) ? ENOMEM : 0;
}

int bundle_write(const char *path)
{
	size_t length = 0;
	char *text = NULL;
	FILE *to = open_memstream(&text, &length);
	int status, error = to ? write_text(to) : errno;

	if (to && fclose(to) && !error)
		error = errno;
	if (error)
		status = complain_errno(error, "%s", path);
	else
		status = file_replace(path, text, length, 0600);
	free(text);
	return status;
}
