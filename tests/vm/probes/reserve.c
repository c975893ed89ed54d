// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Counts how often a node's reserve (totalreserve_pages) is larger than when this module was
 * loaded. No file in /proc shows this reserve.
 *
 * The module reads the reserve at each call of adjust_managed_page_count(). From 7.2 on, each of
 * these calls computes the reserve anew: it writes 0, and then adds the share of each zone. If two
 * calls do this at the same time, the reserve gets some shares twice. A loan only lowers the number
 * of managed pages, and that never makes the reserve larger. So a larger reserve shows that two
 * calls overlapped.
 *
 * Every second call waits up to a millisecond for the next call, and then both go on at the same
 * time. So two calls overlap if the callers allow it. If the callers use a lock, the next call
 * can't begin during the wait, and no calls overlap.
 */
#include <linux/atomic.h>
#include <linux/kprobes.h>
#include <linux/ktime.h>
#include <linux/mmzone.h>
#include <linux/module.h>
#include <linux/nodemask.h>

static unsigned long before[MAX_NUMNODES];
static atomic_t calls;

static unsigned int larger;
module_param(larger, uint, 0444);

static int compare(struct kprobe *probe, struct pt_regs *regs)
{
	int call = atomic_inc_return(&calls), nid;
	u64 end = ktime_get_ns() + NSEC_PER_MSEC;

	for_each_online_node(nid)
		if (READ_ONCE(NODE_DATA(nid)->totalreserve_pages) > before[nid])
			WRITE_ONCE(larger, larger + 1);
	while (call % 2 && atomic_read(&calls) == call && ktime_get_ns() < end)
		cpu_relax();
	return 0;
}

static struct kprobe probe = {
	.symbol_name = "adjust_managed_page_count",
	.pre_handler = compare,
};

static int __init reserve_init(void)
{
	int nid;

	for_each_online_node(nid)
		before[nid] = NODE_DATA(nid)->totalreserve_pages;
	return register_kprobe(&probe);
}

static void __exit reserve_exit(void)
{
	unregister_kprobe(&probe);
}

module_init(reserve_init);
module_exit(reserve_exit);
MODULE_DESCRIPTION("Counts how often the reserve of a node is too large");
MODULE_LICENSE("GPL");
