// SPDX-License-Identifier: GPL-2.0-or-later
/* The terminal's abilities */

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <curses.h>
#include <term.h>

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
	struct winsize size;

	return !ioctl(fd, TIOCGWINSZ, &size) && size.ws_col ? size.ws_col : USUAL_WIDTH;
}
