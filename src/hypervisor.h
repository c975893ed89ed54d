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
 * enum cmm_hv_result - what became of a page that was to change hands
 * @CMM_HV_DONE: it did
 * @CMM_HV_REFUSED: it didn't, and is in one hand if it was before
 * @CMM_HV_PARTLY: the hypervisor may hold a part of it only, as undoing was refused
 *	too; not to be used, and to be made active as soon as that can be done
 */
enum cmm_hv_result {
	CMM_HV_DONE,
	CMM_HV_REFUSED,
	CMM_HV_PARTLY,
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
 * @set_active: takes a page back; the call may be tried again
 */
struct cmm_hypervisor {
	const char *name;
	int (*init)(void);
	int (*wanted)(unsigned long loaned, long *wanted);
	enum cmm_hv_result (*set_loaned)(struct page *page);
	enum cmm_hv_result (*set_active)(struct page *page);
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
