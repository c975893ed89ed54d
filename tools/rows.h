/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table of named values, as report and get print it. */
#ifndef CMM_ROWS_H
#define CMM_ROWS_H

#include "settings.h"
#include "table.h"

struct rows {
	struct table table;
	const struct table_format *format;
	const char *section; /* of the rows that are being added; NULL without sections */
	bool fresh; /* no row was added since rows_section() */
};

/* For struct command: all columns, or without sections those from ROWS_NAME on */
enum { ROWS_SECTION, ROWS_NAME };

extern const struct table_column rows_columns[];

int rows_begin(struct rows *rows, const struct table_format *format);

/* The rows that follow are of this section. */
void rows_section(struct rows *rows, const char *section);

/* @value may be a number too. */
void rows_text(struct rows *rows, const char *name, const char *value, const char *meaning);

/* @value as it was read, in @unit: B, KiB, MiB, or another that stays */
void rows_value(struct rows *rows, const char *name, const char *value, const char *unit,
		const char *meaning);

void rows_kb(struct rows *rows, const char *name, unsigned long kb, const char *meaning);

/* @value as it was read */
void rows_setting(struct rows *rows, const struct cmm_setting *setting, const char *value);

/* Frees what rows_begin() made, without printing it. */
void rows_drop(struct rows *rows);

int rows_end(struct rows *rows);

#endif
