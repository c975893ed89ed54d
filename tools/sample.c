// SPDX-License-Identifier: GPL-2.0-or-later
/* The loan at one moment. */

#include <string.h>

#include "cmm-admin.h"
#include "sample.h"

int sample_read(struct sample *sample)
{
	struct meminfo_line available = { .name = "MemAvailable" };
	int status;

	memset(sample, 0, sizeof(*sample));
	sample->at = time(NULL);
	status = source_number(CMM_DEVICE, "loaned_kb", &sample->loaned_kb);
	if (status)
		return status;
	status = source_number(CMM_DEVICE, "loaned_target_kb", &sample->target_kb);
	if (status)
		return status;
	status = source_number(CMM_DEVICE, "oom_freed_kb", &sample->oom_freed_kb);
	if (status)
		return status;
	if (source_exists(CMM_DEVICE, "state")) {
		status = source_text(CMM_DEVICE, "state", sample->state);
		if (status)
			return status;
	}
	status = source_meminfo(&available, 1, 1);
	sample->available_kb = available.kb;
	return status;
}
