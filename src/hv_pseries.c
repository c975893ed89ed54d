// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The real hypervisor: H_GET_MPP and H_PAGE_INIT of PAPR.
 *
 * The hypervisor counts in CMO pages, which can be smaller than the kernel's
 * (4 KiB in 64 KiB: 16 calls a page) but not larger.
 */

#include <linux/io.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/ratelimit.h>
#include <linux/sched.h>
#include <asm/firmware.h>
#include <asm/hvcall.h>
#include <asm/plpar_wrappers.h>

#include "cmm.h"
#include "hypervisor.h"
#include "target.h"
#include "trace.h"

/* Said once a minute, as one cause can refuse a million pages. */
static struct ratelimit_state cmm_hv_complaints;

static void cmm_hv_error(enum cmm_hv_call call, phys_addr_t address, long rc)
{
	static const char * const names[] = {
		[CMM_HV_GET_MPP] = "H_GET_MPP",
		[CMM_HV_SET_LOANED] = "H_PAGE_SET_LOANED",
		[CMM_HV_SET_ACTIVE] = "H_PAGE_SET_ACTIVE",
	};

	spin_lock(&cmm.lock);
	cmm.stats.hv_errors++;
	spin_unlock(&cmm.lock);

	trace_cmm_hv_error(call, address, rc);
	if (__ratelimit(&cmm_hv_complaints))
		pr_warn("the hypervisor refused %s for address 0x%llx: return code %ld (more in stats/hv_errors)\n",
			names[call], (u64)address, rc);
}

static int cmm_pseries_init(void)
{
	if (!firmware_has_feature(FW_FEATURE_CMO))
		return -EOPNOTSUPP;

	if (!is_power_of_2(CMO_PageSize) || CMO_PageSize > PAGE_SIZE) {
		pr_err("CMO page size of %lu bytes does not fit the kernel's page of %lu bytes\n",
		       CMO_PageSize, PAGE_SIZE);
		return -EOPNOTSUPP;
	}

	ratelimit_state_init(&cmm_hv_complaints, 60 * HZ, 1);
	ratelimit_set_flags(&cmm_hv_complaints, RATELIMIT_MSG_ON_RELEASE);
	return 0;
}

static int cmm_pseries_wanted(unsigned long loaned, long *wanted)
{
	struct hvcall_mpp_data mpp = {};
	long rc;

	rc = h_get_mpp(&mpp);
	if (rc != H_SUCCESS) {
		cmm_hv_error(CMM_HV_GET_MPP, 0, rc);
		return -EIO;
	}
	*wanted = cmm_wanted_pages(mpp.loan_request, loaned, PAGE_SHIFT);
	return 0;
}

static long cmm_page_init(unsigned long flags, phys_addr_t address)
{
	return plpar_hcall_norets(H_PAGE_INIT, flags, address, 0);
}

/*
 * Goes on after a refusal: the more of the page that is active, the less is
 * left to ask for at the next attempt, and activating an active page is legal.
 */
static int cmm_activate(phys_addr_t start, unsigned long bytes)
{
	unsigned long offset;
	int ret = 0;
	long rc;

	for (offset = 0; offset < bytes; offset += CMO_PageSize) {
		rc = cmm_page_init(H_PAGE_SET_ACTIVE, start + offset);
		if (rc == H_SUCCESS)
			continue;
		if (!ret)
			cmm_hv_error(CMM_HV_SET_ACTIVE, start + offset, rc);
		ret = -EIO;
	}
	return ret;
}

static enum cmm_loan_result cmm_pseries_set_loaned(struct page *page)
{
	phys_addr_t start = page_to_phys(page);
	unsigned long offset;
	long rc;

	cond_resched();
	for (offset = 0; offset < PAGE_SIZE; offset += CMO_PageSize) {
		rc = cmm_page_init(H_PAGE_SET_LOANED, start + offset);
		if (rc != H_SUCCESS)
			goto undo;
	}
	return CMM_LOAN_OK;

undo:
	cmm_hv_error(CMM_HV_SET_LOANED, start + offset, rc);
	return cmm_activate(start, offset) ? CMM_LOAN_PARTLY : CMM_LOAN_REFUSED;
}

static int cmm_pseries_set_active(struct page *page)
{
	cond_resched();
	return cmm_activate(page_to_phys(page), PAGE_SIZE);
}

/*
 * Goes back to the balloon at a refusal, and counts as on loan there: so what was
 * active already is loaned again. If that is refused as well, the hypervisor has
 * less of the page than we count, until it comes back.
 */
static int cmm_pseries_give_up(struct page *page)
{
	phys_addr_t start = page_to_phys(page);
	unsigned long offset;
	long rc;

	for (offset = 0; offset < PAGE_SIZE; offset += CMO_PageSize) {
		rc = cmm_page_init(H_PAGE_SET_ACTIVE, start + offset);
		if (rc != H_SUCCESS)
			goto undo;
	}
	return 0;

undo:
	cmm_hv_error(CMM_HV_SET_ACTIVE, start + offset, rc);
	while (offset) {
		offset -= CMO_PageSize;
		rc = cmm_page_init(H_PAGE_SET_LOANED, start + offset);
		if (rc != H_SUCCESS)
			cmm_hv_error(CMM_HV_SET_LOANED, start + offset, rc);
	}
	return -EIO;
}

const struct cmm_hypervisor cmm_hv_pseries = {
	.name = "PowerVM",
	.init = cmm_pseries_init,
	.wanted = cmm_pseries_wanted,
	.set_loaned = cmm_pseries_set_loaned,
	.set_active = cmm_pseries_set_active,
	.give_up = cmm_pseries_give_up,
};
