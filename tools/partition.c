// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads the partition and its driver, and judges their health */

#include <stdio.h>
#include <string.h>

#include "attribute.h"
#include "complain.h"
#include "partition.h"
#include "size.h"

#define STATISTIC(name, unit, driver, meaning) { #name, meaning },

const struct cmm_stat cmm_stats[CMM_STAT_COUNT] = { CMM_STATISTIC_TABLE(STATISTIC) };

static const struct meminfo_line memory[CMM_MEMORY_COUNT] = {
	[CMM_MEM_TOTAL] = { .name = "MemTotal", .needed = true },
	[CMM_MEM_AVAILABLE] = { .name = "MemAvailable", .needed = true },
	[CMM_MEM_FREE] = { .name = "MemFree" },
	[CMM_BUFFERS] = { .name = "Buffers" },
	[CMM_CACHED] = { .name = "Cached" },
	[CMM_INACTIVE] = { .name = "Inactive" },
	[CMM_INACTIVE_ANON] = { .name = "Inactive(anon)" },
	[CMM_INACTIVE_FILE] = { .name = "Inactive(file)" },
	[CMM_SWAP_TOTAL] = { .name = "SwapTotal" },
	[CMM_SWAP_FREE] = { .name = "SwapFree" },
};

static int read_parameters(struct cmm_partition *partition)
{
	unsigned long number;
	int i, status;

	for (i = 0; i < CMM_PARAMETER_COUNT; i++) {
		if (cmm_settings[i].optional && !root_exists(CMM_PARAMETERS, cmm_settings[i].name))
			continue;
		status = attribute_read(CMM_PARAMETERS, cmm_settings[i].name, partition->values[i]);
		if (status)
			return status;
	}

	status = attribute_number(CMM_PARAMETERS, "disable", partition->values[SETTING_disable],
				  &number);
	if (status)
		return status;
	partition->disabled = number;
	partition->simulated = !strcmp(partition->values[SETTING_simulate], "Y");
	return attribute_number(CMM_PARAMETERS, "oom_kb", partition->values[SETTING_oom_kb],
				&partition->oom_kb);
}

static int read_loan(struct cmm_partition *partition)
{
	int status;

	status = attribute_read_number(CMM_DEVICE, "loaned_kb", &partition->loaned_kb);
	if (status)
		return status;
	status = attribute_read_number(CMM_DEVICE, "loaned_target_kb", &partition->target_kb);
	if (status)
		return status;
	return attribute_read_number(CMM_DEVICE, "oom_freed_kb", &partition->oom_freed_kb);
}

static int read_identity(struct cmm_partition *partition)
{
	int status;

	if (root_exists(CMM_MODULE, "version")) {
		status = attribute_read(CMM_MODULE, "version", partition->version);
		if (status)
			return status;
	}
	if (!root_exists(CMM_DEVICE, "state"))
		return CMM_EXIT_OK;
	return attribute_read(CMM_DEVICE, "state", partition->state);
}

/* Reads the counters. An older driver may lack some; the in-tree driver has none. */
static int read_stats(struct cmm_partition *partition)
{
	unsigned long number;
	int i, status;

	for (i = 0; i < CMM_STAT_COUNT; i++) {
		if (!root_exists(CMM_STATS, cmm_stats[i].name))
			continue;
		status = attribute_read(CMM_STATS, cmm_stats[i].name, partition->stats[i]);
		if (!status)
			status = attribute_number(CMM_STATS, cmm_stats[i].name, partition->stats[i],
						  &number);
		if (status)
			return status;
	}
	return CMM_EXIT_OK;
}

static int read_memory(struct cmm_partition *partition)
{
	int status;

	memcpy(partition->memory, memory, sizeof(memory));
	status = proc_meminfo(partition->memory, CMM_MEMORY_COUNT);
	partition->total_kb = partition->memory[CMM_MEM_TOTAL].kb;
	partition->available_kb = partition->memory[CMM_MEM_AVAILABLE].kb;
	return status;
}

int partition_read(struct cmm_partition *partition)
{
	int status;

	memset(partition, 0, sizeof(*partition));
	status = need_driver();
	if (status)
		return status;
	status = read_identity(partition);
	if (status)
		return status;
	status = read_loan(partition);
	if (status)
		return status;
	status = read_parameters(partition);
	if (status)
		return status;
	status = read_stats(partition);
	if (status)
		return status;
	return read_memory(partition);
}

