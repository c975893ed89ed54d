// SPDX-License-Identifier: GPL-2.0-or-later
/* The checks of cmm-admin doctor: the effects of loans on the rest of the system */

#include <string.h>

#include "doctor.h"
#include "size.h"

/* Committed_AS counts as near CommitLimit if it is at least this percentage of CommitLimit. */
#define NEAR_PERCENT 90

#define MIB (1024UL * 1024)

/*
 * If nothing is loaned: sets a diagnosis that says so, and returns true. If the driver's figures
 * cannot be read, returns false, because there may be a loan.
 */
static bool is_without_loans(const struct doctor_facts *facts, struct diagnosis *diagnosis)
{
	const struct cmm_partition *partition = &facts->partition;

	if (facts->driver.there && (!facts->partition_good ||
				    (!partition->disabled && strcmp(partition->state, "no-loans"))))
		return false;
	diagnosis_set(diagnosis, FINDING_PASS, "nothing is loaned");
	return true;
}

void check_overcommit(const struct doctor_facts *facts, struct diagnosis *diagnosis)
{
	const struct system_memory *memory = &facts->memory;
	bool is_near = memory->committed_kb / NEAR_PERCENT >= memory->limit_kb / 100;

	if (is_without_loans(facts, diagnosis))
		return;
	if (memory->strict == ANSWER_UNKNOWN) {
		diagnosis_set(
			diagnosis, FINDING_UNKNOWN,
			"vm.overcommit_memory, or CommitLimit of /proc/meminfo, cannot be read");
		return;
	}
	if (memory->strict == ANSWER_NO) {
		diagnosis_set(diagnosis, FINDING_PASS,
			      "vm.overcommit_memory is not 2: CommitLimit is not enforced");
		return;
	}
	if (!memory->loans_lower_limit) {
		diagnosis_set(diagnosis, FINDING_PASS,
			      "vm.overcommit_memory is 2, and vm.overcommit_kbytes sets a limit "
			      "that loans do not lower");
		return;
	}
	diagnosis_set(diagnosis, FINDING_WARN,
		      "vm.overcommit_memory is 2: a loan lowers CommitLimit, now %s. "
		      "Committed_AS is %s%s. Allocations beyond the limit fail with ENOMEM, and "
		      "the driver returns no memory for them",
		      size_kb(memory->limit_kb).text, is_near ? "near it, " : "",
		      size_kb(memory->committed_kb).text);
	diagnosis_remedy(diagnosis, "raise min_mem_mb, so that less is loaned, or set "
				    "vm.overcommit_kbytes instead of vm.overcommit_ratio");
}

void check_oom_daemon(const struct doctor_facts *facts, struct diagnosis *diagnosis)
{
	const char *name = facts->memory.oom_daemon_name;
	unsigned long floor_mb;

	if (is_without_loans(facts, diagnosis))
		return;
	if (facts->memory.oom_daemon == ANSWER_UNKNOWN) {
		diagnosis_set(diagnosis, FINDING_UNKNOWN, "the system's processes cannot be seen");
		return;
	}
	if (facts->memory.oom_daemon == ANSWER_NO) {
		diagnosis_set(diagnosis, FINDING_PASS,
			      "no program runs that kills other programs before memory runs out");
		return;
	}
	if (number_parse(facts->partition.values[SETTING_min_avail_mb], &floor_mb) && floor_mb) {
		diagnosis_set(diagnosis, FINDING_PASS,
			      "%s runs, and min_avail_mb leaves %s available", name,
			      size_exact(floor_mb, MIB).text);
		return;
	}
	diagnosis_set(
		diagnosis, FINDING_WARN,
		"%s runs: it kills programs before the kernel runs out of memory. The driver does not "
		"notice that, and returns memory only when the kernel runs out of memory",
		name);
	diagnosis_remedy(diagnosis,
			 "set min_avail_mb to more than the available memory at which %s acts, so "
			 "that memory is returned first",
			 name);
}

void check_fadump(const struct doctor_facts *facts, struct diagnosis *diagnosis)
{
	if (is_without_loans(facts, diagnosis))
		return;
	switch (facts->memory.fadump_in_cma) {
	case ANSWER_NO:
		diagnosis_set(diagnosis, FINDING_PASS,
			      "loans take no pages from the area of a firmware-assisted dump");
		return;
	case ANSWER_UNKNOWN:
		diagnosis_set(
			diagnosis, FINDING_UNKNOWN,
			"it is unknown whether loans can take pages from the area that fadump "
			"reserves: a file cannot be read");
		return;
	case ANSWER_YES:
		break;
	}
	diagnosis_set(
		diagnosis, FINDING_WARN,
		"the area that fadump reserves is in CMA, from which loans can take pages. It "
		"is not known whether a dump is complete then");
	diagnosis_remedy(diagnosis, "boot with fadump=nocma, which keeps that area for the dump");
}
