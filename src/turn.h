/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which of several nodes loans next, such that each loans in proportion to what it has to
 * spare. Pure and free of includes, so that the kernel and the host's unit test compile the
 * same text. Every quantity is in pages unless its comment says otherwise.
 */
#ifndef CMM_TURN_H
#define CMM_TURN_H

/* Shares are counted in parts of a page, so that small batches are shared out as well. */
#define CMM_TURN_PARTS	1024L

struct cmm_turn {
	unsigned long spare;
	long behind;	/* its share, in parts */
};

/**
 * cmm_turn_of - whose turn it is
 * @nodes: what each can spare, 0 where it isn't one of ours
 * @count: of them
 * @nr: pages that will be taken there
 *
 * What they are behind and ahead adds up to nothing, so that none is ever behind by much more
 * than a batch for each of the others.
 *
 * Return: the node's index; -1 where none has anything to spare.
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
