/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All differences between kernels. No file except this one and compat.c has an #if that depends on
 * the kernel. Kbuild reads the kernel's headers and defines the macros CMM_HAS_....
 */
#ifndef CMM_COMPAT_H
#define CMM_COMPAT_H

#if !defined(CONFIG_PPC64) || !defined(CONFIG_CPU_LITTLE_ENDIAN)
#error cmm: for little-endian 64-bit Power only: no distribution has another kernel to test with
#elif !defined(CMM_HAS_LIST_CALLS)
#error cmm: not recognized: a balloon without balloon_page_list_enqueue()
#elif defined(CMM_HAS_PAGES_LOCK) && defined(CMM_HAS_ADJUST_FLAG)
#error cmm: not recognized: a balloon_dev_info with both pages_lock and adjust_managed_page_count
#elif !defined(CMM_HAS_PAGES_LOCK) && !defined(CMM_HAS_ADJUST_FLAG)
#error cmm: not recognized: a balloon_dev_info with neither pages_lock nor adjust_managed_page_count
#elif defined(CMM_HAS_INODE) && defined(CMM_HAS_ADJUST_FLAG)
#error cmm: not recognized: a balloon_dev_info with both inode and adjust_managed_page_count
#elif defined(CMM_HAS_ADJUST_FLAG) && !defined(CMM_HAS_PG_MOVABLE_OPS)
#error cmm: not recognized: adjust_managed_page_count without PG_movable_ops
#elif defined(CMM_HAS_PAGES_LOCK) && !defined(CMM_HAS_PAGE_DELETE) && \
	!defined(CMM_HAS_PAGE_FINALIZE)
#error cmm: not recognized: neither balloon_page_delete() nor balloon_page_finalize()
#endif

#include <linux/cpuset.h>
#include <linux/crash_dump.h>
#include <linux/gfp.h>
#include <linux/mempolicy.h>
#include <linux/mm.h>
#include <linux/nodemask.h>
#include <linux/pagemap.h>
#include <linux/sched/task.h>
#include <linux/string.h>
#include <linux/version.h>
#include <linux/vmstat.h>

#ifdef CMM_HAS_BALLOON_H
#include <linux/balloon.h>
#else
#include <linux/balloon_compaction.h>
#endif

#if defined(CONFIG_BALLOON_MIGRATION) || defined(CONFIG_BALLOON_COMPACTION)
#define CMM_PAGES_MOVE	1
#else
#define CMM_PAGES_MOVE	0
#endif

/* Before 5.14 the nodes of a memory policy are in a union. */
#ifdef CMM_HAS_POLICY_UNION
#define cmm_policy_nodes v.nodes
#else
#define cmm_policy_nodes nodes
#endif

/**
 * cmm_compat_allowed_nodes - get the nodes that the current task may allocate from
 * @nodes: set to the nodes of the task's cpuset, or to fewer if a memory policy binds the task
 */
static inline void cmm_compat_allowed_nodes(nodemask_t *nodes)
{
#ifdef CONFIG_NUMA
	struct mempolicy *policy;

	*nodes = cpuset_current_mems_allowed;
	task_lock(current);
	policy = current->mempolicy;
	if (policy && policy->mode == MPOL_BIND &&
	    nodes_intersects(*nodes, policy->cmm_policy_nodes))
		nodes_and(*nodes, *nodes, policy->cmm_policy_nodes);
	task_unlock(current);
#else
	*nodes = node_states[N_MEMORY];
#endif
}

/**
 * cmm_compat_is_crash_kernel - whether this kernel is a crash kernel
 *
 * Return: whether this kernel was started to save the memory of a crashed kernel, by kdump or by a
 * firmware-assisted dump (fadump).
 */
static inline bool cmm_compat_is_crash_kernel(void)
{
#ifdef CONFIG_CRASH_DUMP
	if (is_vmcore_usable())
		return true;
#endif
	return is_kdump_kernel();
}

/**
 * cmm_compat_is_kexec - whether a reboot is a kexec
 * @command: the last argument of the reboot notifier
 *
 * kernel_kexec() of 6.1 passes "kexec reboot". That of 5.10 passes NULL, as most other reboots do.
 *
 * Return: whether the reboot is a kexec. Before 6.1 also true for a reboot without a command,
 * because such a reboot may be a kexec.
 */
static inline bool cmm_compat_is_kexec(const char *command)
{
	if (!command)
		return LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0);
	return !strcmp(command, "kexec reboot");
}

typedef int (*cmm_migrate_fn)(struct balloon_dev_info *info, struct page *newpage,
			      struct page *page, enum migrate_mode mode);

