// SPDX-License-Identifier: GPL-2.0-or-later
/* Nodes: how much memory each node can spare, and which node loans next. */

#include <linux/cpuset.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/vmstat.h>

#include "cmm.h"
#include "compat.h"
#include "turn.h"

/* Used by the worker only */
static struct cmm_turn cmm_turns[MAX_NUMNODES];

/*
 * Counts how many more pages are free in a node than the high watermarks ask for, or the low ones
 * if @high is false. Only counts zones that loans come from, and no pages that lowmem_reserve
 * keeps from loans.
 */
static unsigned long cmm_free_above(int nid, bool high)
{
	enum zone_type highest = gfp_zone(cmm_compat_gfp());
	struct zone *zone = NODE_DATA(nid)->node_zones, *last = zone + highest;
	unsigned long pages = 0, free, mark;

	for (; zone <= last; zone++) {
		if (!populated_zone(zone))
			continue;
		free = zone_page_state(zone, NR_FREE_PAGES);
		mark = high ? high_wmark_pages(zone) : low_wmark_pages(zone);
		mark += zone->lowmem_reserve[highest];
		pages += free - min(free, mark);
	}
	return pages;
}

/**
 * cmm_node_spare - count a node's free pages above the high watermarks
 * @nid: the node
 *
 * These pages can be taken without making kswapd reclaim other pages.
 *
 * Return: the number of pages.
 */
unsigned long cmm_node_spare(int nid)
{
	return cmm_free_above(nid, true);
}

/**
 * cmm_node_until_kswapd - count a node's free pages above the low watermarks
 * @nid: the node
 *
 * After these pages are taken, kswapd wakes and reclaims other pages.
 *
 * Return: the number of pages.
 */
unsigned long cmm_node_until_kswapd(int nid)
{
	return cmm_free_above(nid, false);
}

/**
 * cmm_node_next - choose the node that loans the next batch
 * @nr: pages in the batch
 *
 * Nodes loan in proportion to what each can spare. Only the worker calls this function.
 *
 * Return: the node, NUMA_NO_NODE if no node has pages to spare.
 */
int cmm_node_next(unsigned long nr)
{
	bool ours;
	int nid;

	for (nid = 0; nid < nr_node_ids; nid++) {
		ours = node_state(nid, N_MEMORY) && node_isset(nid, cpuset_current_mems_allowed);
		cmm_turns[nid].spare = ours ? cmm_node_spare(nid) : 0;
	}
	return cmm_turn_of(cmm_turns, nr_node_ids, nr);
}
