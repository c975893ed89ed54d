// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints a label with a wrapped text beside it */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "paragraph.h"
#include "terminal.h"
#include "text.h"

#define WIDTH_MIN 8

#define COLOR_END "\033[0m"

/* The state of writing a text: its width, and the line and column that are reached */
struct writer {
	bool is_silent; /* only count the lines */
	int width;
	int column;
	int lines;
};

int paragraph_width(int columns)
{
	return columns - LABEL_WIDTH > WIDTH_MIN ? columns - LABEL_WIDTH : WIDTH_MIN;
}

void paragraph_label(const char *label)
{
	printf("%-*s", LABEL_WIDTH, label);
}

static void new_line(struct writer *writer)
{
	if (!writer->is_silent) {
		putchar('\n');
		paragraph_label("");
	}
	writer->column = 0;
	writer->lines++;
}

/*
 * Returns the display width of the first character of @text, and sets @bytes to the character's
 * length. @left bytes of @text remain.
 */
static int character_columns(const char *text, size_t left, size_t *bytes)
{
	mbstate_t state = { 0 };
	wchar_t character;
	int columns;

	*bytes = mbrtowc(&character, text, left, &state);
	if (*bytes == 0 || *bytes > left) {
		*bytes = 1;
		return 1;
	}
	columns = wcwidth(character);
	return columns > 0 ? columns : 0;
}

static int word_columns(const char *word, size_t length)
{
	int columns = 0;
	size_t bytes;

	for (; length; word += bytes, length -= bytes)
		columns += character_columns(word, length, &bytes);
	return columns;
}

/* Writes a word; breaks it if it is longer than a line. */
static void write_word(struct writer *writer, const char *word, size_t length)
{
	size_t bytes;
	int columns;

	for (; length; word += bytes, length -= bytes) {
		columns = character_columns(word, length, &bytes);
		if (writer->column + columns > writer->width)
			new_line(writer);
		if (!writer->is_silent)
			fwrite(word, 1, bytes, stdout);
		writer->column += columns;
	}
}

/* Bytes up to the next possible line break. A size such as "64 MiB" is not broken. */
static size_t word_length(const char *text)
{
	size_t length = strcspn(text, " ");
	const char *next = text + length + strspn(text + length, " ");

	if (*next && !strncmp(next + 1, "iB", strlen("iB")))
		length = next + strcspn(next, " ") - text;
	return length;
}

static void write_text(struct writer *writer, const char *text)
{
	size_t length;

	for (; *text; text += length + strspn(text + length, " ")) {
		length = word_length(text);
		if (writer->column &&
		    writer->column + 1 + word_columns(text, length) > writer->width) {
			new_line(writer);
		} else if (writer->column) {
			write_word(writer, " ", 1);
		}
		write_word(writer, text, length);
	}
}

void paragraph(const char *label, const char *text, const char *color, int columns)
{
	struct writer writer = { .width = paragraph_width(columns), .lines = 1 };
	char *clean = text_printable(text, !terminal_is_utf8());

	paragraph_label(label);
	if (color)
		fputs(color, stdout);
	write_text(&writer, clean ? clean : "");
	if (color)
		fputs(COLOR_END, stdout);
	putchar('\n');
	free(clean);
}

int paragraph_lines(const char *text, int columns)
{
	struct writer writer = { .is_silent = true, .width = paragraph_width(columns), .lines = 1 };
	char *clean = text_printable(text, !terminal_is_utf8());

	write_text(&writer, clean ? clean : "");
	free(clean);
	return writer.lines;
}
