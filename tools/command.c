// SPDX-License-Identifier: GPL-2.0-or-later
/* Parses the command line of a command, and prints its --help */

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/version.h"
#include "command.h"
#include "names.h"
#include "root.h"

#define YEAR_S (366UL * 24 * 60 * 60)

/* Room for all options of a command: its own and the common ones */
#define OPTIONS_MAX 32

static struct command_line line = { .timeout_ms = TIMEOUT_NONE };

/* Set by command_run(), for command_lost_output() */
static bool needs_output = true;
static int lost_status;

/* Options that several commands share, each with the flag TAKES_* of the commands that take it */
static const struct {
	int takes;
	struct command_option option;
} common[] = {
	{ TAKES_TABLE, { "--json", 'J', NULL, "print a JSON document", .flag = &line.json } },
	{ TAKES_TABLE,
	  { "--raw", 'r', NULL, "columns with one space between them", .flag = &line.format.raw } },
	{ TAKES_TABLE,
	  { "--pairs", 'P', NULL, "COLUMN=\"value\" pairs", .flag = &line.format.pairs } },
	{ TAKES_TABLE,
	  { "--noheadings", 'n', NULL, "print no headings", .flag = &line.format.no_headings } },
	{ TAKES_TABLE, { "--bytes", 'b', NULL, "sizes in bytes", .flag = &line.format.bytes } },
	{ TAKES_TABLE,
	  { "--output", 'o', "LIST", "print only these columns (names separated by commas)",
	    .text = &line.format.output } },
	{ TAKES_TABLE,
	  { "--output-all", 'O', NULL, "print all columns", .flag = &line.format.all } },
	{ TAKES_TIMEOUT,
	  { "--timeout", 't', "SEC", "stop waiting after SEC seconds, with status 4",
	    .ms = &line.timeout_ms } },
	{ TAKES_DRY_RUN,
	  { "--dry-run", 'd', NULL, "only print what would change", .flag = &line.dry_run } },
	{ 0,
	  { "--sysroot", 's', "DIR", "use DIR/sys, DIR/proc, DIR/etc ..., not the system's",
	    .take = root_set } },
	{ 0, { .name = "--help", .letter = 'h', .help = "print this help" } },
};

