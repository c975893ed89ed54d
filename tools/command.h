/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commands of cmm-admin. Each command has a file that defines a struct command; the table in
 * main.c points to it. command.c parses the options and prints the --help of all commands.
 */
#ifndef CMM_COMMAND_H
#define CMM_COMMAND_H

#include <stdbool.h>

#include "complain.h"
#include "table.h"

/* No time-out, as a number of milliseconds */
#define TIMEOUT_NONE (-1UL)

/* Flags of struct command. All commands also take --sysroot and --help. */
enum {
	TAKES_TABLE = 1 << 0, /* --json, --raw ...; implied if struct command has columns */
	TAKES_TIMEOUT = 1 << 1,
	TAKES_DRY_RUN = 1 << 2,
	TAKES_OPERANDS = 1 << 3,
	TAKES_NEGATIVE = 1 << 4, /* one operand may be a word such as -64M */
};

/**
 * struct command_option - an option; at most one of the last four members is not NULL
 * @name: the long form, with its dashes
 * @letter: the short form, without its dash
 * @argument: the name of the option's value in --help; NULL for an option without a value
 * @help: one line for --help
 * @flag: the variable that the option sets to true
 * @text: the variable that gets the option's value
 * @ms: the variable that gets the value in milliseconds; the user gives seconds, with fractions, up
 *	to a year
 * @take: is called with the value; returns 0, or prints one line on stderr and returns an enum
 *	cmm_exit
 */
struct command_option {
	const char *name;
	char letter;
	const char *argument;
	const char *help;
	bool *flag;
	const char **text;
	unsigned long *ms;
	int (*take)(const char *value);
};

/* The parsed command line of the running command */
struct command_line {
	char **operands; /* the words that are not options; NULL ends them */
	struct table_format format;
	bool json; /* print a JSON document instead of a table */
	unsigned long timeout_ms; /* TIMEOUT_NONE by default */
	bool dry_run;
};

/**
 * struct command - a command; members that a command does not need are NULL or 0
 * @name: the name on the command line
 * @summary: one line for the list of commands in cmm-admin --help
 * @usage: operands and options, for the usage line
 * @description: paragraph for --help
 * @examples: lines for --help, each indented by two spaces
 * @statuses: the exit statuses for --help, if they differ from enum cmm_exit
 * @print_names: prints, for --help, the names that operands or values can have
 * @takes: flags TAKES_*
 * @options: the options of this command only; an option without a name ends them
 * @columns: columns of the table that the command prints; a column without a name ends them
 * @usage_status: exit status for wrong usage, --help and lost output; 0 for the statuses in
 *	enum cmm_exit
 * @take_message: called with each error message, which then does not go to stderr
 * @changes: the command makes a change or waits; without --dry-run it succeeds even if its output
 *	is lost
 * @run: does the work, or prints one line on stderr if it fails; returns an exit status
 */
struct command {
	const char *name;
	const char *summary;
	const char *usage;
	const char *description;
	const char *examples;
	const char *statuses;
	void (*print_names)(void);
	int takes;
	const struct command_option *options;
	const struct table_column *columns;
	int usage_status;
	void (*take_message)(const char *message);
	bool changes;
	int (*run)(const struct command_line *line);
};

extern const struct command report_command, get_command, set_command, enable_command,
	disable_command, loan_command, wait_command, monitor_command, reset_oom_command,
	apply_command, doctor_command, check_command, metrics_command;

/*
 * Parses the options in @argv, from the second word on, and runs the command. Returns its exit
 * status.
 */
int command_run(const struct command *command, int argc, char **argv);

/* Whether @word is the name of a command; in main.c */
bool command_is_known(const char *word);

/* Prints the version of cmm-admin; returns CMM_EXIT_OK. */
int command_print_version(void);

/*
 * Call this function if output of the running command is lost, because standard output is closed,
 * full or a broken pipe. @status is the status that the command returned. Returns the exit status.
 */
int command_lost_output(int status);

#endif
