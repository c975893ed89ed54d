/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hypervisor, as the rest of the driver sees it: real on a partition
 * with Cooperative Memory Over-commitment, simulated with simulate=1.
 */
#ifndef CMM_HYPERVISOR_H
#define CMM_HYPERVISOR_H

#include <linux/types.h>

struct page;

/**
 * enum cmm_hv_result - the outcome of a loan
 * @CMM_HV_LOANED: the hypervisor holds the page
 * @CMM_HV_REFUSED: the guest holds the page, as before
 * @CMM_HV_PARTLY: a refusal in the middle, and another one while that was undone, left the
 *	hypervisor a part of the page; it must be activated before it is used
 */
enum cmm_hv_result {
	CMM_HV_LOANED,
	CMM_HV_REFUSED,
	CMM_HV_PARTLY,
};

/**
 * struct cmm_hypervisor - operations; none allocates memory or waits
 * @wanted: pages that should be on loan in all, given that @loaned are;
 *	negative if more than @loaned is requested back. 0, or -EIO without an answer
 * @set_loaned: loans a page, whose contents are lost. Reschedules if needed
 * @set_active: activates a page; 0, or -EIO if it was refused. A page that was refused
 *	counts as loaned, although a second refusal can leave a part of it active; the
 *	call may be repeated. Reschedules if needed
 *
 * The latter two add the number of calls that failed to @errors.
 */
struct cmm_hypervisor {
	int (*wanted)(unsigned long loaned, long *wanted);
	enum cmm_hv_result (*set_loaned)(struct page *page, unsigned long *errors);
	int (*set_active)(struct page *page, unsigned long *errors);
};

int cmm_pseries_init(void);

extern const struct cmm_hypervisor cmm_hv_pseries;
extern const struct cmm_hypervisor cmm_hv_simulate;

/* The one in use; init sets it before anything else runs. */
extern const struct cmm_hypervisor *cmm_hv;

/* The simulated request, in KiB: simulate_loan_target_kb in sysfs */
extern unsigned long cmm_simulate_target_kb;

/*
 * The size in bytes of a page in the hypervisor's bookkeeping. The kernel
 * exports it, but declares it in a header of platforms/pseries.
 */
extern unsigned long CMO_PageSize;

#endif
