/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Chooses the node that loans next, so that each node loans in proportion to what it can spare.
 *
 * This file uses no includes and no kernel functions, so that the kernel module and the unit test
 * on the host compile the same text. Every quantity is in pages unless its comment says otherwise.
 */
#ifndef CMM_TURN_H
#define CMM_TURN_H

/* Shares are counted in 1/1024 of a page, so that even a small batch can be divided. */
#define CMM_TURN_PARTS	1024L

/**
 * struct cmm_turn - a node
 * @spare: pages that the node can spare; 0 if the driver may not use the node
 * @behind: how much less than its share the node has loaned, in 1/CMM_TURN_PARTS of a page;
 *	negative if it has loaned more
 */
struct cmm_turn {
	unsigned long spare;
	long behind;
};

/**
 * cmm_turn_of - choose the node that loans the next batch
 * @nodes: the nodes
 * @count: the number of nodes
 * @nr: pages in the batch
 *
 * The node that is furthest behind gets the batch. The sum of @behind over all nodes stays 0. With
 * @count nodes, no node is ever behind by much more than @count - 1 batches.
 *
 * Return: the node's index, -1 if no node has pages to spare.
 */
static inline int cmm_turn_of(struct cmm_turn *nodes, int count, unsigned long nr)
{
	unsigned long total = 0;
	long share, given = 0;
	int i, best = -1;

	for (i = 0; i < count; i++)
		total += nodes[i].spare;

	for (i = 0; i < count; i++) {
		if (!nodes[i].spare)
			continue;
		share = (long)(nr * CMM_TURN_PARTS * nodes[i].spare / total);
		given += share;
		nodes[i].behind += share;
		if (best < 0 || nodes[i].behind > nodes[best].behind)
			best = i;
	}
	if (best >= 0)
		nodes[best].behind -= given;
	return best;
}

#endif
