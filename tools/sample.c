// SPDX-License-Identifier: GPL-2.0-or-later
/* A sample of cmm-admin monitor: the loan at one moment */

#include <string.h>

#include "attribute.h"
#include "complain.h"
#include "proc.h"
#include "sample.h"

int sample_read(struct sample *sample)
{
	struct meminfo_line available = { .name = "MemAvailable", .needed = true };
	int status;

	memset(sample, 0, sizeof(*sample));
	sample->at = time(NULL);
	status = attribute_read_number(CMM_DEVICE, "loaned_kb", &sample->loaned_kb);
	if (status)
		return status;
	status = attribute_read_number(CMM_DEVICE, "loaned_target_kb", &sample->target_kb);
	if (status)
		return status;
	status = attribute_read_number(CMM_DEVICE, "oom_freed_kb", &sample->oom_freed_kb);
	if (status)
		return status;
	if (root_exists(CMM_DEVICE, "state")) {
		status = attribute_read(CMM_DEVICE, "state", sample->state);
		if (status)
			return status;
	}
	status = proc_meminfo(&available, 1);
	sample->available_kb = available.kb;
	return status;
}
