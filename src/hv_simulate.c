// SPDX-License-Identifier: GPL-2.0-or-later
/* The pretended hypervisor of simulate=1: asks for what sysfs says, never refuses. */

#include <linux/mm.h>

#include "hypervisor.h"
#include "target.h"

unsigned long cmm_simulate_target_kb;

static int cmm_simulate_init(void)
{
	return 0;
}

static int cmm_simulate_wanted(unsigned long loaned, long *wanted)
{
	*wanted = cmm_kb_to_pages(READ_ONCE(cmm_simulate_target_kb), PAGE_SHIFT);
	return 0;
}

static enum cmm_hv_result cmm_simulate_set(struct page *page)
{
	return CMM_HV_DONE;
}

const struct cmm_hypervisor cmm_hv_simulate = {
	.name = "simulated",
	.init = cmm_simulate_init,
	.wanted = cmm_simulate_wanted,
	.set_loaned = cmm_simulate_set,
	.set_active = cmm_simulate_set,
};
