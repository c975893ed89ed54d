// SPDX-License-Identifier: GPL-2.0-or-later
/* What all commands do alike with their command line. */

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmm-admin.h"
#include "options.h"
#include "root.h"

#define YEAR_S (366UL * 24 * 60 * 60)

/* Of a command, with the end of the list */
#define OPTIONS_MAX 20

/* Names longer than this are like none of ours. */
#define WORD_MAX 32

/* Changes of a letter that are still taken for a slip */
#define SLIPS 3

const char sysroot_help[] =
	"  -s, --sysroot DIR   DIR/sys, DIR/proc, DIR/etc ... instead of the system's\n"
	"  -h, --help          this text\n";

static int refuse(const char *command, const struct option *known, int option, char **argv)
{
	int i;

	if (option == ':') {
		fprintf(stderr, "cmm-admin: %s: %s wants a value after it\n", command,
			argv[optind - 1]);
		return CMM_EXIT_USAGE;
	}
	if (optopt && !strncmp(argv[optind - 1], "--", 2))
		fprintf(stderr,
			"cmm-admin: %s: '%.64s': that option takes no value; known:", command,
			argv[optind - 1]);
	else if (optopt)
		fprintf(stderr, "cmm-admin: %s: cannot take '-%c'; known:", command, optopt);
	else
		fprintf(stderr, "cmm-admin: %s: cannot take '%s'; known:", command,
			argv[optind - 1]);
	for (i = 0; known[i].name; i++)
		fprintf(stderr, " --%s", known[i].name);
	fprintf(stderr, "\n");
	return CMM_EXIT_USAGE;
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
		return option_seconds(options->command, "--timeout", optarg, &values->timeout_ms);
	case 'd':
		values->dry_run = true;
		return CMM_EXIT_OK;
	default:
		return root_set(optarg);
	}
}

static int refuse_operand(const char *command, const char *operand)
{
	fprintf(stderr, "cmm-admin: %s: cannot take '%s'; there is nothing to name but options\n",
		command, operand);
	return CMM_EXIT_USAGE;
}

int options_parse(const struct options *options, int argc, char **argv,
		  struct option_values *values)
{
	struct option known[OPTIONS_MAX];
	char letters[2 * OPTIONS_MAX + 2];
	int option, status;

	memset(values, 0, sizeof(*values));
	values->timeout_ms = TIMEOUT_NONE;
	collect(options, known);
	collect_letters(known, letters);
	opterr = 0;
	while ((option = getopt_long(argc, argv, letters, known, NULL)) != -1) {
		if (option == '?' || option == ':')
			return refuse(options->command, known, option, argv);
		if (option == 'h') {
			options->help();
			return CMM_EXIT_OK;
		}
		status = take(options, option, values);
		if (status)
			return status;
	}
	if (optind < argc && !(options->takes & TAKES_OPERANDS))
		return refuse_operand(options->command, argv[optind]);
	return OPTIONS_GO;
}

int option_seconds(const char *command, const char *name, const char *text, unsigned long *ms)
{
	double seconds;
	char *end;

	errno = 0;
	seconds = strtod(text, &end);
	if (!isdigit((unsigned char)text[0]) || *end || errno || !isfinite(seconds) ||
	    seconds > YEAR_S || strpbrk(text, "xX")) {
		fprintf(stderr, "cmm-admin: %s: %s '%s' is not a number of seconds from 0 to %lu\n",
			command, name, text, YEAR_S);
		return CMM_EXIT_USAGE;
	}
	*ms = lround(seconds * 1000);
	return CMM_EXIT_OK;
}

static unsigned int min3(unsigned int a, unsigned int b, unsigned int c)
{
	if (b < a)
		a = b;
	return c < a ? c : a;
}

/* Letters to add, drop or change until one word is the other (Levenshtein's distance). */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int row[WORD_MAX + 1], i, j, corner, above;

	for (j = 0; b[j]; j++)
		row[j] = j;
	row[j] = j;
	for (i = 0; a[i]; i++) {
		corner = row[0];
		row[0] = i + 1;
		for (j = 0; b[j]; j++) {
			above = row[j + 1];
			row[j + 1] = min3(above + 1, row[j] + 1, corner + (a[i] != b[j]));
			corner = above;
		}
	}
	return row[j];
}

const char *option_suggestion(const char *word, const char *const *names, size_t count,
			      size_t stride)
{
	const char *best = NULL, *name;
	unsigned int least = SLIPS + 1, now;
	size_t i;

	if (strlen(word) > WORD_MAX)
		return NULL;
	for (i = 0; i < count; i++) {
		name = *(const char *const *)((const char *)names + i * stride);
		now = distance(word, name);
		if (now < least && now < strlen(name)) {
			least = now;
			best = name;
		}
	}
	return best;
}