/* Fills the array @known with all options of the command; NULL ends the array. */
static void collect(const struct command *command, const struct command_option **known)
{
	int takes = command->takes | (command->columns ? TAKES_TABLE : 0);
	const struct command_option *own;
	size_t i;

	for (own = command->options; own && own->name; own++)
		*known++ = own;
	for (i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		if (!(common[i].takes & ~takes))
			*known++ = &common[i].option;
	*known = NULL;
}

/* Makes getopt_long() treat a word such as -64M as the option -6 with the value "4M". */
#define DIGITS "0::1::2::3::4::5::6::7::8::9::"

/* Translates the options to the arguments of getopt_long(). */
static void translate(const struct command_option *const *known, struct option *options,
		      char *letters)
{
	*letters++ = ':';
	for (; *known; known++) {
		*options++ = (struct option){ .name = (*known)->name + strlen("--"),
					      .has_arg = !!(*known)->argument,
					      .val = (*known)->letter };
		*letters++ = (*known)->letter;
		if ((*known)->argument)
			*letters++ = ':';
	}
	*options = (struct option){ 0 };
	*letters = '\0';
}

static void print_option(const struct command_option *option, int width)
{
	int length = printf("  -%c, %s", option->letter, option->name);

	if (option->argument)
		length += printf(" %s", option->argument);
	printf("%*s%s\n", width - length, "", option->help);
}

static void print_options(const struct command_option *const *known)
{
	const struct command_option *const *option;
	size_t longest = 0, length;

	for (option = known; *option; option++) {
		length = strlen((*option)->name);
		if ((*option)->argument)
			length += strlen((*option)->argument) + 1;
		if (length > longest)
			longest = length;
	}
	printf("\nOptions:\n");
	for (option = known; *option; option++)
		print_option(*option, strlen("  -x, ") + longest + 3);
}

/* The completions in tools/completion parse this output. */
static void print_help(const struct command *command, const struct command_option *const *known)
{
	const struct table_column *column;

	printf("Usage: cmm-admin %s %s\n\n%s", command->name, command->usage, command->description);
	if (command->print_names) {
		printf("\nNames:\n");
		command->print_names();
	}
	print_options(known);
	if (command->columns)
		printf("\nColumns:\n");
	for (column = command->columns; column && column->name; column++)
		printf("  %-10s %s%s\n", column->name, column->help,
		       column->with_exact ? " (with exact numbers)" : "");
	printf("\nExamples:\n%s\n%s", command->examples,
	       command->statuses ? command->statuses : cmm_exit_help);
}

int command_print_version(void)
{
	printf("cmm-admin %s\n", CMM_VERSION);
	return CMM_EXIT_OK;
}

static const struct command_option *find(const struct command_option *const *known, int letter)
{
	while (*known && (*known)->letter != letter)
		known++;
	return *known;
}

/* Refuses the option @name: it is unknown, or an abbreviation of several options. */
static int refuse_name(const struct command_option *const *known, const char *name)
{
	struct names names = { .word = name }, begun = { .word = "" };

	for (; *known; known++) {
		names_add(&names, (*known)->name);
		if (!strncmp((*known)->name, name, strlen(name)))
			names_add(&begun, (*known)->name);
	}
	if (begun.known[0])
		return complain(CMM_EXIT_USAGE, "ambiguous option '%.64s'; %s", name,
				names_hint(&begun));
	return complain(CMM_EXIT_USAGE, "unknown option '%.64s'; %s", name, names_hint(&names));
}

static int refuse(const struct command_option *const *known, int result, char **argv)
{
	char *word = argv[optind - 1];
	const char letter[] = { '-', (char)optopt, '\0' };

	if (result == ':')
		return complain(CMM_EXIT_USAGE, "%s needs a value after it", word);
	/*
	 * optopt is an unknown letter, or the letter of a long option that got a value but takes
	 * none.
	 */
	if (find(known, optopt))
		return complain(CMM_EXIT_USAGE, "'%.64s': this option takes no value", word);
	if (optopt)
		return refuse_name(known, letter);
	word[strcspn(word, "=")] = '\0';
	return refuse_name(known, word);
}

static int take_seconds(const struct command_option *option, const char *value)
{
	double seconds;
	char *end;

	errno = 0;
	seconds = strtod(value, &end);
	if (!isdigit((unsigned char)value[0]) || *end || errno || !isfinite(seconds) ||
	    seconds > YEAR_S || strpbrk(value, "xX"))
		return complain(CMM_EXIT_USAGE, "%s '%s' is not a number of seconds from 0 to %lu",
				option->name, value, YEAR_S);
	*option->ms = lround(seconds * 1000);
	return CMM_EXIT_OK;
}

static int take(const struct command_option *option, const char *value)
{
	if (option->flag)
		*option->flag = true;
	if (option->text)
		*option->text = value;
	if (option->ms)
		return take_seconds(option, value);
	return option->take ? option->take(value) : CMM_EXIT_OK;
}

/*
 * Parses the options. Stops at --help. Afterwards the operands begin at optind. If @negative is not
 * NULL, one operand may be a word such as -64M. That word goes to @negative.
 */
static int parse(const struct command_option *const *known, int argc, char **argv, bool *help,
		 char **negative)
{
	const struct command_option *option;
	struct option options[OPTIONS_MAX + 1];
	char letters[2 * OPTIONS_MAX + sizeof(DIGITS) + 1];
	int result, status = CMM_EXIT_OK;

	translate(known, options, letters);
	if (negative)
		strcat(letters, DIGITS);
	opterr = 0;
	optopt = 0;
	while (!status && !*help &&
	       (result = getopt_long(argc, argv, letters, options, NULL)) != -1) {
		if (isdigit(result) && argv[optind - 1][1] == result) {
			if (*negative)
				return complain(CMM_EXIT_USAGE, "unexpected argument '%s'",
						argv[optind - 1]);
			*negative = argv[optind - 1];
			continue;
		}
		*help = result == 'h';
		option = find(known, result);
		status = option ? take(option, optarg) : refuse(known, result, argv);
	}
	return status;
}

int command_lost_output(int status)
{
	if (!needs_output)
		return status;
	if (lost_status)
		return lost_status;
	return status ? status : CMM_EXIT_FAILURE;
}

/* A closed pipe on stdout must not interrupt a change. */
static void output_is_optional(void)
{
	needs_output = false;
	signal(SIGPIPE, SIG_IGN);
}

int command_run(const struct command *command, int argc, char **argv)
{
	const struct command_option *known[OPTIONS_MAX + 1] = { NULL };
	char *negative = NULL;
	bool help = false;
	int status;

	complain_for(command->name);
	complain_to(command->take_message);
	lost_status = command->usage_status;
	line.format.columns = command->columns;
	collect(command, known);
	status =
		parse(known, argc, argv, &help, command->takes & TAKES_NEGATIVE ? &negative : NULL);
	if (help) {
		print_help(command, known);
		return command->usage_status;
	}
	/*
	 * The word before the operands is an option or its value, which has been parsed. So
	 * @negative can replace that word, and becomes the first operand.
	 */
	if (negative)
		argv[--optind] = negative;
	if (!status && optind < argc && !(command->takes & TAKES_OPERANDS))
		status = complain(CMM_EXIT_USAGE, "unexpected argument '%s'%s", argv[optind],
				  command_is_known(argv[optind])
					  ? "; a command must come before the options"
					  : "");
	if (!status && line.json && table_is_chosen(&line.format))
		status = complain(
			CMM_EXIT_USAGE,
			"--json cannot be combined with options of a table, such as --raw");
	if (status)
		return command->usage_status ? command->usage_status : status;
	line.operands = argv + optind;
	if (command->changes && !line.dry_run)
		output_is_optional();
	return command->run(&line);
}
