// SPDX-License-Identifier: GPL-2.0-or-later
/* A table with a row for each named value */

#include <stdio.h>
#include <string.h>

#include "rows.h"
#include "size.h"

/* Values that are longer than this may be broken into lines. No size with its unit is so long. */
#define UNBROKEN_MAX 24

enum {
	COL_SECTION = ROWS_SECTION,
	COL_NAME = ROWS_NAME,
	COL_VALUE,
	COL_UNIT,
	COL_DEFAULT,
	COL_MEANING,
};

const struct table_column rows_columns[] = {
	[COL_SECTION] = { "SECTION", "subject of the row", 0, false },
	[COL_NAME] = { "NAME", "name of the value", 0, false },
	[COL_VALUE] = { "VALUE", "a number or a word", SCOLS_FL_RIGHT, false },
	[COL_UNIT] = { "UNIT", "unit of an exact number", 0, true },
	[COL_DEFAULT] = { "DEFAULT", "default of a parameter", SCOLS_FL_RIGHT, false },
	[COL_MEANING] = { "MEANING", "meaning of the value", SCOLS_FL_WRAP, false },
	{ NULL, NULL, 0, false },
};

int rows_begin(struct rows *rows, const struct table_format *format)
{
	rows->format = format;
	rows->section = NULL;
	return table_begin(&rows->table, format);
}

void rows_section(struct rows *rows, const char *section)
{
	rows->section = section;
	rows->fresh = true;
}

/* Sets a cell. A table without sections lacks the column SECTION, so the indexes are smaller. */
static void cell(struct rows *rows, int column, const char *data)
{
	int index = &rows_columns[column] - rows->format->columns;

	if (index >= 0)
		table_cell(&rows->table, index, data);
}

/*
 * If @value is long, such as a path, allows line breaks in the column VALUE. If all values are
 * short, there are none, because libsmartcols would also break a size such as "256 MiB".
 */
static void wrap(struct rows *rows, const char *value)
{
	int index = &rows_columns[COL_VALUE] - rows->format->columns;

	if (strlen(value) > UNBROKEN_MAX)
		table_wrap(&rows->table, index);
}

/* Adds a row. The section is named in its first row, and with --raw or --pairs in each row. */
static void add(struct rows *rows, const char *name, const char *value, const char *unit,
		const char *initial, const char *meaning)
{
	table_line(&rows->table);
	if (rows->section && (rows->fresh || rows->format->raw || rows->format->pairs))
		cell(rows, COL_SECTION, rows->section);
	rows->fresh = false;
	cell(rows, COL_NAME, name);
	cell(rows, COL_VALUE, value);
	wrap(rows, value);
	cell(rows, COL_UNIT, unit);
	cell(rows, COL_DEFAULT, initial);
	cell(rows, COL_MEANING, meaning);
}

void rows_text(struct rows *rows, const char *name, const char *value, const char *meaning)
{
	add(rows, name, value, "", "", meaning);
}

/*
 * Converts @value to bytes if it is a number; otherwise copies it. A result that is too large
 * becomes the largest number. This can happen, because the driver accepts a min_mem_mb of 2^44 MiB.
 */
static void in_bytes(const char *value, unsigned long unit_bytes, char text[CMM_VALUE_MAX])
{
	unsigned long units;

	if (number_parse(value, &units))
		snprintf(text, CMM_VALUE_MAX, "%lu", size_bytes(units, unit_bytes));
	else
		snprintf(text, CMM_VALUE_MAX, "%s", value);
}

/* Adds a row with numbers that are not rounded. Their unit has a column of its own. */
static void add_exact(struct rows *rows, const char *name, const char *value, const char *unit,
		      const char *initial, const char *meaning)
{
	char value_text[CMM_VALUE_MAX], initial_text[CMM_VALUE_MAX];
	unsigned long unit_bytes = size_unit_bytes(unit);

	if (!unit_bytes || !rows->format->bytes) {
		add(rows, name, value, unit, initial, meaning);
		return;
	}
	in_bytes(value, unit_bytes, value_text);
	in_bytes(initial, unit_bytes, initial_text);
	add(rows, name, value_text, "B", initial_text, meaning);
}

/* Prints @value, which may be negative or not a number, with a unit that fits. */
static void with_unit(const char *value, const char *unit, char text[CMM_VALUE_MAX])
{
	unsigned long unit_bytes = size_unit_bytes(unit), units;
	bool is_negative = value[0] == '-';

	if (unit_bytes && number_parse(value + is_negative, &units))
		snprintf(text, CMM_VALUE_MAX, "%s%s", is_negative ? "-" : "",
			 size_human(units, unit_bytes).text);
	else
		snprintf(text, CMM_VALUE_MAX, "%s%s%s", value, unit[0] ? " " : "", unit);
}

void rows_value(struct rows *rows, const char *name, const char *value, const char *unit,
		const char *meaning)
{
	char text[CMM_VALUE_MAX];

	if (table_is_exact(rows->format)) {
		add_exact(rows, name, value, unit, "", meaning);
		return;
	}
	with_unit(value, unit, text);
	add(rows, name, text, "", "", meaning);
}

void rows_kb(struct rows *rows, const char *name, unsigned long kb, const char *meaning)
{
	char value[NUMBER_MAX];

	snprintf(value, sizeof(value), "%lu", kb);
	rows_value(rows, name, value, "KiB", meaning);
}

void rows_setting(struct rows *rows, const struct cmm_setting *setting, const char *value)
{
	char value_text[CMM_VALUE_MAX], initial_text[CMM_VALUE_MAX];

	if (table_is_exact(rows->format)) {
		add_exact(rows, setting->name, value, setting->unit, setting->initial,
			  setting->meaning);
		return;
	}
	setting_text(setting, value, value_text);
	setting_text(setting, setting->initial, initial_text);
	add(rows, setting->name, value_text, "", initial_text, setting->meaning);
}

void rows_drop(struct rows *rows)
{
	table_drop(&rows->table);
}

int rows_end(struct rows *rows)
{
	return table_end(&rows->table);
}
