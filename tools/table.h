/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables that commands print: their columns and their output formats */
#ifndef CMM_TABLE_H
#define CMM_TABLE_H

#include <stdbool.h>

#include <libsmartcols/libsmartcols.h>

#define TABLE_COLUMNS_MAX 12

/**
 * struct table_column - a column that a table can have
 * @name: the heading
 * @help: the column's contents, for --help
 * @flags: SCOLS_FL_*
 * @with_exact: shown by default only if numbers are exact
 */
struct table_column {
	const char *name;
	const char *help;
	int flags;
	bool with_exact;
};

/* The columns that a table can have, and the output format that the command line chooses */
struct table_format {
	const struct table_column *columns; /* a column without a name ends them */
	bool raw;
	bool pairs;
	bool csv;
	bool no_headings;
	bool all;
	bool bytes;
	const char *output; /* names of the columns, with commas between them; NULL: default */
};

/* A table that is being filled. Cells of columns that are not shown are dropped. */
struct table {
	struct libscols_table *scols;
	struct libscols_column *column[TABLE_COLUMNS_MAX];
	struct libscols_line *line; /* the line to which cells are added */
	bool csv;
	int lines; /* number of lines that table_print_line() has printed and kept */
	bool failed; /* out of memory; table_print_line() and table_end() report that */
};

/*
 * Whether numbers are printed exactly and without their unit, for programs. Otherwise sizes are
 * rounded and have a unit that fits.
 */
bool table_is_exact(const struct table_format *format);

/* Whether an option for tables, such as --raw, was given. JSON and graphs allow none of them. */
bool table_is_chosen(const struct table_format *format);

/* Makes an empty table. Returns 0, or prints one line on stderr and returns an enum cmm_exit. */
int table_begin(struct table *table, const struct table_format *format);

/* Adds an empty line; later cells go to it. */
void table_line(struct table *table);

/* Colors the last line if terminal_has_colors(); NULL is no color. */
void table_color(struct table *table, const char *color);

/* Sets the cell of @column in the last line. */
void table_cell(struct table *table, int column, const char *data);

/* Lets the text in @column continue on the next line, if the table is wider than the terminal. */
void table_wrap(struct table *table, int column);

void table_number(struct table *table, int column, unsigned long value);

/*
 * Prints the newest line of a table that grows with time. Prints the headings before the first
 * line. Returns 0, or prints one line on stderr and returns an enum cmm_exit.
 */
int table_print_line(struct table *table);

/* Frees the table without printing it. */
void table_drop(struct table *table);

/*
 * Prints the table and frees it. Returns 0, or prints one line on stderr and returns an enum
 * cmm_exit.
 */
int table_end(struct table *table);

#endif
