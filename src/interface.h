/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The interface to user space: a row for each parameter, attribute and statistic.
 *
 * The driver and cmm-admin are compiled from these tables. The schema of JSON documents and the
 * statistics in the manual page are made from them. The tests read the tables too. tests/lint
 * compares the manual page, the sample configuration and the documents with the tables. The file
 * has no includes, so that both the kernel and a program can use it.
 *
 * Columns that several tables have:
 *
 *	mode	RO or RW
 *	unit	"" for a word or a plain number
 *	driver	the drivers that have the row. IN_TREE: this driver and the in-tree driver; OURS:
 *		only this driver; SIMULATED: both, but only with simulate=1
 *	meaning	a description for modinfo and cmm-admin, which show the unit beside it
 */
#ifndef CMM_INTERFACE_H
#define CMM_INTERFACE_H

#define CMM_MAX_UINT	(~0U)
#define CMM_MAX_ULONG	(~0UL)

/*
 * Module parameters: P(name, type, ops, mode, unit, initial, max, driver, meaning)
 *
 *	ops	the struct kernel_param_ops, from main.c or the kernel
 *	max	the largest value
 */
#define CMM_PARAMETER_TABLE(P)								\
	P(delay, uint, cmm_uint_ops, RW, "s", 1, CMM_MAX_UINT, IN_TREE,			\
	  "time between polls of the hypervisor's loan request")			\
	P(hotplug_delay, uint, cmm_uint_ops, RW, "s", 5, CMM_MAX_UINT, IN_TREE,		\
	  "time without loans after memory was removed")				\
	P(oom_kb, uint, cmm_uint_ops, RW, "KiB", 1024, CMM_MAX_UINT, IN_TREE,		\
	  "memory returned at each out-of-memory event")				\
	P(min_mem_mb, ulong, cmm_ulong_ops, RW, "MiB", 256, CMM_MAX_ULONG, IN_TREE,	\
	  "assigned memory that is never loaned")					\
	P(min_avail_mb, ulong, cmm_ulong_ops, RW, "MiB", 0, CMM_MAX_ULONG, OURS,	\
	  "memory kept available, by returning pages if needed")			\
	P(loan_policy, uint, cmm_uint_ops, RW, "", 1, 2, OURS,			\
	  "0: no loans; 1: loan memory that no program uses; 2: loan as requested")	\
	P(debug, uint, cmm_uint_ops, RW, "", 0, CMM_MAX_UINT, IN_TREE,			\
	  "1: log what the driver does")						\
	P(simulate, bool, param_ops_bool, RO, "", 0, 0, IN_TREE,			\
	  "Y: simulate the hypervisor; its request is set in sysfs")			\
	P(disable, uint, cmm_disable_ops, RW, "", 0, 1, IN_TREE,			\
	  "1: return all pages and loan none")

/* Attributes of cmm0: A(name, mode, unit, max, driver, meaning); max: the largest value to write */
#define CMM_ATTRIBUTE_TABLE(A)								\
	A(loaned_kb, RO, "KiB", 0, IN_TREE, "memory on loan to the hypervisor")		\
	A(loaned_target_kb, RO, "KiB", 0, IN_TREE, "loan that the driver works towards") \
	A(oom_freed_kb, RW, "KiB", 0, IN_TREE,						\
	  "memory returned by out-of-memory events; lowers the target (0 resets it)")	\
	A(state, RO, "", 0, OURS, "what the driver does, or why it does not loan")	\
	A(simulate_loan_target_kb, RW, "KiB", CMM_MAX_ULONG, SIMULATED,			\
	  "loan that the simulated hypervisor requests")

/* Counters since the module was loaded, in stats/ of cmm0: S(name, unit, driver, meaning) */
#define CMM_STATISTIC_TABLE(S)								\
	S(inflated_pages, "pages", OURS, "pages loaned")				\
	S(deflated_pages, "pages", OURS, "pages returned")				\
	S(migrated_pages, "pages", OURS,						\
	  "pages on loan exchanged by compaction or memory offlining")			\
	S(alloc_failures, "", OURS, "loan batches that found too few free pages")	\
	S(hv_errors, "", OURS, "hypervisor calls that failed")				\
	S(oom_events, "", OURS, "out-of-memory events")					\
	S(pressure_events, "", OURS,							\
	  "times that loans stopped because programs lacked memory")

#endif