/**
 * cmm_compat_gfp - the memory that pages for a loan may be allocated from
 *
 * Pages that cannot be migrated must not be taken from movable memory.
 *
 * Return: flags for the allocation.
 */
static inline gfp_t cmm_compat_gfp(void)
{
	return CMM_PAGES_MOVE ? GFP_HIGHUSER_MOVABLE : GFP_HIGHUSER;
}

/**
 * cmm_compat_lost_pages - a counter of pages that programs lost
 *
 * Lost pages are pages that were swapped out, and pages that were read again so soon after reclaim
 * that the kernel counts them as working set. A backup that reads a large file again doesn't
 * increase the counter. The function adds up the CPUs' counters itself, because all_vm_events()
 * would take a lock that CPU hotplug holds.
 *
 * Return: the counter.
 */
static inline unsigned long cmm_compat_lost_pages(void)
{
	unsigned long pages = 0;
#ifdef CONFIG_VM_EVENT_COUNTERS
	int cpu;

	for_each_possible_cpu(cpu)
		pages += per_cpu(vm_event_states, cpu).event[PSWPOUT];
#endif
#ifdef CMM_HAS_TWO_WORKING_SETS
	pages += global_node_page_state(WORKINGSET_ACTIVATE_ANON);
	return pages + global_node_page_state(WORKINGSET_ACTIVATE_FILE);
#else
	return pages + global_node_page_state(WORKINGSET_ACTIVATE);
#endif
}

/* compat.c */
int cmm_compat_init(void);
void cmm_compat_exit(void);
void cmm_compat_init_balloon(struct balloon_dev_info *info, cmm_migrate_fn migrate);

/*
 * The end of a migration. Before 7.0 the driver's callback inserts the new page and drops the old
 * one. From 7.0 on the core does this itself, depending on the callback's return value.
 */
#ifdef CMM_HAS_PAGES_LOCK

/**
 * cmm_compat_isolated - whether the balloon core has isolated pages of a balloon
 * @info: the balloon
 *
 * Return: whether there are isolated pages, which are under migration.
 */
static inline bool cmm_compat_isolated(struct balloon_dev_info *info)
{
	unsigned long flags;
	bool isolated;

	spin_lock_irqsave(&info->pages_lock, flags);
	isolated = info->isolated_pages;
	spin_unlock_irqrestore(&info->pages_lock, flags);
	return isolated;
}

/* Drops the balloon's reference to the page. The kernel's migration drops the last one later. */
static inline int cmm_compat_drop_old(struct page *page)
{
#ifdef CMM_HAS_PAGE_FINALIZE
	balloon_page_finalize(page);
#elif CMM_PAGES_MOVE
	balloon_page_delete(page);
#endif
	put_page(page);
	return 0;
}

/* Adjusts "Balloon:" in /proc/meminfo. The core adjusts it only at enqueue and dequeue. */
static inline void cmm_compat_adjust_meminfo(struct page *page, long pages)
{
#ifdef CMM_HAS_BALLOON_COUNT
	mod_node_page_state(page_pgdat(page), NR_BALLOON_PAGES, pages);
#endif
}

/**
 * cmm_compat_exchanged - end a migration in which a new page replaces a page of the balloon
 * @info: the balloon
 * @newpage: the new page
 * @page: the old page
 *
 * Return: the return value for the balloon core's callback.
 */
static inline int cmm_compat_exchanged(struct balloon_dev_info *info, struct page *newpage,
				       struct page *page)
{
	unsigned long flags;

	get_page(newpage);
	spin_lock_irqsave(&info->pages_lock, flags);
	balloon_page_insert(info, newpage);
	info->isolated_pages--;
#if CMM_PAGES_MOVE
	__count_vm_event(BALLOON_MIGRATE);
#endif
	spin_unlock_irqrestore(&info->pages_lock, flags);
	cmm_compat_adjust_meminfo(newpage, 1);
	cmm_compat_adjust_meminfo(page, -1);
	return cmm_compat_drop_old(page);
}

/**
 * cmm_compat_deflated - end a migration in which a page leaves the balloon without a replacement
 * @info: the balloon
 * @page: the page
 *
 * Return: the return value for the balloon core's callback.
 */
static inline int cmm_compat_deflated(struct balloon_dev_info *info, struct page *page)
{
	unsigned long flags;

	spin_lock_irqsave(&info->pages_lock, flags);
	info->isolated_pages--;
	__count_vm_event(BALLOON_DEFLATE);
	spin_unlock_irqrestore(&info->pages_lock, flags);
	cmm_compat_adjust_meminfo(page, -1);
	return cmm_compat_drop_old(page);
}

#else

/**
 * cmm_compat_isolated - whether the balloon core has isolated pages of a balloon
 * @info: the balloon
 *
 * Return: whether there are isolated pages, which are under migration.
 */
