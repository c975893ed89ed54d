// SPDX-License-Identifier: GPL-2.0-or-later
/* cmm-admin: finds the command and runs it. */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/version.h"
#include "complain.h"
#include "names.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *help;
} commands[] = {
	{ "report", cmm_report, "what is on loan, why, and whether all is well" },
	{ "get", cmm_get, "values of the driver, by name" },
	{ "set", cmm_set, "parameters of the driver; all are checked first" },
	{ "enable", cmm_enable, "let the driver loan memory" },
	{ "disable", cmm_disable, "take everything back, and loan nothing" },
	{ "loan", cmm_loan, "what a simulated hypervisor asks for" },
	{ "wait", cmm_wait, "until the loan is what was asked for" },
	{ "monitor", cmm_monitor, "a line a sample, or a graph" },
	{ "reset-oom", cmm_reset_oom, "forget what out-of-memory events took back" },
	{ "apply", cmm_apply, "set the driver as the configuration says" },
	{ "doctor", cmm_doctor, "what is wrong, and what mends it" },
	{ "check", cmm_check, "one line and a status for Nagios or Icinga" },
	{ "metrics", cmm_metrics, "figures for Prometheus" },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static int show_help(void)
{
	size_t i;

	printf("Usage: cmm-admin [COMMAND] [OPTION...]\n\n"
	       "Looks after the collaborative memory manager of an IBM Power partition.\n\n"
	       "Commands:\n");
	for (i = 0; i < COMMANDS; i++)
		printf("  %-10s %s%s\n", commands[i].name, commands[i].help, i ? "" : " (default)");
	printf("\nOptions:\n"
	       "  -h, --help     this text; after a command, that command's\n"
	       "  -V, --version  the version\n\n"
	       "%s",
	       cmm_exit_help);
	return CMM_EXIT_OK;
}

static int show_version(void)
{
	printf("cmm-admin %s\n", CMM_VERSION);
	return CMM_EXIT_OK;
}

static int unknown_command(const char *name)
{
	struct names names = { .word = name };
	size_t i;

	for (i = 0; i < COMMANDS; i++)
		names_add(&names, commands[i].name);
	return complain(CMM_EXIT_USAGE, "unknown command '%.64s'; %s", name, names_hint(&names));
}

static int run(int argc, char **argv)
{
	size_t i;

	if (argc < 2)
		return commands[0].run(argc, argv);
	if (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help"))
		return show_help();
	if (!strcmp(argv[1], "-V") || !strcmp(argv[1], "--version"))
		return show_version();
	if (argv[1][0] == '-')
		return commands[0].run(argc, argv);

	for (i = 0; i < COMMANDS; i++)
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	return unknown_command(argv[1]);
}

int main(int argc, char **argv)
{
	int status;

	/* Who ignores it lets the kernel bury children, and waitpid() finds none. */
	signal(SIGCHLD, SIG_DFL);
	status = run(argc, argv);
	if (ferror(stdout) || fclose(stdout)) {
		complain_errno(errno, "standard output");
		return status ? status : CMM_EXIT_FAILURE;
	}
	return status;
}
