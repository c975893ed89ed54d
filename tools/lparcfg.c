// SPDX-License-Identifier: GPL-2.0-or-later
/* What the hypervisor says of the partition. */

#include <stdio.h>
#include <string.h>

#include "lparcfg.h"
#include "proc.h"
#include "root.h"

#define DIR	  "/proc/powerpc"
#define FILE_NAME "lparcfg"

const struct lparcfg_field lparcfg_fields[LPARCFG_FIELDS] = {
	{ "system_type", "", "model of the machine", LPARCFG_PARTITION },
	{ "serial_number", "", "of the machine", LPARCFG_PARTITION },
	{ "partition_id", "", "of this partition", LPARCFG_PARTITION },

	{ "DesMem", "MiB", "desired memory, in the partition's profile", LPARCFG_MEMORY },

	{ "cmo_enabled", "", "1: the partition shares memory", LPARCFG_ENTITLEMENT },
	{ "entitled_memory", "B", "guaranteed for I/O", LPARCFG_ENTITLEMENT },
	{ "mapped_entitled_memory", "B", "of that, in use by I/O", LPARCFG_ENTITLEMENT },
	{ "entitled_memory_group_number", "", "of the partition", LPARCFG_ENTITLEMENT },
	{ "entitled_memory_pool_number", "", "of the shared memory pool", LPARCFG_ENTITLEMENT },
	{ "entitled_memory_pool_size", "B", "of the shared memory pool", LPARCFG_ENTITLEMENT },
	{ "entitled_memory_weight", "", "against the pool's other partitions, 0 to 255",
	  LPARCFG_ENTITLEMENT },
	{ "unallocated_entitled_memory_weight", "", "left in the group", LPARCFG_ENTITLEMENT },
	{ "unallocated_io_mapping_entitlement", "B", "left in the group", LPARCFG_ENTITLEMENT },
	{ "entitled_memory_loan_request", "B", "what the hypervisor asks for besides",
	  LPARCFG_ENTITLEMENT },
	{ "backing_memory", "B", "that stands behind the partition's now", LPARCFG_ENTITLEMENT },
	{ "cmo_faults", "", "page faults that the hypervisor served", LPARCFG_ENTITLEMENT },
	{ "cmo_fault_time_usec", "us", "waited for those", LPARCFG_ENTITLEMENT },
	{ "cmo_primary_psp", "", "paging partition", LPARCFG_ENTITLEMENT },
	{ "cmo_secondary_psp", "", "its stand-in; -1: none", LPARCFG_ENTITLEMENT },
	{ "coalesced_bytes", "B", "saved by deduplication, in this partition",
	  LPARCFG_ENTITLEMENT },
	{ "pool_coalesced_bytes", "B", "the same, in the pool", LPARCFG_ENTITLEMENT },
};

static void take(void *data, char *line)
{
	const char *value = pair_parse(line);
	struct lparcfg *lparcfg = data;
	int i;

	for (i = 0; value && i < LPARCFG_FIELDS; i++)
		if (!strcmp(lparcfg_fields[i].name, line))
			snprintf(lparcfg->values[i], CMM_VALUE_MAX, "%.*s", unitless_length(value),
				 value);
}

int lparcfg_read(struct lparcfg *lparcfg)
{
	memset(lparcfg, 0, sizeof(*lparcfg));
	lparcfg->there = root_exists(DIR, FILE_NAME);
	return proc_lines(DIR, FILE_NAME, take, lparcfg);
}

const char *lparcfg_value(const struct lparcfg *lparcfg, const char *name)
{
	int i;

	for (i = 0; i < LPARCFG_FIELDS; i++)
		if (!strcmp(lparcfg_fields[i].name, name))
			return lparcfg->values[i];
	return "";
}
