// SPDX-License-Identifier: GPL-2.0-or-later
/* A table of named values. */

#include <stdio.h>
#include <string.h>

#include "rows.h"
#include "size.h"

#define KIB 1024UL

enum {
	COL_SECTION = ROWS_SECTION,
	COL_NAME = ROWS_NAME,
	COL_VALUE,
	COL_TEXT,
	COL_UNIT,
	COL_DEFAULT,
	COL_MEANING,
};

/*
 * For people, words and numbers share a column. In the JSON document a number is in "value" and
 * a word in "text", because a column has one type there.
 */
const struct table_column rows_columns[] = {
	[COL_SECTION] = { "SECTION", "subject of the row", SCOLS_JSON_STRING, 0, false },
	[COL_NAME] = { "NAME", "of the value", SCOLS_JSON_STRING, 0, false },
	[COL_VALUE] = { "VALUE", "a number or a word; in JSON a number", SCOLS_JSON_NUMBER,
			SCOLS_FL_RIGHT, false },
	[COL_TEXT] = { "TEXT", "a value that is a word", SCOLS_JSON_STRING, 0, true },
	[COL_UNIT] = { "UNIT", "of the number", SCOLS_JSON_STRING, 0, false },
	[COL_DEFAULT] = { "DEFAULT", "the driver's, for a parameter", SCOLS_JSON_STRING,
			  SCOLS_FL_RIGHT, false },
	[COL_MEANING] = { "MEANING", "of the value", SCOLS_JSON_STRING, 0, false },
	{ NULL, NULL, 0, 0, false },
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

static void cell(struct rows *rows, int column, const char *data)
{
	table_cell(&rows->table, &rows_columns[column] - rows->format->columns, data);
}

static bool is_for_people(const struct rows *rows)
{
	return !rows->format->json && !rows->format->raw && !rows->format->pairs;
}

/* JSON has no zeros at the beginning of a number. */
static bool is_json_number(const char *text)
{
	const char *digits = text + (text[0] == '-');
	unsigned long number;

	return number_parse(digits, &number) && (digits[0] != '0' || !digits[1]);
}

static void add(struct rows *rows, const char *name, const char *value, const char *unit,
		const char *initial, const char *meaning)
{
	bool is_number = is_json_number(value);

	table_line(&rows->table);
	if (rows->section && (rows->fresh || !is_for_people(rows)))
		cell(rows, COL_SECTION, rows->section);
	rows->fresh = false;
	cell(rows, COL_NAME, name);
	if (is_number || !rows->format->json)
		cell(rows, COL_VALUE, value);
	if (!is_number)
		cell(rows, COL_TEXT, value);
	cell(rows, COL_UNIT, unit);
	cell(rows, COL_DEFAULT, initial);
	cell(rows, COL_MEANING, meaning);
}

void rows_text(struct rows *rows, const char *name, const char *value, const char *meaning)
{
	add(rows, name, value, "", "", meaning);
}

/* In bytes, if so asked; saturated, as a floor of 2^44 MiB is one that the driver takes. */
static void add_size(struct rows *rows, const char *name, const char *value, const char *unit,
		     unsigned long unit_bytes, const char *initial, const char *meaning)
{
	char text[NUMBER_MAX], initial_text[NUMBER_MAX] = "";
	unsigned long units;

	if (!rows->format->bytes || !number_parse(value, &units)) {
		add(rows, name, value, unit, initial, meaning);
		return;
	}
	snprintf(text, sizeof(text), "%lu", size_bytes(units, unit_bytes));
	if (number_parse(initial, &units))
		snprintf(initial_text, sizeof(initial_text), "%lu", size_bytes(units, unit_bytes));
	add(rows, name, text, "B", initial_text, meaning);
}

void rows_value(struct rows *rows, const char *name, const char *value, const char *unit,
		const char *meaning)
{
	if (!strcmp(unit, "MiB"))
		add_size(rows, name, value, unit, KIB * KIB, "", meaning);
	else
		add(rows, name, value, unit, "", meaning);
}

void rows_kb(struct rows *rows, const char *name, unsigned long kb, const char *meaning)
{
	char value[NUMBER_MAX];

	snprintf(value, sizeof(value), "%lu", kb);
	add_size(rows, name, value, "KiB", KIB, "", meaning);
}

void rows_setting(struct rows *rows, const struct cmm_setting *setting, const char *value)
{
	unsigned long unit_bytes = setting_unit_bytes(setting);

	if (unit_bytes)
		add_size(rows, setting->name, value, setting->unit, unit_bytes, setting->initial,
			 setting->meaning);
	else
		add(rows, setting->name, value, setting->unit, setting->initial, setting->meaning);
}

void rows_drop(struct rows *rows)
{
	table_drop(&rows->table);
}

int rows_end(struct rows *rows)
{
	return table_end(&rows->table);
}
