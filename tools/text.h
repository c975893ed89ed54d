/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text from outside, made fit for messages and documents. */
#ifndef CMM_TEXT_H
#define CMM_TEXT_H

#include <stdbool.h>

/*
 * A copy of @text, to be freed, in which bytes that are not UTF-8 and control characters are
 * written as \xNN. NULL without memory.
 */
char *text_clean(const char *text);

/* The same for a terminal; if @is_ascii, bytes beyond ASCII become \xNN, too. */
char *text_printable(const char *text, bool is_ascii);

#endif
