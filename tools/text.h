/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes text from outside safe for messages, documents and terminals */
#ifndef CMM_TEXT_H
#define CMM_TEXT_H

#include <stdbool.h>

/*
 * Returns a copy of @text in which bytes that are not UTF-8, and control characters, are written as
 * \xNN. The caller frees the copy. Returns NULL if there is no memory for it.
 */
char *text_clean(const char *text);

/* Like text_clean(), for a terminal: if @is_ascii, bytes beyond ASCII also become \xNN. */
char *text_printable(const char *text, bool is_ascii);

#endif
