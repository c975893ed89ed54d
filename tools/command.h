/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A command of cmm-admin: a file defines a struct command, and the table in main.c has a pointer
 * to it. Its options are parsed, and its --help is printed, by command.c.
 */
#ifndef CMM_COMMAND_H
#define CMM_COMMAND_H

#include <stdbool.h>

#include "complain.h"
#include "table.h"

/* No limit */
#define TIMEOUT_NONE (-1UL)

/* In struct command; all commands take --sysroot and --help. */
enum {
	TAKES_TABLE = 1 << 0, /* implied by columns */
	TAKES_TIMEOUT = 1 << 1,
	TAKES_DRY_RUN = 1 << 2,
	TAKES_OPERANDS = 1 << 3,
	TAKES_NEGATIVE = 1 << 4, /* one operand may be a word such as -64M */
};

/**
 * struct command_option - an option; one of the last four members receives it
 * @name: with its dashes
 * @letter: of the short form
 * @argument: name of its value in --help; NULL for an option without a value
 * @help: one line for --help
 * @flag: becomes true
 * @text: becomes the value
 * @ms: becomes the value, a number of seconds with fractions, at most a year
 * @take: takes the value; returns an enum cmm_exit
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

/* The command line of the running command */
struct command_line {
	char **operands; /* ends with NULL */
	struct table_format format;
	bool json; /* a JSON document instead of a table */
	unsigned long timeout_ms; /* TIMEOUT_NONE by default */
	bool dry_run;
};

/**
 * struct command - a command; members that it has no use for are NULL or 0
 * @name: the word after cmm-admin
 * @summary: for the list of commands in cmm-admin --help
 * @usage: operands and options in the usage line
 * @description: lines for --help
 * @examples: likewise, each indented by two spaces
 * @statuses: likewise, if they aren't those of enum cmm_exit
 * @print_names: prints the names that operands or values can have
 * @takes: TAKES_*
 * @options: its own options, ended by one without a name
 * @columns: of the table that it prints, ended by one without a name
 * @usage_status: exit status for wrong usage, --help and lost output; 0 stands for the usual ones
 * @take_message: gets each error message instead of stderr
 * @changes: its work is a change or a wait, and its output only describes that; without --dry-run
 * @run: does the work; returns an exit status, after one line on stderr if it fails
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

/* Parses the options in @argv, from the second word on, and runs the command; its exit status. */
int command_run(const struct command *command, int argc, char **argv);

/* Prints the version of cmm-admin; CMM_EXIT_OK. */
int command_print_version(void);

/* The exit status instead of @status after standard output was closed, full or a broken pipe */
int command_lost_output(int status);

#endif
