// SPDX-License-Identifier: GPL-2.0-or-later
/* cmm-admin: finds the command and runs it */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "names.h"

/* All commands, in the order of --help */
static const struct command *const commands[] = {
	&report_command, &get_command,	 &set_command,	   &enable_command,    &disable_command,
	&loan_command,	 &wait_command,	 &monitor_command, &reset_oom_command, &apply_command,
	&doctor_command, &check_command, &metrics_command,
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

bool command_is_known(const char *word)
{
	size_t i;

	for (i = 0; i < COMMANDS; i++)
		if (!strcmp(word, commands[i]->name))
			return true;
	return false;
}

static int print_help(void)
{
	size_t i;

	printf("Usage: cmm-admin [COMMAND] [OPTION...]\n\n"
	       "Shows and controls the collaborative memory manager of an IBM Power partition.\n\n"
	       "Commands:\n");
	for (i = 0; i < COMMANDS; i++)
		printf("  %-10s %s%s\n", commands[i]->name, commands[i]->summary,
		       commands[i] == &report_command ? " (default)" : "");
	printf("\nOptions:\n"
	       "  -h, --help     print this help; after a command, the help of that command\n"
	       "  -V, --version  print the version\n\n"
	       "%s",
	       cmm_exit_help);
	return CMM_EXIT_OK;
}

static int run_named(int argc, char **argv)
{
	struct names names = { .word = argv[0] };
	size_t i;

	for (i = 0; i < COMMANDS; i++) {
		if (!strcmp(argv[0], commands[i]->name))
			return command_run(commands[i], argc, argv);
		names_add(&names, commands[i]->name);
	}
	return complain(CMM_EXIT_USAGE, "unknown command '%.64s'; %s", argv[0], names_hint(&names));
}

static int run(int argc, char **argv)
{
	if (argc < 2)
		return command_run(&report_command, argc, argv);
	if (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help"))
		return print_help();
	if (!strcmp(argv[1], "-V") || !strcmp(argv[1], "--version"))
		return command_print_version();
	if (argv[1][0] == '-')
		return command_run(&report_command, argc, argv);
	return run_named(argc - 1, argv + 1);
}

/*
 * Opens /dev/null on standard descriptors that are closed. Otherwise an attribute of the driver
 * could become descriptor 1 or 2, and a message would be written to it. /dev/null is opened for
 * reading, so that writing to it fails like writing to a closed descriptor.
 */
static void occupy_standard_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

/*
 * Closes standard output. Returns 0, or an errno if output was lost. A closed standard output is no
 * error if nothing was printed.
 */
static int close_output(void)
{
	bool failed = ferror(stdout);
	int error = errno;

	if (fclose(stdout))
		return errno;
	if (!failed)
		return 0;
	return error ? error : EIO;
}

int main(int argc, char **argv)
{
	int status, error;

	occupy_standard_descriptors();
	/* The parent may have left SIGCHLD ignored. Then waitpid() would find no children. */
	signal(SIGCHLD, SIG_DFL);
	/* libkmod would print lines of faulty files as they are, with escape sequences. */
	setenv("KMOD_LOG", "0", 0);
	status = run(argc, argv);
	error = close_output();
	if (!error)
		return status;
	complain_to(NULL);
	complain_errno(error, "standard output");
	return command_lost_output(status);
}
