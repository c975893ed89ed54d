/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The driver's interface to the hypervisor. The hypervisor is real on a partition with Cooperative
 * Memory Over-commitment (CMO), and simulated with simulate=1.
 */
#ifndef CMM_HYPERVISOR_H
#define CMM_HYPERVISOR_H

#include <linux/types.h>

struct page;

/**
 * enum cmm_hv_result - the outcome of a loan
 * @CMM_HV_LOANED: the hypervisor holds the page
 * @CMM_HV_REFUSED: refused; the guest still owns the page
 * @CMM_HV_PARTLY: the hypervisor holds a part of the page. The hypervisor refused a call in the
 *	middle of the loan, and then also a call to activate the loaned part. The page must be
 *	activated before the guest uses it
 */
enum cmm_hv_result {
	CMM_HV_LOANED,
	CMM_HV_REFUSED,
	CMM_HV_PARTLY,
};

/**
 * struct cmm_hypervisor - operations, which neither allocate memory nor wait for an event
 * @wanted: sets how many pages the hypervisor wants on loan; @loaned pages are on loan now. The
 *	number is negative if the hypervisor wants more pages back than are on loan. Returns 0,
 *	or -EIO if the hypervisor does not answer
 * @set_loaned: loans a page, whose contents are lost. Reschedules if needed
 * @set_active: activates a page. Returns 0, or -EIO if the hypervisor refused. A refused page still
 *	counts as loaned, even if a part of it is active. The caller may try again. Reschedules
 *	if needed
 *
 * set_loaned and set_active add the number of failed hypervisor calls to @errors.
 */
struct cmm_hypervisor {
	int (*wanted)(unsigned long loaned, long *wanted);
	enum cmm_hv_result (*set_loaned)(struct page *page, unsigned long *errors);
	int (*set_active)(struct page *page, unsigned long *errors);
};

int cmm_pseries_init(void);

extern const struct cmm_hypervisor cmm_hv_simulate;

/*
 * The hypervisor in use: the real one, unless init has chosen the simulated one. Init chooses
 * before anything else of the driver runs, so readers need no lock.
 */
extern const struct cmm_hypervisor *cmm_hv;

/* The simulated request, in KiB: simulate_loan_target_kb in sysfs */
extern unsigned long cmm_simulate_target_kb;

/*
 * The size in bytes of a CMO page, the unit in which the hypervisor counts. The kernel exports this
 * variable, but declares it in a private header of platforms/pseries.
 */
extern unsigned long CMO_PageSize;

#endif
