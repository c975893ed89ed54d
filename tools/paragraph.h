/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A label with a text beside it, which is wrapped so that it fits the terminal */
#ifndef CMM_PARAGRAPH_H
#define CMM_PARAGRAPH_H

/* Columns of a label; the text begins beyond them. */
#define LABEL_WIDTH 12

/* Columns that the text has on a terminal of @columns; on a very narrow one, more than fit */
int paragraph_width(int columns);

/* Prints @label, which may be "", without a newline. */
void paragraph_label(const char *label);

/*
 * Prints @label and @text. Bytes that are not UTF-8, control characters and, without a UTF-8
 * locale, all bytes beyond ASCII become \xNN. @color is an escape sequence, or NULL.
 */
void paragraph(const char *label, const char *text, const char *color, int columns);

#endif
