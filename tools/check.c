// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cmm-admin check: a plugin for Nagios and Icinga that checks the partition's health. It follows
 * the Monitoring Plugins Development Guidelines.
 */

#include <stdio.h>
#include <string.h>

#include "command.h"
#include "deadline.h"
#include "fault-rate.h"
#include "lparcfg.h"
#include "partition.h"
#include "psi.h"
#include "size.h"
#include "threshold.h"

#define DEFAULT_TIMEOUT_MS 10000

static const char *const verdict_words[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };

static unsigned long timeout_ms = DEFAULT_TIMEOUT_MS;
static bool show_version;

struct value {
	bool is_known;
	unsigned long now;
};

struct facts {
	struct cmm_partition partition;
	struct lparcfg lparcfg;
	struct psi psi;
	struct value values[MEASURES];
};

/* A plugin prints its message on stdout, without '|', which would begin the performance data. */
static void print_unknown(const char *message)
{
	printf("CMM UNKNOWN - ");
	for (; *message; message++)
		putchar(*message == '|' ? '/' : *message);
	putchar('\n');
}

static int take_warning(const char *argument)
{
	return threshold_take(WARNING, argument);
}

static int take_critical(const char *argument)
{
	return threshold_take(CRITICAL, argument);
}

static const struct command_option options[] = {
	{ "--warning", 'w', "NAME=RANGE", "warning if NAME is outside RANGE",
	  .take = take_warning },
	{ "--critical", 'c', "NAME=RANGE", "critical if NAME is outside RANGE",
	  .take = take_critical },
	{ "--timeout", 't', "SEC", "end with status UNKNOWN after SEC seconds (default 10)",
	  .ms = &timeout_ms },
	{ .name = "--verbose", .letter = 'v', .help = "has no effect; plugins have to accept it" },
	{ "--version", 'V', NULL, "print the version", .flag = &show_version },
	{ 0 },
};

static int read_fault_rate(struct facts *facts)
{
	struct fault_rate rate;
	int status = fault_rate_read(&rate, &facts->lparcfg);

	facts->values[FAULTS] = (struct value){ rate.is_known, rate.hundredths };
	return status;
}

static int read_facts(struct facts *facts)
{
	int status;

	memset(facts->values, 0, sizeof(facts->values));
	status = partition_read(&facts->partition);
	if (!status)
		status = lparcfg_read(&facts->lparcfg);
	if (!status)
		status = psi_read(&facts->psi);
	if (!status && measure_has_threshold(&measures[FAULTS]))
		status = read_fault_rate(facts);
	return status;
}

static void set_values(struct facts *facts)
{
	const struct cmm_partition *partition = &facts->partition;
	const struct psi_line *some = &facts->psi.lines[PSI_SOME];
	const struct psi_line *full = &facts->psi.lines[PSI_FULL];
	bool has_some = facts->psi.known[PSI_SOME], has_full = facts->psi.known[PSI_FULL];
	unsigned long short_kb = partition->target_kb > partition->loaned_kb
					 ? partition->target_kb - partition->loaned_kb
					 : 0;

	facts->values[AVAILABLE] = (struct value){ true, partition->available_kb };
	facts->values[SHORT] = (struct value){ true, short_kb };
	facts->values[OOM_FREED] = (struct value){ true, partition->oom_freed_kb };
	facts->values[SOME_AVG10] = (struct value){ has_some, some->avg10 };
	facts->values[SOME_AVG60] = (struct value){ has_some, some->avg60 };
	facts->values[FULL_AVG10] = (struct value){ has_full, full->avg10 };
	facts->values[FULL_AVG60] = (struct value){ has_full, full->avg60 };
}

/* Room for the reason of a verdict */
#define REASON_MAX (HEALTH_MAX + CMM_VALUE_MAX + 32)

struct result {
	enum verdict verdict;
	char reason[REASON_MAX];
};

static int is_worse(enum verdict verdict, enum verdict than)
{
	static const int ranks[] = { [OK] = 0, [UNKNOWN] = 1, [WARNING] = 2, [CRITICAL] = 3 };

	return ranks[verdict] > ranks[than];
}

static void judge_range(const struct measure *measure, enum verdict verdict, unsigned long now,
			struct result *result)
{
	static const char *const words[] = { [RANGE_LESS] = "too low",
					     [RANGE_MORE] = "too high",
					     [RANGE_INSIDE] = "in the alert range" };
	enum range_verdict how = range_judge(&measure->ranges[verdict], now);
	char text[MEASURE_TEXT_MAX];

	if (!measure->has_range[verdict] || how == RANGE_GOOD ||
	    !is_worse(verdict, result->verdict))
		return;
	measure_text(text, measure, now);
	result->verdict = verdict;
	snprintf(result->reason, REASON_MAX, "%s is %s: %s", measure->meaning, words[how], text);
}

