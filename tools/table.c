// SPDX-License-Identifier: GPL-2.0-or-later
/* The tables that commands print, through libsmartcols */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "complain.h"
#include "names.h"
#include "parse.h"
#include "size.h"
#include "table.h"
#include "terminal.h"

/* The number of lines that table_print_line() keeps */
#define LINES_KEPT 64

/* Room for a value in which each character is a quote, and for the quotes around it */
#define QUOTED_MAX (2 * CMM_VALUE_MAX + 3)

static bool is_column(const struct table_column *column, const char *word, size_t length)
{
	return strlen(column->name) == length && !strncasecmp(column->name, word, length);
}

static void add_column(struct table *table, const struct table_column *columns, int i)
{
	if (table->column[i])
		return;
	table->column[i] =
		scols_table_new_column(table->scols, columns[i].name, 0, columns[i].flags);
	if (!table->column[i])
		table->failed = true;
}

/* Adds the columns whose names are in @list, separated by commas. */
static int choose_columns(struct table *table, const struct table_column *columns, const char *list)
{
	char unknown[NAMES_MAX];
	struct names names = { .word = unknown };
	const char *word = list;
	size_t length;
	int i;

	for (;; word += length + 1) {
		length = strcspn(word, ",");
		for (i = 0; columns[i].name && !is_column(&columns[i], word, length); i++)
			;
		if (!columns[i].name)
			break;
		add_column(table, columns, i);
		if (!word[length])
			return CMM_EXIT_OK;
	}
	snprintf(unknown, sizeof(unknown), "%.*s", (int)length, word);
	for (i = 0; columns[i].name; i++)
		names_add(&names, columns[i].name);
	return complain(CMM_EXIT_USAGE, "unknown column '%.64s'; %s", unknown, names_hint(&names));
}

static int no_memory(void)
{
	return complain_errno(ENOMEM, "cannot print the table");
}

bool table_is_exact(const struct table_format *format)
{
	return format->bytes || format->raw || format->pairs || format->csv;
}

bool table_is_chosen(const struct table_format *format)
{
	return table_is_exact(format) || format->no_headings || format->all || format->output;
}

int table_begin(struct table *table, const struct table_format *format)
{
	const struct table_column *columns = format->columns;
	int i, status = CMM_EXIT_OK;

	memset(table, 0, sizeof(*table));
	if (format->raw + format->pairs + format->csv > 1)
		return complain(CMM_EXIT_USAGE, "only one of --raw, --pairs and --csv is allowed");
	table->csv = format->csv;
	/* libsmartcols escapes the characters that the locale does not have. */
	terminal_is_utf8();
	table->scols = scols_new_table();
	if (!table->scols)
		return no_memory();
	scols_table_enable_raw(table->scols, format->raw || format->csv);
	if (format->csv)
		scols_table_set_column_separator(table->scols, ",");
	scols_table_enable_export(table->scols, format->pairs);
	scols_table_enable_noheadings(table->scols, format->no_headings);

	if (format->output)
		status = choose_columns(table, columns, format->output);
	for (i = 0; !format->output && columns[i].name; i++)
		if (!columns[i].with_exact || format->all || table_is_exact(format))
			add_column(table, columns, i);
	if (!status && table->failed)
		status = no_memory();
	if (status)
		scols_unref_table(table->scols);
	return status;
}

void table_line(struct table *table)
{
	table->line = scols_table_new_line(table->scols, NULL);
	if (!table->line)
		table->failed = true;
}

void table_color(struct table *table, const char *color)
{
	if (table->failed || !color || !terminal_has_colors())
		return;
	scols_table_enable_colors(table->scols, 1);
	if (scols_line_set_color(table->line, color))
		table->failed = true;
}

/* Quotes @data for CSV (RFC 4180), which libsmartcols does not know. */
static void quote(const char *data, char quoted[QUOTED_MAX])
{
	size_t length = 0;

	quoted[length++] = '"';
	for (; *data && length < QUOTED_MAX - 3; data++) {
		if (*data == '"')
			quoted[length++] = '"';
		quoted[length++] = *data;
	}
	quoted[length++] = '"';
	quoted[length] = '\0';
}

/* libsmartcols prints bytes that are not UTF-8 as \xNN. */
void table_cell(struct table *table, int column, const char *data)
{
	char quoted[QUOTED_MAX];

	if (table->failed || !table->column[column] || !data[0])
		return;
	if (table->csv && strpbrk(data, ",\"")) {
		quote(data, quoted);
		data = quoted;
	}
	if (scols_line_set_column_data(table->line, table->column[column], data))
		table->failed = true;
}

void table_wrap(struct table *table, int column)
{
	struct libscols_column *wrapped = table->column[column];

	if (wrapped &&
	    scols_column_set_flags(wrapped, scols_column_get_flags(wrapped) | SCOLS_FL_WRAP))
		table->failed = true;
}

void table_number(struct table *table, int column, unsigned long value)
{
	char text[NUMBER_MAX];

	snprintf(text, sizeof(text), "%lu", value);
	table_cell(table, column, text);
}

/*
 * Prints the last line. Some earlier lines are kept, because they determine the width of the
 * columns. The first line is never removed, because libsmartcols prints the headings with it.
 */
int table_print_line(struct table *table)
{
	struct libscols_line *old;

	if (table->failed || scols_table_print_range(table->scols, table->line, NULL))
		return no_memory();
	putchar('\n');
	if (++table->lines < LINES_KEPT)
		return CMM_EXIT_OK;
	old = scols_table_get_line(table->scols, 1);
	return old && scols_table_remove_line(table->scols, old) ? no_memory() : CMM_EXIT_OK;
}

void table_drop(struct table *table)
{
	scols_unref_table(table->scols);
}

int table_end(struct table *table)
{
	int status = CMM_EXIT_OK;

	if (table->failed || scols_print_table(table->scols))
		status = no_memory();
	scols_unref_table(table->scols);
	return status;
}
