// SPDX-License-Identifier: GPL-2.0-or-later
/* cmm-admin monitor: prints a line for each sample, or draws a graph, until a signal ends it */

#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attribute.h"
#include "command.h"
#include "document.h"
#include "events.h"
#include "graph.h"
#include "sample.h"
#include "size.h"
#include "waiting.h"

#define KIB 1024UL

#define DAY_S (24L * 60 * 60)

/* Room for a time of day, and for a size with a sign */
#define TIME_MAX   40
#define CHANGE_MAX (SIZE_TEXT_MAX + 1)

enum {
	COL_TIME,
	COL_LOANED,
	COL_CHANGE,
	COL_TARGET,
	COL_AVAILABLE,
	COL_OOM_FREED,
	COL_STATE,
	COL_EVENT,
};

static const struct table_column columns[] = {
	[COL_TIME] = { "TIME", "time of the sample", SCOLS_FL_TRUNC, false },
	[COL_LOANED] = { "LOANED", "memory on loan", SCOLS_FL_RIGHT, false },
	[COL_CHANGE] = { "CHANGE", "change of the loan since the previous line", SCOLS_FL_RIGHT,
			 false },
	[COL_TARGET] = { "TARGET", "loan that the driver works towards", SCOLS_FL_RIGHT, false },
	[COL_AVAILABLE] = { "AVAILABLE", "MemAvailable", SCOLS_FL_RIGHT, false },
	[COL_OOM_FREED] = { "OOM_FREED", "returned by out-of-memory events since the previous line",
			    SCOLS_FL_RIGHT, true },
	[COL_STATE] = { "STATE", "state of the driver", SCOLS_FL_TRUNC, false },
	[COL_EVENT] = { "EVENT", "events of the driver since the previous line", SCOLS_FL_TRUNC,
			false },
	{ NULL, NULL, 0, false },
};

/* The options of the command line */
static struct {
	unsigned long interval_ms;
	unsigned long samples; /* 0: no end */
	bool csv;
	bool graph;
} chosen = { .interval_ms = 1000 };

static int take_count(const char *argument)
{
	if (number_parse(argument, &chosen.samples) && chosen.samples)
		return CMM_EXIT_OK;
	return complain(CMM_EXIT_USAGE, "--count '%.64s' is not a whole number above 0", argument);
}

static const struct command_option options[] = {
	{ "--interval", 'i', "SEC", "time between two samples (default 1)",
	  .ms = &chosen.interval_ms },
	{ "--count", 'c', "N", "end after N samples", .take = take_count },
	{ "--csv", 'C', NULL, "commas between the columns", .flag = &chosen.csv },
	{ "--graph", 'g', NULL, "draw loaned, target and MemAvailable over time; q quits",
	  .flag = &chosen.graph },
	{ 0 },
};

/*
 * Prints the local time in the form of RFC 3339. RFC 3339 allows no seconds in the offset from UTC,
 * and no offset of a day or more: with such an offset, prints UTC. strftime() prints the offset
 * without the colon that RFC 3339 requires, so this function adds the colon.
 */
static void print_time(time_t at, char text[TIME_MAX])
{
	const struct tm *local = localtime(&at);
	size_t length;

	if (local->tm_gmtoff % 60 || labs(local->tm_gmtoff) >= DAY_S)
		local = gmtime(&at);
	length = strftime(text, TIME_MAX - 1, "%FT%T%z", local);
	memmove(text + length - 1, text + length - 2, strlen("00") + 1);
	text[length - 2] = ':';
}

/* The memory that OOM events returned since @before. If the counter is smaller, it was reset. */
static unsigned long freed_since_kb(const struct sample *now, const struct sample *before)
{
	if (now->oom_freed_kb < before->oom_freed_kb)
		return now->oom_freed_kb;
	return now->oom_freed_kb - before->oom_freed_kb;
}

/* The change of the loan since @before; at most LONG_MAX, at least -LONG_MAX */
static long change_kb(const struct sample *now, const struct sample *before)
{
	long change;

	if (__builtin_sub_overflow(now->loaned_kb, before->loaned_kb, &change) ||
	    change == LONG_MIN)
		return now->loaned_kb > before->loaned_kb ? LONG_MAX : -LONG_MAX;
	return change;
}

static void add_size(struct table *table, int column, unsigned long kb,
		     const struct table_format *format)
{
	if (table_is_exact(format))
		table_number(table, column, format->bytes ? size_bytes(kb, KIB) : kb);
	else
		table_cell(table, column, size_kb(kb).text);
}

static void add_change(struct table *table, long change, const struct table_format *format)
{
	const char *sign = change < 0 ? "-" : "";
	char text[CHANGE_MAX];
	unsigned long kb = labs(change);

	if (table_is_exact(format))
		snprintf(text, sizeof(text), "%s%lu", sign,
			 format->bytes ? size_bytes(kb, KIB) : kb);
	else
		snprintf(text, sizeof(text), "%s%s", change > 0 ? "+" : sign, size_kb(kb).text);
	table_cell(table, COL_CHANGE, text);
}

