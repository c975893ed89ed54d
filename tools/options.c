// SPDX-License-Identifier: GPL-2.0-or-later
/* What all commands do alike with their command line. */

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "complain.h"
#include "names.h"
#include "options.h"
#include "parse.h"
#include "root.h"

#define YEAR_S (366UL * 24 * 60 * 60)

/* Of a command, with the end of the list */
#define OPTIONS_MAX 20

const char sysroot_help[] =
	"  -s, --sysroot DIR   DIR/sys, DIR/proc, DIR/etc ... instead of the system's\n"
	"  -h, --help          this text\n";

static int refuse(const struct option *known, int option, char **argv)
{
	const char *word = argv[optind - 1];
	struct names names = { .word = word };
	char dashed[sizeof("--") + CMM_VALUE_MAX], letter[] = { '-', (char)optopt, '\0' };

	if (option == ':')
		return complain(CMM_EXIT_USAGE, "%s wants a value after it", word);
	for (; known->name; known++) {
		snprintf(dashed, sizeof(dashed), "--%s", known->name);
		names_add(&names, dashed);
	}
	if (optopt && !strncmp(word, "--", 2))
		return complain(CMM_EXIT_USAGE, "'%.64s': that option takes no value; %s", word,
				names.known);
	return complain(CMM_EXIT_USAGE, "cannot take '%.64s'; %s", optopt ? letter : word,
			names.known);
}

static void add(struct option *known, const struct option *more)
{
	while (known->name)
		known++;
	while (more->name)
		*known++ = *more++;
}

/* All that the command takes, for getopt_long(). */
static void collect(const struct options *options, struct option known[OPTIONS_MAX])
{
	static const struct option table[] = { TABLE_OPTIONS, { NULL, 0, NULL, 0 } };
	static const struct option timeout[] = { { "timeout", required_argument, NULL, 't' },
						 { NULL, 0, NULL, 0 } };
	static const struct option dry_run[] = { { "dry-run", no_argument, NULL, 'd' },
						 { NULL, 0, NULL, 0 } };
	static const struct option sysroot[] = { { "sysroot", required_argument, NULL, 's' },
						 { NULL, 0, NULL, 0 } };
	static const struct option help[] = { { "help", no_argument, NULL, 'h' },
					      { NULL, 0, NULL, 0 } };

	memset(known, 0, OPTIONS_MAX * sizeof(*known));
	if (options->own)
		add(known, options->own);
	if (options->takes & TAKES_TABLE)
		add(known, table);
	if (options->takes & TAKES_TIMEOUT)
		add(known, timeout);
	if (options->takes & TAKES_DRY_RUN)
		add(known, dry_run);
	if (options->takes & TAKES_SYSROOT)
		add(known, sysroot);
	add(known, help);
}

/* The one-letter options, as getopt_long() wants them */
static void collect_letters(const struct option *known, char letters[2 * OPTIONS_MAX + 2])
{
	*letters++ = ':';
	for (; known->name; known++) {
		*letters++ = (char)known->val;
		if (known->has_arg == required_argument)
			*letters++ = ':';
	}
	*letters = '\0';
}

static bool is_own(const struct options *options, int option)
{
	const struct option *own = options->own;

	while (own && own->name && own->val != option)
		own++;
	return own && own->name;
}

static int take(const struct options *options, int option, struct option_values *values)
{
	if (is_own(options, option))
		return options->take(option, optarg);
	if (table_option(&values->format, option, optarg))
		return CMM_EXIT_OK;
	switch (option) {
	case 't':
		return option_seconds("--timeout", optarg, &values->timeout_ms);
	case 'd':
		values->dry_run = true;
		return CMM_EXIT_OK;
	default:
		return root_set(optarg);
	}
}

int options_parse(const struct options *options, int argc, char **argv,
		  struct option_values *values)
{
	struct option known[OPTIONS_MAX];
	char letters[2 * OPTIONS_MAX + 2];
	int option, status;

	complain_for(options->command);
	memset(values, 0, sizeof(*values));
	values->timeout_ms = TIMEOUT_NONE;
	collect(options, known);
	collect_letters(known, letters);
	opterr = 0;
	while ((option = getopt_long(argc, argv, letters, known, NULL)) != -1) {
		if (option == '?' || option == ':')
			return refuse(known, option, argv);
		if (option == 'h') {
			options->help();
			return CMM_EXIT_OK;
		}
		status = take(options, option, values);
		if (status)
			return status;
	}
	if (optind < argc && !(options->takes & TAKES_OPERANDS))
		return complain(CMM_EXIT_USAGE, "unexpected argument '%s'", argv[optind]);
	return OPTIONS_GO;
}

int option_seconds(const char *name, const char *text, unsigned long *ms)
{
	double seconds;
	char *end;

	errno = 0;
	seconds = strtod(text, &end);
	if (!isdigit((unsigned char)text[0]) || *end || errno || !isfinite(seconds) ||
	    seconds > YEAR_S || strpbrk(text, "xX"))
		return complain(CMM_EXIT_USAGE, "%s '%s' is not a number of seconds from 0 to %lu",
				name, text, YEAR_S);
	*ms = lround(seconds * 1000);
	return CMM_EXIT_OK;
}
