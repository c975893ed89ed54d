// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests src/target.h: compares its results with the documented formula.
 * formula() uses 128 bits, so its numbers can't wrap. Tries every combination
 * of the amounts below. Prints TAP.
 */

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "target.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

typedef __int128 wide;

static int tests;
static int failures;

static void result(const char *what, long failed, long tried)
{
	tests++;
	failures += !!failed;
	printf("%s %d - %s (%ld cases)\n", failed ? "not ok" : "ok", tests, what, tried);
}

static wide larger(wide a, wide b)
{
	return a > b ? a : b;
}

static wide formula(wide wanted, wide total, wide minimum, wide oom_freed)
{
	wide target = wanted;

	if (target < 0 || total < minimum)
		target = 0;
	target = larger(target - oom_freed, 0);
	if (total - target < minimum)
		target = total - minimum;
	return larger(target, 0);
}

static const unsigned long amounts[] = {
	0, 1, 2, 15, 16, 17, 4095, 4096, 4097, 31812, 31813, 31814, 1UL << 31, (1UL << 32) - 1,
	1UL << 32, (1UL << 32) + 1, 1UL << 47, 1UL << 51, LONG_MAX - 1, LONG_MAX,
};

static void test_target(void)
{
	long tried = 0, failed = 0;
	size_t w, t, m, o;
	int sign;

	for (w = 0; w < COUNT(amounts); w++)
	for (sign = -1; sign <= 1; sign += 2)
	for (t = 0; t < COUNT(amounts); t++)
	for (m = 0; m < COUNT(amounts); m++)
	for (o = 0; o < COUNT(amounts); o++) {
		long wanted = sign * (long)amounts[w];
		wide expected = formula(wanted, amounts[t], amounts[m], amounts[o]);
		unsigned long got = cmm_target_pages(wanted, amounts[t], amounts[m], amounts[o]);

		tried++;
		if (expected == (wide)got)
			continue;
		failed++;
		printf("# wanted %ld total %lu minimum %lu oom_freed %lu: %lu\n", wanted, amounts[t],
		       amounts[m], amounts[o], got);
	}
	result("the target agrees with the documented formula", failed, tried);
}

static void test_target_limits(void)
{
	long failed = 0;

	failed += cmm_target_pages(LONG_MIN, 100, 10, 0) != 0;
	failed += cmm_target_pages(-1, 100, 10, 0) != 0;
	failed += cmm_target_pages(50, 100, 10, 0) != 50;
	failed += cmm_target_pages(95, 100, 10, 0) != 90;
	failed += cmm_target_pages(50, 100, 101, 0) != 0;
	failed += cmm_target_pages(50, 100, 100, 0) != 0;
	failed += cmm_target_pages(50, 100, 10, 20) != 30;
	failed += cmm_target_pages(50, 100, 10, 50) != 0;
	failed += cmm_target_pages(50, 100, 10, ULONG_MAX) != 0;
	failed += cmm_target_pages(120, 100, 10, 20) != 90;
	result("the target at its limits agrees with results found by hand", failed, 10);
}

static void test_wanted(void)
{
	static const long requests[] = {
		0, 1, -1, 65535, -65535, 65536, -65536, 65537, -65537, 1L << 40, -(1L << 40),
		LONG_MAX, LONG_MIN, LONG_MAX - 65535, LONG_MIN + 65535,
	};
	long tried = 0, failed = 0;
	unsigned int shift;
	size_t r, l;

	for (shift = 12; shift <= 16; shift += 4)
	for (r = 0; r < COUNT(requests); r++)
	for (l = 0; l < COUNT(amounts); l++) {
		wide expected = (wide)requests[r] / (1L << shift) + amounts[l];
		long got = cmm_wanted_pages(requests[r], amounts[l], shift);

		tried++;
		if (expected > LONG_MAX)
			expected = LONG_MAX;
		if (expected == (wide)got)
			continue;
		failed++;
		printf("# request %ld loaned %lu shift %u: %ld\n", requests[r], amounts[l], shift,
		       got);
	}
	result("a request in bytes is truncated to pages toward zero", failed, tried);
}