static unsigned long sum_of(unsigned long total_kb, unsigned long loaned_kb)
{
	unsigned long sum_kb;

	return __builtin_add_overflow(total_kb, loaned_kb, &sum_kb) ? -1UL : sum_kb;
}

unsigned long partition_assigned_kb(const struct cmm_partition *partition)
{
	return sum_of(partition->total_kb, partition->loaned_kb);
}

int partition_assigned(unsigned long *assigned_kb)
{
	struct meminfo_line total = memory[CMM_MEM_TOTAL];
	unsigned long loaned_kb;
	int status;

	status = attribute_read_number(CMM_DEVICE, "loaned_kb", &loaned_kb);
	if (!status)
		status = proc_meminfo(&total, 1);
	*assigned_kb = status ? 0 : sum_of(total.kb, loaned_kb);
	return status;
}

const struct cmm_state cmm_states[] = {
	{ "running", true, NULL },
	{ "disabled", true, "disabled: nothing is loaned, whatever the request is" },
	{ "no-loans", true, "loan_policy 0 allows no loans, whatever the request is" },
	{ "hotplug", true, "loaning pauses for a memory hot-remove" },
	{ "moved", true, "all pages are being returned, because the partition has moved" },
	{ "suspended", true,
	  "all pages are being returned, because the system is being suspended" },
	{ "stopping", true, "all pages are being returned, because the driver is stopping" },
	{ "low-memory", true, "min_avail_mb holds the rest of the loan back" },
	{ "pressure", true,
	  "loan_policy 1 holds the rest of the loan back: programs would lose memory they use" },
	{ "no-memory", false, "the partition has no memory to spare for the rest of the loan" },
	{ "refused", false, "the hypervisor refuses pages (see the kernel's log)" },
	{ "no-answer", false, "the hypervisor does not report its request (see the kernel's log)" },
};

const int cmm_state_count = sizeof(cmm_states) / sizeof(cmm_states[0]);

/*
 * Finds @word in cmm_states. Returns NULL if the table does not have @word. For example, @word is
 * "" with the in-tree driver, which has no state.
 */
static const struct cmm_state *find_state(const char *word)
{
	int i;

	for (i = 0; i < cmm_state_count; i++)
		if (!strcmp(word, cmm_states[i].word))
			return &cmm_states[i];
	return NULL;
}

static bool health_of_state(const struct cmm_partition *partition, char *line, size_t size)
{
	const struct cmm_state *state = find_state(partition->state);

	if (state && state->line) {
		snprintf(line, size, "%s", state->line);
		return state->well;
	}
	if (partition->loaned_kb == partition->target_kb)
		snprintf(line, size, "the loan meets the target");
	else if (partition->loaned_kb < partition->target_kb)
		snprintf(line, size, "%s still to be loaned",
			 size_kb(partition->target_kb - partition->loaned_kb).text);
	else
		snprintf(line, size, "%s still to be returned",
			 size_kb(partition->loaned_kb - partition->target_kb).text);
	return true;
}

bool partition_loan_health(const struct cmm_partition *partition, char *line, size_t size)
{
	if (partition->disabled && partition->loaned_kb) {
		snprintf(line, size, "disabled, but %s is still on loan",
			 size_kb(partition->loaned_kb).text);
		return false;
	}
	if (partition->disabled) {
		snprintf(line, size, "disabled: nothing is loaned, whatever the request is");
		return true;
	}
	return health_of_state(partition, line, size);
}

bool partition_health(const struct cmm_partition *partition, char *line, size_t size)
{
	if (!partition->state[0] && partition->oom_kb > partition->loaned_kb) {
		snprintf(line, size,
			 "this driver crashes the machine if memory runs out "
			 "while less than oom_kb is on loan");
		return false;
	}
	return partition_loan_health(partition, line, size);
}

bool partition_state_is_known(const struct cmm_partition *partition)
{
	return find_state(partition->state);
}

const char *partition_policy_reason(const char *state)
{
	if (strcmp(state, "no-loans") && strcmp(state, "pressure"))
		return NULL;
	return find_state(state)->line;
}
