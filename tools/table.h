/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables as all commands print them: which columns, and in what form. */
#ifndef CMM_TABLE_H
#define CMM_TABLE_H

#include <stdbool.h>

#include <libsmartcols/libsmartcols.h>

#define TABLE_COLUMNS_MAX 12

/**
 * struct table_column - a column that a table can have
 * @name: in the heading
 * @help: its content, for --help
 * @flags: SCOLS_FL_*
 * @with_exact: shown only if asked for, or beside exact numbers
 */
struct table_column {
	const char *name;
	const char *help;
	int flags;
	bool with_exact;
};

/* The contents and the form of a table, as the command line has them */
struct table_format {
	const struct table_column *columns; /* ended by one without a name */
	bool raw;
	bool pairs;
	bool csv;
	bool no_headings;
	bool all;
	bool bytes;
	const char *output; /* the list of columns, or NULL */
};

/* A table that is being filled; cells of columns that aren't shown go nowhere. */
struct table {
	struct libscols_table *scols;
	struct libscols_column *column[TABLE_COLUMNS_MAX];
	struct libscols_line *line; /* that cells go to */
	int lines; /* that were printed by table_print_line() and are still there */
	bool failed; /* out of memory; looked at once, at the end */
};

/* Whether numbers are exact and alone, for programs; otherwise sizes have the unit that fits. */
bool table_is_exact(const struct table_format *format);

/* Makes an empty table. Returns 0, or an enum cmm_exit after one line on stderr. */
int table_begin(struct table *table, const struct table_format *format);

void table_line(struct table *table);

/* Colors the line if terminal_has_colors(); NULL is no color. */
void table_color(struct table *table, const char *color);

void table_cell(struct table *table, int column, const char *data);

void table_number(struct table *table, int column, unsigned long value);

/*
 * Prints the last line of a table that grows with time, and the headings before the first line. 0,
 * or an enum cmm_exit after one line on stderr.
 */
int table_print_line(struct table *table);

/* Frees the table without printing it. */
void table_drop(struct table *table);

/* Prints the table and frees it. 0, or an enum cmm_exit after one line on stderr. */
int table_end(struct table *table);

#endif