static void test_units(void)
{
	long tried = 0, failed = 0;
	unsigned int shift;
	size_t i;

	for (shift = 12; shift <= 16; shift += 4)
	for (i = 0; i < COUNT(amounts); i++) {
		unsigned long amount = amounts[i];
		wide unit_kb = 1L << (shift - 10);
		wide mb = (wide)amount * (1L << (20 - shift));

		failed += cmm_kb_to_pages(amount, shift) != amount / unit_kb;
		failed += cmm_kb_to_pages_up(amount, shift) != (amount + unit_kb - 1) / unit_kb;
		failed += cmm_mb_to_pages(amount, shift) != (mb > LONG_MAX ? LONG_MAX : mb);
		if (amount <= ULONG_MAX / (unsigned long)unit_kb)
			failed += cmm_pages_to_kb(amount, shift) != amount * unit_kb;
		tried += 4;
	}
	failed += cmm_mb_to_pages(1UL << 44, 16) != 1UL << 48;
	failed += cmm_mb_to_pages(ULONG_MAX, 12) != LONG_MAX;
	result("conversions between KiB, MiB and pages are exact, and don't wrap", failed, tried + 2);
}

struct room_case {
	enum cmm_room before;
	unsigned long available;
	enum cmm_room after;
	long pages;
};

/* With a floor of 800 pages, loans stop at 900 available pages, and start again above 1000. */
static void test_room(void)
{
	static const struct room_case cases[] = {
		{ CMM_ROOM_AMPLE, 1001, CMM_ROOM_AMPLE, 101 },
		{ CMM_ROOM_AMPLE, 1000, CMM_ROOM_AMPLE, 100 },
		{ CMM_ROOM_AMPLE, 901, CMM_ROOM_AMPLE, 1 },
		{ CMM_ROOM_AMPLE, 900, CMM_ROOM_LITTLE, 0 },
		{ CMM_ROOM_AMPLE, 800, CMM_ROOM_LITTLE, 0 },
		{ CMM_ROOM_AMPLE, 799, CMM_ROOM_NONE, -101 },
		{ CMM_ROOM_AMPLE, 0, CMM_ROOM_NONE, -900 },
		{ CMM_ROOM_LITTLE, 799, CMM_ROOM_NONE, -101 },
		{ CMM_ROOM_LITTLE, 899, CMM_ROOM_LITTLE, 0 },
		{ CMM_ROOM_LITTLE, 1000, CMM_ROOM_LITTLE, 0 },
		{ CMM_ROOM_LITTLE, 1001, CMM_ROOM_AMPLE, 101 },
		{ CMM_ROOM_NONE, 800, CMM_ROOM_NONE, -100 },
		{ CMM_ROOM_NONE, 899, CMM_ROOM_NONE, -1 },
		{ CMM_ROOM_NONE, 900, CMM_ROOM_LITTLE, 0 },
		{ CMM_ROOM_NONE, 1001, CMM_ROOM_AMPLE, 101 },
	};
	long failed = 0;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		const struct room_case *c = &cases[i];
		enum cmm_room after = cmm_room_after(c->before, c->available, 800);

		if (after == c->after && cmm_room_pages(after, c->available, 800) == c->pages)
			continue;
		failed++;
		printf("# room %d available %lu: %d, %ld pages\n", c->before, c->available, after,
		       cmm_room_pages(after, c->available, 800));
	}
	result("the room for loans above a floor agrees with results found by hand", failed,
	       COUNT(cases));
}

static void test_room_limits(void)
{
	long failed = 0;

	failed += cmm_room_after(CMM_ROOM_NONE, 0, 0) != CMM_ROOM_AMPLE;
	failed += cmm_room_pages(CMM_ROOM_AMPLE, 0, 0) != LONG_MAX;
	failed += cmm_room_after(CMM_ROOM_AMPLE, 1L << 40, LONG_MAX) != CMM_ROOM_NONE;
	failed += cmm_room_pages(CMM_ROOM_NONE, 1L << 40, LONG_MAX) >= 0;
	result("a floor of 0 allows all loans, and one above all memory allows none", failed, 4);
}

int main(void)
{
	test_target();
	test_target_limits();
	test_wanted();
	test_units();
	test_room();
	test_room_limits();
	printf("1..%d\n", tests);
	return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
