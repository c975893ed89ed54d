// SPDX-License-Identifier: GPL-2.0-or-later
/* The values that cmm-admin check compares with thresholds */

#include <stdio.h>
#include <string.h>

#include "complain.h"
#include "names.h"
#include "parse.h"
#include "partition.h"
#include "threshold.h"

#define KIB 1024UL

static bool parse_kb(const char *text, unsigned long *value, char why[SIZE_WHY_MAX])
{
	return size_parse(text, KIB, value, why);
}

static bool parse_hundredths(const char *text, unsigned long *value, char why[SIZE_WHY_MAX])
{
	if (hundredths_parse(text, value))
		return true;
	snprintf(why, SIZE_WHY_MAX, "is not a number such as 10 or 0.25");
	return false;
}

static const struct unit kib = { "KB", " KiB", false, parse_kb };
static const struct unit percent = { "%", " %", true, parse_hundredths };
static const struct unit per_second = { "", " per second", true, parse_hundredths };

struct measure measures[MEASURES] = {
	[AVAILABLE] = { "available", "MemAvailable", NULL, &kib, .is_low_bad = true },
	[SHORT] = { "short", "the unmet part of the target", NULL, &kib },
	[OOM_FREED] = { "oom_freed", "the memory returned by out-of-memory events", NULL, &kib },
	[FAULTS] = { "faults", "the rate of page faults that the hypervisor serves",
		     "/proc/powerpc/lparcfg", &per_second },
	[SOME_AVG10] = { "psi_some_avg10",
			 "the share of the last 10 s in which some tasks waited for memory",
			 "/proc/pressure/memory", &percent },
	[SOME_AVG60] = { "psi_some_avg60",
			 "the share of the last 60 s in which some tasks waited for memory",
			 "/proc/pressure/memory", &percent },
	[FULL_AVG10] = { "psi_full_avg10",
			 "the share of the last 10 s in which all tasks that could run waited for memory",
			 "/proc/pressure/memory", &percent },
	[FULL_AVG60] = { "psi_full_avg60",
			 "the share of the last 60 s in which all tasks that could run waited for memory",
			 "/proc/pressure/memory", &percent },
};

unsigned int alert_states[CRITICAL + 1];

static int take_state(enum verdict verdict, const char *word)
{
	struct names names = { .word = word };
	int i;

	for (i = 0; i < cmm_state_count && strcmp(cmm_states[i].word, word); i++)
		names_add(&names, cmm_states[i].word);
	if (i == cmm_state_count)
		return complain(CMM_EXIT_USAGE, "unknown state '%.64s'; %s", word,
				names_hint(&names));
	alert_states[verdict] |= 1U << i;
	return CMM_EXIT_OK;
}

int threshold_take(enum verdict verdict, const char *argument)
{
	const char *equals = strchr(argument, '=');
	char why[SIZE_WHY_MAX], name[CMM_VALUE_MAX];
	struct names names = { .word = name };
	struct measure *measure;
	int i;

	if (!equals)
		return complain(CMM_EXIT_USAGE, "'%.64s' is not NAME=RANGE", argument);
	snprintf(name, sizeof(name), "%.*s", (int)(equals - argument), argument);
	if (!strcmp(name, "state"))
		return take_state(verdict, equals + 1);
	for (i = 0; i < MEASURES && strcmp(measures[i].name, name); i++)
		names_add(&names, measures[i].name);
	names_add(&names, "state");
	if (i == MEASURES)
		return complain(CMM_EXIT_USAGE, "unknown name '%.64s'; %s", name,
				names_hint(&names));
	measure = &measures[i];
	if (!range_parse(equals + 1, measure->unit->parse, measure->is_low_bad,
			 &measure->ranges[verdict], why))
		/* For example: available '5:3' has a start above its end */
		return complain(CMM_EXIT_USAGE, "%s '%.64s' %s", measure->name, equals + 1, why);
	measure->has_range[verdict] = true;
	return CMM_EXIT_OK;
}

bool measure_has_threshold(const struct measure *measure)
{
	return measure->has_range[WARNING] || measure->has_range[CRITICAL];
}

/* Prints the number without a unit, as the performance data of monitoring plugins need it. */
static void format(char text[NUMBER_MAX], const struct measure *measure, unsigned long value)
{
	if (measure->unit->is_hundredths)
		snprintf(text, NUMBER_MAX, "%lu.%02lu", value / 100, value % 100);
	else
		snprintf(text, NUMBER_MAX, "%lu", value);
}

void measure_text(char text[MEASURE_TEXT_MAX], const struct measure *measure, unsigned long value)
{
	char number[NUMBER_MAX];

	if (measure->unit == &kib) {
		snprintf(text, MEASURE_TEXT_MAX, "%s", size_kb(value).text);
		return;
	}
	format(number, measure, value);
	snprintf(text, MEASURE_TEXT_MAX, "%s%s", number, measure->unit->word);
}

static void print_range(const struct measure *measure, enum verdict verdict)
{
	const struct range *range = &measure->ranges[verdict];
	char text[NUMBER_MAX];

	printf(";");
	if (!measure->has_range[verdict])
		return;
	format(text, measure, range->start);
	printf("%s", range->is_inside ? "@" : "");
	if (!range->has_start)
		printf("~:");
	else if (range->start || !range->has_end)
		printf("%s:", text);
	format(text, measure, range->end);
	printf("%s", range->has_end ? text : "");
}

void measure_print(const struct measure *measure, unsigned long now)
{
	char text[NUMBER_MAX];

	format(text, measure, now);
	printf(" %s=%s%s", measure->name, text, measure->unit->label);
	print_range(measure, WARNING);
	print_range(measure, CRITICAL);
	printf(";0%s", measure->unit == &percent ? ";100" : "");
}

void threshold_print_names(void)
{
	int i;

	for (i = 0; i < MEASURES; i++)
		printf("  %-15s %s,%s\n", measures[i].name, measures[i].meaning,
		       measures[i].unit->word);
	printf("  %-15s the driver's state: -w state=WORD warns if the driver is in state WORD\n",
	       "state");
}
