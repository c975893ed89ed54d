// SPDX-License-Identifier: GPL-2.0-or-later
/* cmm-admin monitor: a line a sample, until it is ended. */

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "attribute.h"
#include "command.h"
#include "events.h"
#include "graph.h"
#include "sample.h"
#include "size.h"
#include "waiting.h"

#define KIB	 1024UL
#define TIME_MAX 32

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
	[COL_TIME] = { "TIME", "of the sample", SCOLS_JSON_STRING, 0, false },
	[COL_LOANED] = { "LOANED", "on loan, in KiB", SCOLS_JSON_NUMBER, SCOLS_FL_RIGHT, false },
	[COL_CHANGE] = { "CHANGE", "of the loan since the line before", SCOLS_JSON_NUMBER,
			 SCOLS_FL_RIGHT, false },
	[COL_TARGET] = { "TARGET", "loan that the driver works towards", SCOLS_JSON_NUMBER,
			 SCOLS_FL_RIGHT, false },
	[COL_AVAILABLE] = { "AVAILABLE", "MemAvailable", SCOLS_JSON_NUMBER, SCOLS_FL_RIGHT, false },
	[COL_OOM_FREED] = { "OOM_FREED", "returned by out-of-memory events since the line before",
			    SCOLS_JSON_NUMBER, SCOLS_FL_RIGHT, false },
	[COL_STATE] = { "STATE", "of the driver", SCOLS_JSON_STRING, 0, false },
	[COL_EVENT] = { "EVENT", "reported by the driver since the line before", SCOLS_JSON_STRING,
			0, false },
	{ NULL, NULL, 0, 0, false },
};

/* From the command line */
static struct {
	unsigned long interval_ms;
	unsigned long samples; /* 0: no end */
	bool csv;
	bool graph;
} wanted = { .interval_ms = 1000 };

static int take_count(const char *argument)
{
	if (number_parse(argument, &wanted.samples) && wanted.samples)
		return CMM_EXIT_OK;
	return complain(CMM_EXIT_USAGE, "--count '%.64s' is not a whole number from 1", argument);
}

static const struct command_option options[] = {
	{ "--interval", 'i', "SEC", "time between two samples (1)", .ms = &wanted.interval_ms },
	{ "--count", 'c', "N", "end after that many samples", .take = take_count },
	{ "--csv", 'C', NULL, "commas between the columns", .flag = &wanted.csv },
	{ "--graph", 'g', NULL, "draw loaned, target and MemAvailable over time; q quits",
	  .flag = &wanted.graph },
	{ 0 },
};

static void add_size(struct table *table, int column, unsigned long kb, bool bytes)
{
	table_number(table, column, bytes ? size_bytes(kb, KIB) : kb);
}

static void add_change(struct table *table, unsigned long now_kb, unsigned long before_kb,
		       bool bytes)
{
	char text[NUMBER_MAX];
	long change = now_kb - before_kb;

	snprintf(text, sizeof(text), "%ld", bytes ? change * (long)KIB : change);
	table_cell(table, COL_CHANGE, text);
}

static void add_sample(struct table *table, const struct sample *now, const struct sample *before,
		       bool bytes)
{
	unsigned long freed = now->oom_freed_kb;
	char text[TIME_MAX];

	/* It may have been reset. */
	if (freed >= before->oom_freed_kb)
		freed -= before->oom_freed_kb;
	strftime(text, sizeof(text), "%FT%T", localtime(&now->at));
	table_line(table);
	table_cell(table, COL_TIME, text);
	add_size(table, COL_LOANED, now->loaned_kb, bytes);
	add_change(table, now->loaned_kb, before->loaned_kb, bytes);
	add_size(table, COL_TARGET, now->target_kb, bytes);
	add_size(table, COL_AVAILABLE, now->available_kb, bytes);
	add_size(table, COL_OOM_FREED, freed, bytes);
	table_cell(table, COL_STATE, now->state);
	table_cell(table, COL_EVENT, now->event);
}

/* A JSON document for each; otherwise lines of one table. */
static int print_sample(struct table *table, const struct table_format *format,
			const struct sample *now, const struct sample *before)
{
	int status = CMM_EXIT_OK;

	if (format->json)
		status = table_begin(table, format);
	if (status)
		return status;
	add_sample(table, now, before, format->bytes);
	status = format->json ? table_end(table) : table_print_line(table);
	if (status)
		return status;
	return fflush(stdout) ? CMM_EXIT_FAILURE : CMM_EXIT_OK;
}

/*
 * Until the next sample is due or the driver has told of something, which @names gets;
 * WAITING_INTERRUPTED is the usual end. Signals are looked at however short the interval is.
 */
static enum waiting_end wait_for_sample(int events, char *names, size_t size)
{
	int keys = wanted.graph ? STDIN_FILENO : -1;
	unsigned long end_ms = waiting_clock_ms() + wanted.interval_ms, now_ms, left_ms;
	enum waiting_end end;

	do {
		now_ms = waiting_clock_ms();
		left_ms = now_ms < end_ms ? end_ms - now_ms : 0;
		end = wait_for_input(events, keys, left_ms);
		if (end != WAITING_REACHED)
			return end;
		if (wanted.graph && graph_keys())
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
		if (wanted.graph)
			graph_add(&now);
		else
			status = print_sample(table, format, &now, &before);
		if (status || ++made == wanted.samples ||
		    wait_for_sample(events, names, sizeof(names)) == WAITING_INTERRUPTED)
			break;
	}
	return status;
}

static int run(const struct table_format *format)
{
	struct table table;
	int status;

	status = need_driver();
	if (status)
		return status;
	status = waiting_begin();
	if (status)
		return status;
	if (wanted.graph)
		status = graph_begin();
	else if (!format->json)
		status = table_begin(&table, format);
	if (status)
		goto out;

	status = watch(format, &table, events_begin());
	events_end();
	if (wanted.graph)
		graph_end();
	else if (!format->json)
		table_drop(&table);
out:
	waiting_end();
	return status;
}

static int monitor(const struct command_line *line)
{
	struct table_format format = line->format;

	format.csv = wanted.csv;
	if (wanted.graph && (format.csv || format.json || format.raw || format.pairs))
		return complain(CMM_EXIT_USAGE, "--graph excludes the forms of a table");
	return run(&format);
}

const struct command monitor_command = {
	.name = "monitor",
	.summary = "print a line for each sample, or draw a graph",
	.usage = "[OPTION...]",
	.description =
		"Prints a line for each sample: the loan, its change, and events. An event of the\n"
		"driver makes a sample at once. Ends at Ctrl-C, with status 0. With --json, each\n"
		"sample is a document.\n",
	.examples = "  cmm-admin monitor\n"
		    "  cmm-admin monitor -i 5 -c 12 --csv >minute.csv\n"
		    "  cmm-admin monitor --json | jq --unbuffered '.monitor[].loaned'\n"
		    "  cmm-admin monitor --graph\n",
	.options = options,
	.columns = columns,
	.run = monitor,
};
