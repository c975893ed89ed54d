/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all commands do alike with their command line. */
#ifndef CMM_OPTIONS_H
#define CMM_OPTIONS_H

#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>

#include "table.h"

/* No limit */
#define TIMEOUT_NONE (-1UL)

/* What a command can take in common with others; see struct options. */
enum {
	TAKES_SYSROOT = 1 << 0,
	TAKES_TABLE = 1 << 1, /* TABLE_OPTIONS */
	TAKES_TIMEOUT = 1 << 2,
	TAKES_DRY_RUN = 1 << 3,
	TAKES_OPERANDS = 1 << 4, /* from optind on; otherwise they are refused */
};

/**
 * struct options - the options of a command
 * @command: its name
 * @takes: TAKES_*; --help goes without saying
 * @own: the others, with a last one that has no name; or NULL
 * @take: takes one of @own; returns an enum cmm_exit
 * @help: prints the text of --help
 */
struct options {
	const char *command;
	int takes;
	const struct option *own;
	int (*take)(int option, const char *argument);
	void (*help)(void);
};

/* What the command line said of those in common */
struct option_values {
	struct table_format format;
	unsigned long timeout_ms; /* TIMEOUT_NONE by default */
	bool dry_run;
};

/* What options_parse() returns where the command is to do its work. */
#define OPTIONS_GO (-1)

/*
 * Reads the options, up to optind. Returns OPTIONS_GO, or the enum cmm_exit
 * that ends the program: after --help, or after one line on stderr.
 */
int options_parse(const struct options *options, int argc, char **argv,
		  struct option_values *values);

/* Lines of --help for them */
extern const char sysroot_help[];

/*
 * A number of seconds on the command line, fractions allowed, in ms; at most a
 * year. CMM_EXIT_USAGE and one line on stderr for anything else.
 */
int option_seconds(const char *name, const char *text, unsigned long *ms);

#endif
