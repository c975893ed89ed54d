/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The terminal's abilities, as terminfo has them; none without a terminal or with TERM=dumb. */
#ifndef CMM_TERMINAL_H
#define CMM_TERMINAL_H

#include <stdbool.h>

/* Whether standard output is a terminal with colors, and NO_COLOR does not forbid them */
bool terminal_has_colors(void);

/* Whether standard output is a terminal that can write at any place of its screen */
bool terminal_has_places(void);

/* Whether the locale's characters are UTF-8. The first call sets the locale for characters. */
bool terminal_is_utf8(void);

/* Columns of the terminal @fd; 80 if unknown */
int terminal_width(int fd);

#endif
