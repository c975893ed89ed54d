// SPDX-License-Identifier: GPL-2.0-or-later
/* The terminal's abilities */

#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <curses.h>
#include <term.h>

#include "size.h"
#include "terminal.h"

#define USUAL_WIDTH 80

/* Reads the terminfo entry. Fails if TERM is not set or unknown to terminfo. */
static bool begin(void)
{
	int error;

	return isatty(STDOUT_FILENO) && setupterm(NULL, STDOUT_FILENO, &error) == OK;
}

static void end(void)
{
	del_curterm(cur_term);
}

/* An empty NO_COLOR does not count (no-color.org). */
static bool is_colorless(void)
{
	const char *no_color = getenv("NO_COLOR");

	return no_color && no_color[0];
}

bool terminal_has_colors(void)
{
	bool has;

	if (is_colorless() || !begin())
		return false;
	has = tigetnum("colors") > 0;
	end();
	return has;
}

bool terminal_can_move_cursor(void)
{
	bool has;

	if (!begin())
		return false;
	has = tigetstr("cup") != NULL;
	end();
	return has;
}

bool terminal_is_utf8(void)
{
	static bool is_utf8, is_known;

	if (is_known)
		return is_utf8;
	setlocale(LC_CTYPE, "");
	is_utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
	is_known = true;
	return is_utf8;
}

int terminal_width(int fd)
{
	const char *given = getenv("COLUMNS");
	unsigned long width;
	struct winsize size;

	if (ioctl(fd, TIOCGWINSZ, &size))
		return USUAL_WIDTH;
	if (size.ws_col)
		return size.ws_col;
	/* A serial console does not know its width. libsmartcols uses COLUMNS then, too. */
	return given && number_parse(given, &width) && width && width <= USHRT_MAX ? (int)width
										   : USUAL_WIDTH;
}
