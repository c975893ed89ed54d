/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The terminal's abilities, according to terminfo. Without a terminal, or with TERM=dumb, all
 * abilities are missing.
 */
#ifndef CMM_TERMINAL_H
#define CMM_TERMINAL_H

#include <stdbool.h>

/* Whether standard output is a terminal with colors, and NO_COLOR does not forbid them */
bool terminal_has_colors(void);

/* Whether standard output is a terminal that can move its cursor to any position */
bool terminal_can_move_cursor(void);

/* Whether the locale's encoding is UTF-8. The first call sets LC_CTYPE from the environment. */
bool terminal_is_utf8(void);

/* The number of columns of the terminal @fd; 80 if unknown */
int terminal_width(int fd);

#endif
