/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table with a row for each named value, for cmm-admin report and get */
#ifndef CMM_ROWS_H
#define CMM_ROWS_H

#include "settings.h"
#include "table.h"

struct rows {
	struct table table;
	const struct table_format *format;
	const char *section; /* the section to which rows are added; NULL without sections */
	bool fresh; /* no row has been added since rows_section() */
};

/*
 * Columns for struct command: rows_columns for a table with sections, &rows_columns[ROWS_NAME] for
 * one without
 */
enum { ROWS_SECTION, ROWS_NAME };

extern const struct table_column rows_columns[];

/* Makes an empty table. Returns 0, or prints one line on stderr and returns an enum cmm_exit. */
int rows_begin(struct rows *rows, const struct table_format *format);

/* Begins a section; later rows belong to it. */
void rows_section(struct rows *rows, const char *section);

/* Adds a row with a text, or a number without a unit. */
void rows_text(struct rows *rows, const char *name, const char *value, const char *meaning);

/*
 * Adds a row with @value, as it was read, in @unit. A size, which has the unit B, KiB or MiB, may
 * be converted to another unit.
 */
void rows_value(struct rows *rows, const char *name, const char *value, const char *unit,
		const char *meaning);

/* Adds a row with a size. */
void rows_kb(struct rows *rows, const char *name, unsigned long kb, const char *meaning);

/* Adds a row with @value of @setting, as it was read. */
void rows_setting(struct rows *rows, const struct cmm_setting *setting, const char *value);

/* Frees the table without printing it. */
void rows_drop(struct rows *rows);

/*
 * Prints the table and frees it. Returns 0, or prints one line on stderr and returns an enum
 * cmm_exit.
 */
int rows_end(struct rows *rows);

#endif
