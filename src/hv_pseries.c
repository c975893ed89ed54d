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

/* Each part of the page that the hypervisor counts, until one is refused: the bytes before it. */
static unsigned long cmm_page_init(enum cmm_hv_call call, phys_addr_t start, unsigned long bytes)
{
	unsigned long flags = call == CMM_HV_SET_LOANED ? H_PAGE_SET_LOANED : H_PAGE_SET_ACTIVE;
	unsigned long part = CMO_PageSize;
	phys_addr_t at;
	long rc;

	for (at = start; at < start + bytes; at += part) {
		rc = plpar_hcall_norets(H_PAGE_INIT, flags, at, 0);
		if (rc != H_SUCCESS) {
			cmm_hv_error(call, at, rc);
			break;
		}
	}
	return at - start;
}

static enum cmm_hv_result cmm_pseries_set_loaned(struct page *page)
{
	phys_addr_t start = page_to_phys(page);
	unsigned long done;

	cond_resched();
	done = cmm_page_init(CMM_HV_SET_LOANED, start, PAGE_SIZE);
	if (done == PAGE_SIZE)
		return CMM_HV_DONE;
	if (cmm_page_init(CMM_HV_SET_ACTIVE, start, done) == done)
		return CMM_HV_REFUSED;
	return CMM_HV_PARTLY;
}

/*
 * After a refusal nobody could use the part that is active already. It is loaned
 * again, as far as that isn't refused, so that what the hypervisor holds is what we count.
 */
static enum cmm_hv_result cmm_pseries_set_active(struct page *page)
{
	phys_addr_t start = page_to_phys(page);
	enum cmm_hv_result result = CMM_HV_REFUSED;
	unsigned long done, offset;

	cond_resched();
	done = cmm_page_init(CMM_HV_SET_ACTIVE, start, PAGE_SIZE);
	if (done == PAGE_SIZE)
		return CMM_HV_DONE;
	for (offset = 0; offset < done; offset += CMO_PageSize)
		if (!cmm_page_init(CMM_HV_SET_LOANED, start + offset, CMO_PageSize))
			result = CMM_HV_PARTLY;
	return result;
}

const struct cmm_hypervisor cmm_hv_pseries = {
	.name = "PowerVM",
	.init = cmm_pseries_init,
	.wanted = cmm_pseries_wanted,
	.set_loaned = cmm_pseries_set_loaned,
	.set_active = cmm_pseries_set_active,
};