static void judge_measure(const struct measure *measure, const struct value *value,
			  struct result *result)
{
	if (value->is_known) {
		judge_range(measure, CRITICAL, value->now, result);
		judge_range(measure, WARNING, value->now, result);
		return;
	}
	if (!measure_has_threshold(measure) || !is_worse(UNKNOWN, result->verdict))
		return;
	result->verdict = UNKNOWN;
	snprintf(result->reason, REASON_MAX,
		 "%s is unknown: %s does not have it, or cannot be read", measure->name,
		 measure->source);
}

static void judge_state(const char *word, const char *health, struct result *result)
{
	enum verdict verdict;
	int i;

	if (!word[0] && (alert_states[WARNING] | alert_states[CRITICAL]) &&
	    is_worse(UNKNOWN, result->verdict)) {
		result->verdict = UNKNOWN;
		snprintf(result->reason, REASON_MAX,
			 "the state is unknown: this driver does not report it");
	}
	for (i = 0; i < cmm_state_count && strcmp(cmm_states[i].word, word); i++)
		;
	for (verdict = CRITICAL; i < cmm_state_count && verdict > OK; verdict--) {
		if (!(alert_states[verdict] & 1U << i) || !is_worse(verdict, result->verdict))
			continue;
		result->verdict = verdict;
		snprintf(result->reason, REASON_MAX, "the state is %s: %s", word, health);
	}
}

static void judge(const struct facts *facts, struct result *result)
{
	char health[HEALTH_MAX];
	int i;

	result->verdict =
		partition_health(&facts->partition, health, sizeof(health)) ? OK : WARNING;
	snprintf(result->reason, REASON_MAX, "%s", health);
	judge_state(facts->partition.state, health, result);
	for (i = 0; i < MEASURES; i++)
		judge_measure(&measures[i], &facts->values[i], result);
}

static void print_counter(const struct facts *facts, int field)
{
	long value;

	if (lparcfg_number(&facts->lparcfg, field, &value))
		printf(" %s=%ldc;;;0", lparcfg_fields[field].name, value);
}

static void print_performance(const struct facts *facts)
{
	const struct cmm_partition *partition = &facts->partition;
	int i;

	printf(" loaned=%luKB;;;0;%lu target=%luKB;;;0", partition->loaned_kb,
	       partition_assigned_kb(partition), partition->target_kb);
	for (i = 0; i < MEASURES; i++)
		if (facts->values[i].is_known)
			measure_print(&measures[i], facts->values[i].now);
	print_counter(facts, LPARCFG_cmo_faults);
	print_counter(facts, LPARCFG_cmo_fault_time_usec);
}

static int check_now(void)
{
	struct result result;
	struct facts facts;

	if (read_facts(&facts))
		return UNKNOWN;
	set_values(&facts);
	judge(&facts, &result);
	printf("CMM %s - %s; %s of %s on loan |", verdict_words[result.verdict], result.reason,
	       size_kb(facts.partition.loaned_kb).text,
	       size_kb(partition_assigned_kb(&facts.partition)).text);
	print_performance(&facts);
	printf("\n");
	return result.verdict;
}

static int check(const struct command_line *line)
{
	int status;

	(void)line;
	if (show_version) {
		command_print_version();
		return UNKNOWN;
	}
	switch (deadline_run(check_now, timeout_ms, &status)) {
	case DEADLINE_DONE:
		return status;
	case DEADLINE_MISSED:
		complain(CMM_EXIT_FAILURE, "no answer within %g s", timeout_ms / 1000.0);
		return UNKNOWN;
	default:
		complain(CMM_EXIT_FAILURE, "the check was killed, or could not be started");
		return UNKNOWN;
	}
}

/*
 * Wrong usage also ends with UNKNOWN. To a monitoring system, CMM_EXIT_USAGE would mean CRITICAL.
 */
const struct command check_command = {
	.name = "check",
	.summary = "print one line and a status for Nagios or Icinga",
	.usage = "[-w NAME=RANGE]... [-c NAME=RANGE]... [-t SEC] [OPTION...]",
	.description =
		"Prints one line for Nagios or Icinga, with performance data. Warns if cmm-admin\n"
		"report has a warning, or if a value violates a threshold. A RANGE is\n"
		"[@][START:][END], with sizes such as 512M. Values outside the range are alerts;\n"
		"with @, values inside it are. N alone means 0:N, but N: (N or more) for the\n"
		"NAME available. START: has no upper limit, and ~:END has no lower limit. Quote\n"
		"~, which a shell may expand.\n",
	.examples = "  cmm-admin check\n"
		    "  cmm-admin check -w available=512M -c available=256M -w short=1G\n"
		    "  cmm-admin check -w psi_some_avg60=10 -c psi_full_avg60=10 -w faults=100\n"
		    "  cmm-admin check -w 'available=~:2G'\n"
		    "  cmm-admin check -c state=refused -w state=pressure\n",
	.statuses =
		"Exit status:\n"
		"   0  OK\n"
		"   1  warning\n"
		"   2  critical\n"
		"   3  unknown: no driver, wrong usage, a file that cannot be read, no result in\n"
		"      time; also after --help and --version\n",
	.print_names = threshold_print_names,
	.options = options,
	.usage_status = UNKNOWN,
	.take_message = print_unknown,
	.run = check,
};
