// SPDX-License-Identifier: GPL-2.0-or-later
/* cmm-admin loan: sets the request of a simulated hypervisor */

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attribute.h"
#include "command.h"
#include "partition.h"
#include "size.h"
#include "waiting.h"

#define REQUEST	 "simulate_loan_target_kb"
#define UNIT_KIB 1024UL

/*
 * The time in which the driver is expected to see the request. SEEN_MS is for our driver, which
 * sees the request at once. The in-tree driver sees the request at its next poll, so its time is
 * the interval between two polls (the parameter "delay") plus SEEN_MORE_MS.
 */
#define SEEN_MS	     300
#define SEEN_MORE_MS 1000

static bool wait_asked;

static const struct command_option options[] = {
	{ "--wait", 'w', NULL, "wait until the request is met", .flag = &wait_asked },
	{ 0 },
};

static bool is_percentage(const char *word)
{
	size_t length = strlen(word);

	return length > 1 && word[length - 1] == '%';
}

static int parse_percentage(const char *word, const struct cmm_partition *partition,
			    unsigned long *request_kb)
{
	unsigned long percent;

	if (!percent_parse(word, &percent))
		return complain(CMM_EXIT_USAGE,
				"'%.64s' is not a whole number of percent from 0 to 100", word);
	*request_kb = percent_of(partition_assigned_kb(partition), percent);
	return CMM_EXIT_OK;
}

static int parse(const char *word, const struct cmm_partition *partition, unsigned long *request_kb)
{
	unsigned long before_kb = *request_kb, asked_kb;
	char sign = word[0] == '+' || word[0] == '-' ? word[0] : 0;
	char why[SIZE_WHY_MAX];

	if (is_percentage(word))
		return parse_percentage(word, partition, request_kb);
	if (!size_parse(word + !!sign, UNIT_KIB, &asked_kb, why))
		return complain(CMM_EXIT_USAGE, "'%.64s' %s", word, why);
	*request_kb = asked_kb;
	if (sign == '+' && __builtin_add_overflow(before_kb, asked_kb, request_kb))
		return complain(CMM_EXIT_USAGE, "'%.64s' is too large", word);
	if (sign == '-')
		*request_kb = before_kb > asked_kb ? before_kb - asked_kb : 0;
	return CMM_EXIT_OK;
}

/*
 * Waits until the target changes, or until the driver has had the time to see the request. If the
 * target is the same after that time, the request has no effect on it. Returns WAITING_TIMED_OUT if
 * @timeout_ms is shorter than that time and the target does not change in it, unless the request is
 * the same as before (@changed is false).
 */
static enum waiting_end wait_until_seen(const struct cmm_partition *partition, bool changed,
					unsigned long timeout_ms)
{
	unsigned long seen_ms = SEEN_MS, delay_s;
	enum waiting_end end;
	bool cut_short;

	if (!partition->state[0] && number_parse(partition->values[SETTING_delay], &delay_s))
		seen_ms = SEEN_MORE_MS + delay_s * 1000;
	cut_short = seen_ms > timeout_ms;
	end = wait_for_target(partition->target_kb, cut_short ? timeout_ms : seen_ms);
	if (end == WAITING_TIMED_OUT && !(cut_short && changed))
		return WAITING_REACHED;
	return end;
}

static enum waiting_end wait_for_request(const struct cmm_partition *partition, bool changed,
					 unsigned long timeout_ms)
{
	unsigned long start_ms = waiting_clock_ms(), passed_ms;
	enum waiting_end end;

	end = wait_until_seen(partition, changed, timeout_ms);
	if (end != WAITING_REACHED)
		return end;
	passed_ms = waiting_clock_ms() - start_ms;
	if (timeout_ms != TIMEOUT_NONE)
		timeout_ms -= passed_ms < timeout_ms ? passed_ms : timeout_ms;
	return wait_for_loan(partition->loaned_kb, timeout_ms);
}

/* Whether the loan differs from the request, rounded down to whole pages */
static bool is_limited(unsigned long loaned_kb, unsigned long request_kb)
{
	unsigned long page_kb = sysconf(_SC_PAGESIZE) / UNIT_KIB;

	return loaned_kb / page_kb != request_kb / page_kb;
}

static int wait_and_print(const struct cmm_partition *partition, unsigned long before_kb,
			  unsigned long request_kb, unsigned long timeout_ms)
{
	enum waiting_end end;
	struct loan now;
	int status;

	status = waiting_begin();
	if (status)
		return status;
	end = wait_for_request(partition, request_kb != before_kb, timeout_ms);
	waiting_end();
	status = waiting_status(end, &now);
	if (status)
		return status;
	printf("%s on loan%s\n", size_kb(now.loaned_kb).text,
	       is_limited(now.loaned_kb, request_kb) ? "; the driver limits the request to that"
						     : "");
	return CMM_EXIT_OK;
}

static int request(const char *word, unsigned long timeout_ms)
{
	struct cmm_partition partition;
	unsigned long request_kb, before_kb;
	char text[CMM_VALUE_MAX];
	int status;

	status = partition_read(&partition);
	if (status)
		return status;
	if (!root_exists(CMM_DEVICE, REQUEST))
		return complain(
			CMM_EXIT_FAILURE,
			"this driver does not simulate a hypervisor, so cmm-admin cannot "
			"request a loan (to simulate one, load the driver with simulate=1)");
	status = setting_read(&cmm_settings[SETTING_simulate_loan_target_kb], text);
	if (!status)
		status = attribute_number(CMM_DEVICE, REQUEST, text, &before_kb);
	if (status)
		return status;
	request_kb = before_kb;
	status = parse(word, &partition, &request_kb);
	if (status)
		return status;

	snprintf(text, sizeof(text), "%lu", request_kb);
	status = attribute_write(CMM_DEVICE, REQUEST, text);
	if (status)
		return status;
	printf("request: %s -> %s\n", size_exact(before_kb, UNIT_KIB).text,
	       size_exact(request_kb, UNIT_KIB).text);
	return wait_asked ? wait_and_print(&partition, before_kb, request_kb, timeout_ms)
			  : CMM_EXIT_OK;
}

static int loan(const struct command_line *line)
{
	char **words = line->operands;

	if (!words[0] || words[1])
		return complain(CMM_EXIT_USAGE,
				"exactly one SIZE is needed, such as 256M, +64M, -64M or 25%%");
	if (line->timeout_ms != TIMEOUT_NONE && !wait_asked)
		return complain(CMM_EXIT_USAGE, "--timeout needs --wait");
	return request(words[0], line->timeout_ms);
}

const struct command loan_command = {
	.name = "loan",
	.summary = "set the request of a simulated hypervisor",
	.usage = "SIZE | +SIZE | -SIZE | N% [OPTION...]",
	.description =
		"Sets the loan that the simulated hypervisor requests: SIZE is the whole\n"
		"request, +SIZE and -SIZE change it, N% is a share of the partition's memory. A\n"
		"bare number is in KiB. Works only if the driver was loaded with simulate=1.\n"
		"--wait ends with status 6 if loan_policy keeps the loan below the request.\n",
	.examples = "  cmm-admin loan 256M --wait\n"
		    "  cmm-admin loan +1GiB\n"
		    "  cmm-admin loan 25%\n"
		    "  cmm-admin loan 0 --wait --timeout 60\n",
	.takes = TAKES_TIMEOUT | TAKES_OPERANDS | TAKES_NEGATIVE,
	.options = options,
	.changes = true,
	.run = loan,
};
