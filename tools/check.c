// SPDX-License-Identifier: GPL-2.0-or-later
/* cmm-admin check: how the partition does, as Nagios and Icinga ask. */

#include <stdio.h>
#include <string.h>

#include "complain.h"
#include "options.h"
#include "partition.h"
#include "size.h"

#define COMMAND "check"
#define KIB	1024UL

/* What a plugin's exit status says (Monitoring Plugins Development Guidelines) */
enum verdict { OK, WARNING, CRITICAL, UNKNOWN };

static const char *const verdict_words[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };

/* What thresholds are for; @below: bad when less than that, not when more */
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

static void show_help(void)
{
	int i;

	printf("Usage: cmm-admin check [-w NAME=SIZE]... [-c NAME=SIZE]...\n\n"
	       "One line for Nagios or Icinga, with performance data. A warning where the report's\n"
	       "health is one, and what the thresholds say.\n\n"
	       "Options:\n"
	       "  -w, --warning NAME=SIZE    a warning when ...\n"
	       "  -c, --critical NAME=SIZE   critical when ...\n");
	for (i = 0; i < MEASURES; i++)
		printf("         %-10s ... %s\n", measures[i].name, measures[i].meaning);
	printf("%s\n"
	       "Examples:\n"
	       "  cmm-admin check\n"
	       "  cmm-admin check -w available=512M -c available=256M -w short=1G\n\n"
	       "Exit status:\n"
	       "   0  OK\n"
	       "   1  warning\n"
	       "   2  critical\n"
	       "   3  unknown: no driver, wrong usage, something that cannot be read\n",
	       sysroot_help);
}

static int take_option(int option, const char *argument)
{
	enum verdict verdict = option == 'w' ? WARNING : CRITICAL;
	const char *equals = strchr(argument, '=');
	char why[SIZE_WHY_MAX];
	size_t length = equals ? (size_t)(equals - argument) : 0;
	struct measure *measure;
	int i;

	for (i = 0; i < MEASURES; i++)
		if (strlen(measures[i].name) == length &&
		    !strncmp(measures[i].name, argument, length))
			break;
	if (i == MEASURES)
		return complain(CMM_EXIT_USAGE,
				"'%.64s' is not NAME=SIZE; names: available short oom_freed",
				argument);
	measure = &measures[i];
	if (!size_parse(equals + 1, KIB, &measure->threshold_kb[verdict], why))
		return complain(CMM_EXIT_USAGE, "%s '%.64s' %s", measure->name, equals + 1, why);
	measure->has_threshold[verdict] = true;
	return CMM_EXIT_OK;
}

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

static int check(void)
{
	struct cmm_partition partition;
	unsigned long now_kb[MEASURES];
	enum verdict worst = OK, verdict;
	char health[HEALTH_MAX];
	int i, cause = -1;

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
	return fflush(stdout) ? UNKNOWN : worst;
}

/* A monitoring system takes any status but these for a broken plugin. */
int cmm_check(int argc, char **argv)
{
	static const struct option own[] = {
		{ "warning", required_argument, NULL, 'w' },
		{ "critical", required_argument, NULL, 'c' },
		{ NULL, 0, NULL, 0 },
	};
	static const struct options options = {
		.command = COMMAND,
		.takes = TAKES_SYSROOT,
		.own = own,
		.take = take_option,
		.help = show_help,
	};
	struct option_values values;
	int status;

	status = options_parse(&options, argc, argv, &values);
	if (status == CMM_EXIT_OK)
		return OK;
	if (status != OPTIONS_GO)
		return UNKNOWN;
	return check();
}
