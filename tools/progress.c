// SPDX-License-Identifier: GPL-2.0-or-later
/* A progress bar for any terminal: a carriage return and spaces are enough to redraw it */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "progress.h"
#include "size.h"
#include "terminal.h"

#define BAR_MAX	 40
#define BAR_MIN	 5
#define TEXT_MAX 80

/* The width of the previous drawing. If the next drawing is shorter, spaces erase the rest. */
static int drawn;

static double share_of(unsigned long start_kb, unsigned long loaned_kb, unsigned long end_kb)
{
	unsigned long whole = start_kb > end_kb ? start_kb - end_kb : end_kb - start_kb;
	unsigned long left = loaned_kb > end_kb ? loaned_kb - end_kb : end_kb - loaned_kb;

	return whole ? 1 - (double)(left < whole ? left : whole) / whole : 1;
}

/* The width of the bar beside the text; 0 if there is room for less than BAR_MIN */
static int bar_width(int columns, int text_length)
{
	int width = columns - text_length - (int)strlen("[] ");

	if (width < BAR_MIN)
		return 0;
	return width < BAR_MAX ? width : BAR_MAX;
}

static int draw_bar(int width, double share)
{
	int done = share * width;

	if (!width)
		return 0;
	return fprintf(stderr, "[%.*s%*s] ", done, "########################################",
		       width - done, "");
}

void progress_show(unsigned long start_kb, unsigned long loaned_kb, unsigned long end_kb)
{
	double share = share_of(start_kb, loaned_kb, end_kb);
	/* Leaves the last column free: writing to it could wrap the line. */
	int columns = terminal_width(STDERR_FILENO) - 1, length, now;
	char text[TEXT_MAX];

	if (!isatty(STDERR_FILENO))
		return;
	length = snprintf(text, sizeof(text), "%3.0f %%  %s of %s on loan", share * 100,
			  size_kb(loaned_kb).text, size_kb(end_kb).text);
	fprintf(stderr, "\r");
	now = draw_bar(bar_width(columns, length), share);
	now += fprintf(stderr, "%.*s", columns - now, text);
	if (now < drawn && drawn <= columns)
		fprintf(stderr, "%*s", drawn - now, "");
	drawn = now;
	fflush(stderr);
}

void progress_end(void)
{
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\n");
}
