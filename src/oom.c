// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The OOM notifier: returns pages on nodes that the failing task may allocate from, and reports
 * only these pages as freed. If the notifier reported pages on other nodes, the kernel would retry
 * the allocation until nothing is on loan.
 */

#define pr_fmt(fmt) "cmm: " fmt

#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/nodemask.h>
#include <linux/notifier.h>
#include <linux/oom.h>

#include "cmm.h"
#include "compat.h"
#include "target.h"
#include "trace.h"

/* An event begins no batch after this time, because the kernel holds oom_lock during the event. */
#define CMM_OOM_NS	NSEC_PER_SEC

static unsigned long cmm_spare(const nodemask_t *nodes)
{
	unsigned long pages = 0;
	int nid;

	for_each_node_mask(nid, *nodes)
		if (node_state(nid, N_MEMORY))
			pages += cmm_node_spare(nid);
	return pages;
}

/*
 * Runs in the task that ran out of memory, under oom_lock, and so must neither allocate memory nor
 * wait for the worker. Returns nothing if the nodes that the task may use have more than oom_kb of
 * spare memory, because more free pages can't help the task then.
 *
 * A page whose activation is refused goes from the balloons to the refused list. So that not all
 * pages go there while the hypervisor refuses, the event tries at most twice oom_kb.
 */
static int cmm_oom_event(struct notifier_block *nb, unsigned long unused, void *freed)
{
	unsigned long asked = cmm_kb_to_pages_up(READ_ONCE(cmm_params.oom_kb), PAGE_SHIFT);
	u64 end = ktime_get_ns() + CMM_OOM_NS;
	unsigned long total = 0, tried = 0;
	struct cmm_view view;
	nodemask_t nodes;
	struct cmm_return ret = { .nodes = &nodes, .for_oom = true };

	cmm_compat_allowed_nodes(&nodes);
	if (cmm_spare(&nodes) <= asked) {
		/*
		 * Hypercalls may have become slow since the last return. So the first batch has one
		 * page. The size of the next batches is adapted to the time that this page takes.
		 */
		ret.asked = min(asked, 1UL);
		do {
			cmm_balloon_return(&ret);
			total += ret.done;
			tried += ret.taken;
			ret.asked = min(asked - total, 2 * asked - tried);
		} while (ret.taken && ret.asked && ktime_get_ns() < end);
	}
	cmm_oom_end(&ret, total);

	*(unsigned long *)freed += total;
	cmm_get_view(&view);
	trace_cmm_oom(asked, total, view.loaned_pages);
	cmm_dbg("out of memory: %lu of %lu pages returned, %lu loaned\n", total, asked,
		view.loaned_pages);
	return NOTIFY_OK;
}

static struct notifier_block cmm_oom_nb = {
	.notifier_call = cmm_oom_event,
};

/**
 * cmm_oom_register - register the notifier, which may then be called at any time
 *
 * Return: 0 or an errno.
 */
int cmm_oom_register(void)
{
	return register_oom_notifier(&cmm_oom_nb);
}

/**
 * cmm_oom_unregister - unregister the notifier, and wait for a running call
 */
void cmm_oom_unregister(void)
{
	unregister_oom_notifier(&cmm_oom_nb);
}
