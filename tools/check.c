// SPDX-License-Identifier: GPL-2.0-or-later
/* cmm-admin check: the health of the partition, for Nagios and Icinga. */

#include <stdio.h>
#include <string.h>

#include "command.h"
#include "names.h"
#include "partition.h"
#include "size.h"

#define KIB 1024UL

/* A plugin's exit statuses (Monitoring Plugins Development Guidelines) */
enum verdict { OK, WARNING, CRITICAL, UNKNOWN };

static const char *const verdict_words[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };

/* Values that can have thresholds; @below: bad if less than the threshold, not if more */
enum { AVAILABLE, SHORT, OOM_FREED, MEASURES };

static struct measure {
	const char *name;
	const char *meaning;
	bool below;
	bool has_threshold[CRITICAL + 1];
	unsigned long threshold_kb[CRITICAL + 1];
} measures[MEASURES] = {
	[AVAILABLE] = { .name = "available", .meaning = "MemAvailable is less", .below = true },
	[SHORT] = { .name = "short", .meaning = "the target is larger than the loan by more" },
	[OOM_FREED] = { .name = "oom_freed", .meaning = "out-of-memory events took back more" },
};

static int take_threshold(enum verdict verdict, const char *argument)
{
	const char *equals = strchr(argument, '=');
	char why[SIZE_WHY_MAX], name[CMM_VALUE_MAX];
	struct names names = { .word = name };
	struct measure *measure;
	int i;

	if (!equals)
		return complain(CMM_EXIT_USAGE, "'%.64s' is not NAME=SIZE", argument);
	snprintf(name, sizeof(name), "%.*s", (int)(equals - argument), argument);
	for (i = 0; i < MEASURES && strcmp(measures[i].name, name); i++)
		names_add(&names, measures[i].name);
	if (i == MEASURES)
		return complain(CMM_EXIT_USAGE, "unknown name '%.64s'; %s", name,
				names_hint(&names));
	measure = &measures[i];
	if (!size_parse(equals + 1, KIB, &measure->threshold_kb[verdict], why))
		return complain(CMM_EXIT_USAGE, "%s '%.64s' %s", measure->name, equals + 1, why);
	measure->has_threshold[verdict] = true;
	return CMM_EXIT_OK;
}

static int take_warning(const char *argument)
{
	return take_threshold(WARNING, argument);
}

static int take_critical(const char *argument)
{
	return take_threshold(CRITICAL, argument);
}

static const struct command_option options[] = {
	{ "--warning", 'w', "NAME=SIZE", "a warning if NAME is beyond SIZE", .take = take_warning },
	{ "--critical", 'c', "NAME=SIZE", "critical if NAME is beyond SIZE",
	  .take = take_critical },
	{ 0 },
};

static bool is_beyond(const struct measure *measure, enum verdict verdict, unsigned long now_kb)
{
	if (!measure->has_threshold[verdict])
		return false;
	if (measure->below)
		return now_kb < measure->threshold_kb[verdict];
	return now_kb > measure->threshold_kb[verdict];
}

static enum verdict judge(const struct measure *measure, unsigned long now_kb)
{
	if (is_beyond(measure, CRITICAL, now_kb))
		return CRITICAL;
	return is_beyond(measure, WARNING, now_kb) ? WARNING : OK;
}

/* 'label'=value[UOM];[warn];[crit];[min];[max] */
static void print_measure(const struct measure *measure, unsigned long now_kb)
{
	int verdict;

	printf(" %s=%luKB", measure->name, now_kb);
	for (verdict = WARNING; verdict <= CRITICAL; verdict++) {
		printf(";");
		if (measure->has_threshold[verdict])
			printf("%lu%s", measure->threshold_kb[verdict], measure->below ? ":" : "");
	}
	printf(";0");
}

static int check(const struct command_line *line)
{
	struct cmm_partition partition;
	unsigned long now_kb[MEASURES];
	enum verdict worst = OK, verdict;
	char health[HEALTH_MAX];
	int i, cause = -1;

	(void)line;
	if (partition_read(&partition)) {
		printf("CMM UNKNOWN - the partition or its driver cannot be read\n");
		return UNKNOWN;
	}
	now_kb[AVAILABLE] = partition.available_kb;
	now_kb[SHORT] = partition.target_kb > partition.loaned_kb
				? partition.target_kb - partition.loaned_kb
				: 0;
	now_kb[OOM_FREED] = partition.oom_freed_kb;

	if (!partition_health(&partition, health, sizeof(health)))
		worst = WARNING;
	for (i = 0; i < MEASURES; i++) {
		verdict = judge(&measures[i], now_kb[i]);
		if (verdict <= worst)
			continue;
		worst = verdict;
		cause = i;
	}

	printf("CMM %s - ", verdict_words[worst]);
	if (cause >= 0)
		printf("%s: %lu KiB", measures[cause].meaning, now_kb[cause]);
	else
		printf("%s", health);
	printf("; %lu of %lu KiB on loan |", partition.loaned_kb,
	       partition.total_kb + partition.loaned_kb);
	printf(" loaned=%luKB;;;0;%lu target=%luKB;;;0", partition.loaned_kb,
	       partition.total_kb + partition.loaned_kb, partition.target_kb);
	for (i = 0; i < MEASURES; i++)
		print_measure(&measures[i], now_kb[i]);
	printf("\n");
	return worst;
}

static void print_names(void)
{
	int i;

	for (i = 0; i < MEASURES; i++)
		printf("  %-10s %s\n", measures[i].name, measures[i].meaning);
}

/* Monitoring systems take other statuses for a broken plugin. */
const struct command check_command = {
	.name = "check",
	.summary = "print one line and a status for Nagios or Icinga",
	.usage = "[-w NAME=SIZE]... [-c NAME=SIZE]... [OPTION...]",
	.description =
		"Prints one line for Nagios or Icinga, with performance data. It is a warning if the\n"
		"report's health is one, or if a threshold says so.\n",
	.examples = "  cmm-admin check\n"
		    "  cmm-admin check -w available=512M -c available=256M -w short=1G\n",
	.statuses = "Exit status:\n"
		    "   0  OK\n"
		    "   1  warning\n"
		    "   2  critical\n"
		    "   3  unknown: no driver, wrong usage, something that cannot be read\n",
	.print_names = print_names,
	.options = options,
	.usage_status = UNKNOWN,
	.run = check,
};