static int print_line(struct table *table, const struct table_format *format,
		      const struct sample *now, const struct sample *before)
{
	char text[TIME_MAX];

	print_time(now->at, text);
	table_line(table);
	table_cell(table, COL_TIME, text);
	add_size(table, COL_LOANED, now->loaned_kb, format);
	add_change(table, change_kb(now, before), format);
	add_size(table, COL_TARGET, now->target_kb, format);
	add_size(table, COL_AVAILABLE, now->available_kb, format);
	add_size(table, COL_OOM_FREED, freed_since_kb(now, before), format);
	table_cell(table, COL_STATE, now->state);
	table_cell(table, COL_EVENT, now->event);
	return table_print_line(table);
}

static int print_document(const struct sample *now, const struct sample *before)
{
	struct document document;
	char text[TIME_MAX];

	print_time(now->at, text);
	document_begin(&document);
	document_text(&document, "time", text);
	document_number(&document, "loaned_kb", now->loaned_kb);
	document_signed(&document, "change_kb", change_kb(now, before));
	document_number(&document, "target_kb", now->target_kb);
	document_number(&document, "available_kb", now->available_kb);
	document_number(&document, "oom_freed_kb", freed_since_kb(now, before));
	document_text(&document, "state", now->state);
	document_words(&document, "events", now->event, '+');
	return document_end(&document, true);
}

/* Prints a line of @table, or a JSON document if @table is NULL. */
static int print_sample(struct table *table, const struct table_format *format,
			const struct sample *now, const struct sample *before)
{
	int status = table ? print_line(table, format, now, before) : print_document(now, before);

	if (status)
		return status;
	/* On a terminal, the write may have failed before fflush(). */
	return fflush(stdout) || ferror(stdout) ? CMM_EXIT_FAILURE : CMM_EXIT_OK;
}

/*
 * Waits until the next sample is due or the driver sends an event. The names of events are written
 * to @names. Returns WAITING_INTERRUPTED when the user ends the monitor. Checks for signals at
 * least once, even if the interval is 0.
 */
static enum waiting_end wait_for_sample(int events, char *names, size_t size)
{
	int keys = chosen.graph ? STDIN_FILENO : -1;
	unsigned long end_ms = waiting_clock_ms() + chosen.interval_ms, now_ms, left_ms;
	enum waiting_end end;

	do {
		now_ms = waiting_clock_ms();
		left_ms = now_ms < end_ms ? end_ms - now_ms : 0;
		end = wait_for_input(events, keys, left_ms);
		if (end != WAITING_REACHED)
			return end;
		if (chosen.graph && graph_keys())
			return WAITING_INTERRUPTED;
		events_take(names, size);
	} while (left_ms && !names[0]);
	return WAITING_REACHED;
}

static int watch(const struct table_format *format, struct table *table, int events)
{
	char names[CMM_VALUE_MAX] = "";
	struct sample before, now;
	unsigned long made = 0;
	int status;

	status = sample_read(&before);
	for (now = before; !status; before = now) {
		if (made)
			status = sample_read(&now);
		if (status)
			break;
		memcpy(now.event, names, sizeof(names));
		if (chosen.graph)
			graph_add(&now);
		else
			status = print_sample(table, format, &now, &before);
		if (status || ++made == chosen.samples ||
		    wait_for_sample(events, names, sizeof(names)) == WAITING_INTERRUPTED)
			break;
	}
	return status;
}

static int run(const struct table_format *format, bool json)
{
	bool has_table = !chosen.graph && !json;
	struct table table;
	int status;

	status = need_driver();
	if (status)
		return status;
	status = waiting_begin();
	if (status)
		return status;
	if (chosen.graph)
		status = graph_begin();
	else if (has_table)
		status = table_begin(&table, format);
	if (status)
		goto out;

	status = watch(format, has_table ? &table : NULL, events_begin());
	events_end();
	if (chosen.graph)
		graph_end();
	else if (has_table)
		table_drop(&table);
out:
	waiting_end();
	return status;
}

static int monitor(const struct command_line *line)
{
	struct table_format format = line->format;

	format.csv = chosen.csv;
	if (chosen.graph && (line->json || table_is_chosen(&format)))
		return complain(CMM_EXIT_USAGE,
				"--graph cannot be combined with --json or options of a table, "
				"such as --raw");
	if (line->json && format.csv)
		return complain(CMM_EXIT_USAGE,
				"--json cannot be combined with options of a table, such as --csv");
	return run(&format, line->json);
}

const struct command monitor_command = {
	.name = "monitor",
	.summary = "print a line for each sample, or draw a graph",
	.usage = "[OPTION...]",
	.description =
		"Prints a line for each sample: the loan, its change, and events. An event of\n"
		"the driver triggers a sample at once. Ends at Ctrl-C, with status 0. With\n"
		"--json, each line is a JSON document.\n",
	.examples = "  cmm-admin monitor\n"
		    "  cmm-admin monitor -i 5 -c 12 --csv >minute.csv\n"
		    "  cmm-admin monitor --json | jq --unbuffered .loaned_kb\n"
		    "  cmm-admin monitor --graph\n",
	.options = options,
	.columns = columns,
	.run = monitor,
};
