// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests src/turn.h: NUMA nodes take turns to loan, in proportion to their spare memory. Prints TAP.
 */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "turn.h"

static int failures, tests;

static void result(bool good, const char *what)
{
	failures += !good;
	printf("%sok %d - %s\n", good ? "" : "not ", ++tests, what);
}

/* Takes @batches batches of @nr pages. @taken gets the number of pages of each node. */
static void take(struct cmm_turn *nodes, int count, unsigned long nr, long batches, long *taken)
{
	int i, turn;

	for (i = 0; i < count; i++)
		taken[i] = 0;
	while (batches--) {
		turn = cmm_turn_of(nodes, count, nr);
		if (turn >= 0)
			taken[turn] += nr;
	}
}

static bool is_about(long value, long wanted, long tolerance)
{
	return labs(value - wanted) <= tolerance;
}

static void test_proportion(unsigned long nr, const char *what)
{
	struct cmm_turn nodes[] = { { .spare = 900000 }, { .spare = 100000 } };
	long taken[2];

	take(nodes, 2, nr, 10000, taken);
	result(is_about(taken[0], 9000 * nr, 10 * nr) && is_about(taken[1], 1000 * nr, 10 * nr),
	       what);
}

static void test_nothing_to_spare(void)
{
	struct cmm_turn nodes[] = { { .spare = 0 }, { .spare = 0 } };

	result(cmm_turn_of(nodes, 2, 64) == -1, "no node has a turn if no node has spare memory");
}

static void test_empty_node(void)
{
	struct cmm_turn nodes[] = { { .spare = 50000 }, { .spare = 0 }, { .spare = 50000 } };
	long taken[3];

	nodes[1].behind = 1000 * CMM_TURN_PARTS;
	take(nodes, 3, 64, 1000, taken);
	result(taken[1] == 0 && is_about(taken[0], taken[2], 64),
	       "a node without spare memory has no turn, even if it is far behind");
}

/* The third node has no spare memory until the others have loaned 1 TiB (2^24 pages of 64 KiB). */
static void test_new_node(void)
{
	struct cmm_turn nodes[] = { { .spare = 60000 }, { .spare = 40001 }, { .spare = 0 } };
	long taken[3];

	take(nodes, 3, 64, 262144, taken);
	nodes[2].spare = 50000;
	take(nodes, 3, 64, 300, taken);
	result(is_about(taken[2], 300 * 64 * 50000L / 150001, 256),
	       "a node that gets memory late has only its share of later turns");
}

static void test_no_drift(void)
{
	struct cmm_turn nodes[] = { { .spare = 70001 }, { .spare = 30011 }, { .spare = 11113 } };
	long taken[3];

	take(nodes, 3, 63, 1000000, taken);
	result(nodes[0].behind + nodes[1].behind + nodes[2].behind == 0,
	       "the values of 'behind' of all nodes add up to 0 after a million batches");
}

int main(void)
{
	test_proportion(64, "nodes loan in proportion to spare memory, in batches of 64 pages");
	test_proportion(3, "nodes loan in proportion to spare memory, in batches of three pages");
	test_proportion(1, "nodes loan in proportion to spare memory, page by page");
	test_nothing_to_spare();
	test_empty_node();
	test_new_node();
	test_no_drift();
	printf("1..%d\n", tests);
	return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