static inline bool cmm_compat_isolated(struct balloon_dev_info *info)
{
	/*
	 * The core changes isolated_pages under a lock of its own. No lock is needed here: when the
	 * core has set isolated_pages to 0, it no longer uses data of the driver.
	 */
	return smp_load_acquire(&info->isolated_pages);
}

/**
 * cmm_compat_exchanged - end a migration in which a new page replaces a page of the balloon
 * @info: the balloon
 * @newpage: the new page
 * @page: the old page
 *
 * Return: the return value for the balloon core's callback.
 */
static inline int cmm_compat_exchanged(struct balloon_dev_info *info, struct page *newpage,
				       struct page *page)
{
	return 0;
}

/**
 * cmm_compat_deflated - end a migration in which a page leaves the balloon without a replacement
 * @info: the balloon
 * @page: the page
 *
 * Up to 7.3 the core doesn't subtract the page from "Balloon:" in /proc/meminfo if the callback
 * returns -ENOENT (see docs/limits.md). The driver doesn't correct that, because a kernel without
 * this error would then subtract the page twice.
 *
 * Return: the return value for the balloon core's callback.
 */
static inline int cmm_compat_deflated(struct balloon_dev_info *info, struct page *page)
{
	return -ENOENT;
}

#endif

/**
 * cmm_compat_mark_offline - mark a page PageOffline, so that dumps leave the page out
 * @page: a locked page that was taken off the balloon, or that the hypervisor partly holds
 *
 * Before 6.17, this function also clears the page's mapping. A page that was taken off the balloon
 * looks movable as long as it has a mapping, and memory offlining would retry it forever. Without
 * the mapping, offlining fails on the page at once. The caller holds the page lock, because tasks
 * that isolate pages check the mapping under this lock.
 *
 * From 6.17 on, a page is PageOffline anyway, from the time it enters the balloon until it is
 * freed. A page that was taken off the balloon looks movable in spite of the mark. So offlining
 * retries until the page is active or offlining is interrupted.
 */
static inline void cmm_compat_mark_offline(struct page *page)
{
#ifndef CMM_HAS_PG_MOVABLE_OPS
	page->mapping = NULL;
#endif
	if (!PageOffline(page))
		__SetPageOffline(page);
}

/**
 * cmm_compat_clear_offline - undo cmm_compat_mark_offline() before a page is freed
 * @page: the page
 *
 * From 6.17 on the kernel clears the mark when the page is freed.
 */
static inline void cmm_compat_clear_offline(struct page *page)
{
#ifndef CMM_HAS_PG_MOVABLE_OPS
	if (PageOffline(page))
		__ClearPageOffline(page);
#endif
}

/* Whether the kernel's version is major.minor, with any third number */
#define CMM_VERSION_IS(major, minor)						\
	(LINUX_VERSION_CODE >= KERNEL_VERSION(major, minor, 0) &&		\
	 LINUX_VERSION_CODE < KERNEL_VERSION(major, (minor) + 1, 0))

/**
 * cmm_compat_frees_blocks - whether blocks.c may be used
 *
 * It may be used only on kernel versions on which the tests ran with blocks.c: the versions that
 * "make matrix" boots with 4K pages. The kernels of RHEL and SUSE are left out, because they have
 * parts of later kernels under an older version. Kernels with 64K pages are left out, because 16
 * hypercalls for each page take most of the time of a return there. If each call takes 1 us, blocks
 * save only 2 % of the time of a return. With 4K pages, blocks save 29 %.
 *
 * Return: whether blocks.c may be used on this kernel.
 */
static inline bool cmm_compat_frees_blocks(void)
{
#if defined(RHEL_RELEASE_CODE) || defined(CONFIG_SUSE_VERSION) || defined(CONFIG_PPC_64K_PAGES)
	return false;
#else
	return !IS_ENABLED(CONFIG_MEM_ALLOC_PROFILING) && !IS_ENABLED(CONFIG_PAGE_OWNER) &&
	       (CMM_VERSION_IS(6, 12) || CMM_VERSION_IS(7, 2) || CMM_VERSION_IS(7, 3));
#endif
}

/**
 * cmm_compat_clean - clean a page that was in the balloon, before it is freed as part of a block
 * @page: a tail (not the first page) of the block, with its reference count frozen
 *
 * The allocator cleans only the block's first page.
 */
static inline void cmm_compat_clean(struct page *page)
{
#ifdef CMM_HAS_PG_MOVABLE_OPS
	if (PageOffline(page))
		__ClearPageOffline(page);
#else
	page->mapping = NULL;
#endif
	set_page_private(page, 0);
}

#endif
