/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hypervisor, as the rest of the driver sees it: real on a partition
 * with Cooperative Memory Over-commitment, pretended with simulate=1.
 */
#ifndef CMM_HYPERVISOR_H
#define CMM_HYPERVISOR_H

#include <linux/types.h>

struct page;

/**
 * enum cmm_loan_result - what a page is after an attempt to loan it
 * @CMM_LOAN_OK: on loan
 * @CMM_LOAN_REFUSED: the guest's, as before
 * @CMM_LOAN_PARTLY: the hypervisor may hold a part of it; not to be used
 */
enum cmm_loan_result {
	CMM_LOAN_OK,
	CMM_LOAN_REFUSED,
	CMM_LOAN_PARTLY,
};

/**
 * struct cmm_hypervisor - operations; none allocates or waits for anything
 * @name: for messages
 * @init: says with an errno whether this hypervisor can be worked with
 * @wanted: pages that should be on loan in all, given that @loaned are;
 *	negative if it wants more than that back. 0, or -EIO when there was no
 *	answer
 * @set_loaned: gives the contents and the backing of a page up. It and @set_active
 *	let others run first where calls take their time
 * @set_active: takes a page back. 0, or -EIO: then the hypervisor has it as a
 *	whole, unless it refuses that as well; the call may be tried again
 */
struct cmm_hypervisor {
	const char *name;
	int (*init)(void);
	int (*wanted)(unsigned long loaned, long *wanted);
	enum cmm_loan_result (*set_loaned)(struct page *page);
	int (*set_active)(struct page *page);
};

/* The calls, for the trace event of a failed one. */
enum cmm_hv_call {
	CMM_HV_GET_MPP,
	CMM_HV_SET_LOANED,
	CMM_HV_SET_ACTIVE,
};

extern const struct cmm_hypervisor cmm_hv_pseries;
extern const struct cmm_hypervisor cmm_hv_simulate;

/* The pretended request, in KiB: simulate_loan_target_kb in sysfs. */
extern unsigned long cmm_simulate_target_kb;

/*
 * The size in bytes of a page in the hypervisor's bookkeeping. The kernel
 * exports it, but declares it in a header of platforms/pseries.
 */
extern unsigned long CMO_PageSize;

#endif
