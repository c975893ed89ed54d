/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints a label and, beside it, a text that is wrapped to the terminal's width */
#ifndef CMM_PARAGRAPH_H
#define CMM_PARAGRAPH_H

/* Columns of a label; the text begins after them. */
#define LABEL_WIDTH 12

/*
 * Returns the width of the text on a terminal that is @columns wide. The width has a minimum, which
 * can be more than fits on a very narrow terminal.
 */
int paragraph_width(int columns);

/* Prints @label, which may be "", without a newline. */
void paragraph_label(const char *label);

/*
 * Prints @label and @text. Bytes that are not UTF-8, control characters and, without a UTF-8
 * locale, all bytes beyond ASCII become \xNN. @color is an escape sequence, or NULL.
 */
void paragraph(const char *label, const char *text, const char *color, int columns);

/* Returns the number of lines that paragraph() would print. */
int paragraph_lines(const char *text, int columns);

#endif
