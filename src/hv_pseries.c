// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The real hypervisor: H_GET_MPP and H_PAGE_INIT of PAPR.
 *
 * The hypervisor counts in CMO pages. A CMO page can be smaller than a page of the kernel, but not
 * larger. With CMO pages of 4 KiB, a 64 KiB page takes 16 calls.
 */

#define pr_fmt(fmt) "cmm: " fmt

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

/* One log line a minute, because a single cause can make a million calls fail */
static struct ratelimit_state cmm_hv_error_ratelimit;

static void cmm_hv_error(const char *call, phys_addr_t address, long rc)
{
	trace_cmm_hv_error(call, address, rc);
	if (__ratelimit(&cmm_hv_error_ratelimit))
		pr_warn("the hypervisor refused %s for address 0x%llx: return code %ld (more in stats/hv_errors)\n",
			call, (u64)address, rc);
}

/**
 * cmm_pseries_init - check that this is a partition with CMO
 *
 * Return: 0, or -EOPNOTSUPP without CMO or if a CMO page is larger than a page of the kernel.
 */
int cmm_pseries_init(void)
{
	if (!firmware_has_feature(FW_FEATURE_CMO))
		return -EOPNOTSUPP;

	if (!is_power_of_2(CMO_PageSize) || CMO_PageSize > PAGE_SIZE) {
		pr_err("CMO page size of %lu bytes does not fit the kernel's page of %lu bytes\n",
		       CMO_PageSize, PAGE_SIZE);
		return -EOPNOTSUPP;
	}

	ratelimit_state_init(&cmm_hv_error_ratelimit, 60 * HZ, 1);
	ratelimit_set_flags(&cmm_hv_error_ratelimit, RATELIMIT_MSG_ON_RELEASE);
	return 0;
}

static int cmm_pseries_wanted(unsigned long loaned, long *wanted)
{
	struct hvcall_mpp_data mpp = {};
	long rc;

	rc = h_get_mpp(&mpp);
	if (rc != H_SUCCESS) {
		cmm_hv_error("H_GET_MPP", 0, rc);
		return -EIO;
	}
	*wanted = cmm_wanted_pages(mpp.loan_request, loaned, PAGE_SHIFT);
	return 0;
}

/*
 * Calls H_PAGE_INIT for each CMO page of the @bytes from @start on, until a call fails.
 *
 * Return: the number of bytes for which the calls succeeded.
 */
static unsigned long cmm_set_state(bool loan, phys_addr_t start, unsigned long bytes,
				   unsigned long *errors)
{
	unsigned long flags = loan ? H_PAGE_SET_LOANED : H_PAGE_SET_ACTIVE;
	unsigned long part = CMO_PageSize;
	phys_addr_t at;
	long rc;

	for (at = start; at < start + bytes; at += part) {
		rc = plpar_hcall_norets(H_PAGE_INIT, flags, at, 0);
		if (rc != H_SUCCESS) {
			cmm_hv_error(loan ? "H_PAGE_SET_LOANED" : "H_PAGE_SET_ACTIVE", at, rc);
			++*errors;
			break;
		}
	}
	return at - start;
}

static enum cmm_hv_result cmm_pseries_set_loaned(struct page *page, unsigned long *errors)
{
	phys_addr_t start = page_to_phys(page);
	unsigned long done;

	cond_resched();
	done = cmm_set_state(true, start, PAGE_SIZE, errors);
	if (done == PAGE_SIZE)
		return CMM_HV_LOANED;
	if (cmm_set_state(false, start, done, errors) == done)
		return CMM_HV_REFUSED;
	return CMM_HV_PARTLY;
}

/*
 * A kernel page can have several CMO pages. If the hypervisor refuses to activate one of them, the
 * kernel can't use the page. Those that are active by then are loaned again, if the hypervisor
 * takes them. So driver and hypervisor count the same loan.
 */
static int cmm_pseries_set_active(struct page *page, unsigned long *errors)
{
	phys_addr_t start = page_to_phys(page);
	unsigned long done, offset;

	cond_resched();
	done = cmm_set_state(false, start, PAGE_SIZE, errors);
	if (done == PAGE_SIZE)
		return 0;
	for (offset = 0; offset < done; offset += CMO_PageSize)
		cmm_set_state(true, start + offset, CMO_PageSize, errors);
	return -EIO;
}

static const struct cmm_hypervisor cmm_hv_pseries = {
	.wanted = cmm_pseries_wanted,
	.set_loaned = cmm_pseries_set_loaned,
	.set_active = cmm_pseries_set_active,
};

const struct cmm_hypervisor *cmm_hv = &cmm_hv_pseries;
