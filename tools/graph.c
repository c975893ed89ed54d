// SPDX-License-Identifier: GPL-2.0-or-later
/* The loan over time, drawn with ncurses: one column per sample, the latest at the right */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <curses.h>

#include "complain.h"
#include "graph.h"
#include "size.h"
#include "terminal.h"

/* The number of samples that are kept: as many as the widest terminal has columns */
#define SAMPLES 1024

/* Lines outside the graph: the heading above it, and an empty line and the legend below */
#define OTHER_LINES 3

/* Room for the heading */
#define HEADING_MAX 512

/* Width of the scale at the left */
#define SCALE_WIDTH 11

static struct {
	unsigned long loaned_kb, target_kb, available_kb;
} samples[SAMPLES];

static int count;
static struct sample last;

/* While the graph is on the terminal, stderr goes to the file @messages. */
static FILE *messages;
static int stderr_before = -1;

static int redirect_stderr(void)
{
	messages = tmpfile();
	stderr_before = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
	if (messages && stderr_before >= 0 && dup2(fileno(messages), STDERR_FILENO) >= 0)
		return CMM_EXIT_OK;
	return complain_errno(errno, "--graph");
}

/* Restores stderr, and prints the messages that went to the file. */
static void restore_stderr(void)
{
	char text[BUFSIZ];
	size_t length;

	dup2(stderr_before, STDERR_FILENO);
	close(stderr_before);
	rewind(messages);
	while ((length = fread(text, 1, sizeof(text), messages)))
		fwrite(text, 1, length, stderr);
	fclose(messages);
}

int graph_begin(void)
{
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return complain(CMM_EXIT_FAILURE, "--graph needs a terminal");
	/* ncurses would prefer these variables to the terminal's size. */
	unsetenv("COLUMNS");
	unsetenv("LINES");
	/* Sets the locale, which ncurses needs. */
	terminal_is_utf8();
	if (!terminal_can_move_cursor() || !newterm(NULL, stdout, stdin))
		return complain(CMM_EXIT_FAILURE,
				"--graph: this terminal cannot move its cursor; check TERM");
	if (redirect_stderr()) {
		endwin();
		return CMM_EXIT_FAILURE;
	}
	cbreak();
	noecho();
	nodelay(stdscr, TRUE);
	keypad(stdscr, TRUE);
	curs_set(0);
	return CMM_EXIT_OK;
}

void graph_end(void)
{
	endwin();
	restore_stderr();
}

static const char *block(void)
{
	return terminal_is_utf8() ? "█" : "#";
}

/* The index of the first sample to draw: only the latest @width samples fit */
static int first_shown(int width)
{
	return count > width ? count - width : 0;
}

/* The largest value in the samples with the index @first or higher; 1 if all are 0 */
static unsigned long highest(int first)
{
	unsigned long most = 1;
	int i;

	for (i = first; i < count; i++) {
		if (samples[i].loaned_kb > most)
			most = samples[i].loaned_kb;
		if (samples[i].target_kb > most)
			most = samples[i].target_kb;
		if (samples[i].available_kb > most)
			most = samples[i].available_kb;
	}
	return most;
}

/* The height of a value in lines, if @most is @lines high */
static int height_of(unsigned long kb, unsigned long most, int lines)
{
	return (double)kb / most * lines + 0.5;
}

static void draw_column(int x, int i, unsigned long most, int lines)
{
	int loaned = height_of(samples[i].loaned_kb, most, lines);
	int target = height_of(samples[i].target_kb, most, lines);
	int available = height_of(samples[i].available_kb, most, lines);
	int y;

	for (y = 0; y < loaned; y++)
		mvaddstr(lines - y, x, block());
	mvaddch(lines + 1 - (available ? available : 1), x, '.');
	mvaddch(lines + 1 - (target ? target : 1), x, '-');
}

/* The heading is cut off at the right. Otherwise it would wrap, and overwrite the scale. */
static void draw_heading(void)
{
	char heading[HEADING_MAX];

	snprintf(heading, sizeof(heading), "loaned %s, target %s, available %s%s%s%s%s",
		 size_kb(last.loaned_kb).text, size_kb(last.target_kb).text,
		 size_kb(last.available_kb).text, last.state[0] ? ", " : "", last.state,
		 last.event[0] ? ", event " : "", last.event);
	mvaddnstr(0, 0, heading, COLS);
}

static void draw(void)
{
	int lines = LINES - OTHER_LINES, width = COLS - SCALE_WIDTH;
	int first = first_shown(width), i;
	unsigned long most = highest(first);

	erase();
	draw_heading();
	if (lines > 0 && width > 0) {
		mvprintw(1, 0, "%10s", size_kb(most).text);
		mvprintw(lines, 0, "%10s", "0");
		for (i = first; i < count; i++)
			draw_column(SCALE_WIDTH + i - first, i, most, lines);
	}
	mvprintw(LINES - 1, 0, "%s loaned   - target   . MemAvailable   q quits", block());
	refresh();
}

void graph_add(const struct sample *sample)
{
	if (count == SAMPLES) {
		memmove(&samples[0], &samples[1], sizeof(samples) - sizeof(samples[0]));
		count--;
	}
	samples[count].loaned_kb = sample->loaned_kb;
	samples[count].target_kb = sample->target_kb;
	samples[count].available_kb = sample->available_kb;
	count++;
	last = *sample;
	draw();
}

bool graph_keys(void)
{
	int key;

	while ((key = getch()) != ERR) {
		if (key == 'q' || key == 'Q')
			return true;
		if (key == KEY_RESIZE)
			draw();
	}
	return false;
}
