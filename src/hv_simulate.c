// SPDX-License-Identifier: GPL-2.0-or-later
/* The simulated hypervisor of simulate=1: takes its request from sysfs, and never refuses. */

#include <linux/mm.h>

#include "hypervisor.h"
#include "target.h"

unsigned long cmm_simulate_target_kb;

static int cmm_simulate_wanted(unsigned long loaned, long *wanted)
{
	*wanted = cmm_kb_to_pages(READ_ONCE(cmm_simulate_target_kb), PAGE_SHIFT);
	return 0;
}

static enum cmm_hv_result cmm_simulate_set_loaned(struct page *page, unsigned long *errors)
{
	return CMM_HV_LOANED;
}

static int cmm_simulate_set_active(struct page *page, unsigned long *errors)
{
	return 0;
}

const struct cmm_hypervisor cmm_hv_simulate = {
	.wanted = cmm_simulate_wanted,
	.set_loaned = cmm_simulate_set_loaned,
	.set_active = cmm_simulate_set_active,
};
