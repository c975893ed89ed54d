// SPDX-License-Identifier: GPL-2.0-or-later
/* The limit of a loan under loan_policy 1, and when memory is returned. TAP. */

#include <stdbool.h>
#include <stdio.h>

#include "caution.h"

#define TOTAL	16384UL		/* 1 GiB of 64K pages */
#define MARGIN	(TOTAL / 128)

static int failures, tests;

static void result(bool good, const char *what)
{
	failures += !good;
	printf("%sok %d - %s\n", good ? "" : "not ", ++tests, what);
}

static struct cmm_guest guest_with(unsigned long spare, unsigned long cache)
{
	return (struct cmm_guest) {
		.now_ms = 1000000,
		.total = TOTAL,
		.loaned = 4096,
		.target = TOTAL,
		.spare = spare,
		.until_kswapd = spare + 32,
		.cache = cache,
		.noise = 32,
	};
}

/* Takes a sample @ms after the last one, if one is due, and returns the limit of the loan. */
static unsigned long sample(struct cmm_caution *caution, struct cmm_guest *guest, unsigned long ms)
{
	guest->now_ms += ms;
	if (cmm_caution_due(caution, guest->now_ms))
		cmm_caution_sample(caution, guest);
	return cmm_caution_limit(caution, guest);
}

/* The pages that would be loaned in this time in addition to the present loan, with a sample each second */
static unsigned long found(struct cmm_caution *caution, struct cmm_guest *guest, int seconds)
{
	unsigned long sum = 0;

	while (seconds--)
		sum += sample(caution, guest, 1000) - guest->loaned;
	return sum;
}

static void test_free_memory(void)
{
	struct cmm_caution caution = { 0 };
	struct cmm_guest guest = guest_with(1000, 0);

	result(sample(&caution, &guest, 0) == 4096 + 1000 - MARGIN,
	       "free memory: loaned except for a margin");
	guest.spare = MARGIN * 3 / 4;
	result(sample(&caution, &guest, 10) == 4096,
	       "free memory below the margin: nothing is loaned or returned");
	guest.spare = MARGIN / 4;
	result(sample(&caution, &guest, 10) == 4096 - (MARGIN - MARGIN / 4),
	       "free memory below half of the margin: returns restore the margin");
	guest.cache = MARGIN;
	result(sample(&caution, &guest, 10) == 4096,
	       "the same with inactive page cache: nothing is returned");
	guest.loaned = 10;
	guest.spare = guest.cache = 0;
	result(sample(&caution, &guest, 10) == 0,
	       "a small loan: no more is returned than is on loan");
}

static void test_idle_cache(void)
{
	struct cmm_caution caution = { 0 };
	struct cmm_guest guest = guest_with(0, 8192);
	unsigned long first, second;

	sample(&caution, &guest, 0);
	first = sample(&caution, &guest, 1000) - guest.loaned;
	second = sample(&caution, &guest, 1000) - guest.loaned;
	result(first > guest.until_kswapd && second > first, "page cache: trials grow");
	result(found(&caution, &guest, 20) > 4096,
	       "page cache: trials loan a quarter of the memory in 20 s");
	guest.target = guest.loaned;
	result(found(&caution, &guest, 20) == 0, "page cache: no trial if the target is met");
	guest.target = TOTAL;
	guest.cache = MARGIN;
	result(found(&caution, &guest, 100) == 0,
	       "page cache: no trial if only the margin is left");
}

static void test_lost_pages(void)
{
	struct cmm_caution caution = { 0 };
	struct cmm_guest guest = guest_with(0, 8192);

	found(&caution, &guest, 10);
	guest.lost += 500;
	result(sample(&caution, &guest, 1000) == 4096 - 500, "lost pages: as many are returned");
	guest.loaned -= 500;
	guest.spare = 500;
	result(found(&caution, &guest, 3) == 0, "after lost pages: nothing is loaned for 3 s");
	result(sample(&caution, &guest, 3000) == guest.loaned + 500 - MARGIN,
	       "after lost pages: free memory is loaned after 6 s");
	guest.spare = 0;
	result(found(&caution, &guest, 50) == 0, "after lost pages: no trial within a minute");
	result(found(&caution, &guest, 30) < 100, "after lost pages: the next trial is small");
	result(found(&caution, &guest, 600) > 4096,
	       "after trials without lost pages: the next ones come sooner");
	guest.lost += 3;
	result(sample(&caution, &guest, 1000) >= guest.loaned, "a few lost pages: no reaction");
}

static void test_late_sample(void)
{
	struct cmm_caution caution = { 0 };
	struct cmm_guest guest = guest_with(1000, 0);

	sample(&caution, &guest, 0);
	guest.lost += 5000;
	result(sample(&caution, &guest, 60000) > guest.loaned,
	       "late sample: pages lost since the last one don't count");
}

int main(void)
{
	test_free_memory();
	test_idle_cache();
	test_lost_pages();
	test_late_sample();
	printf("1..%d\n", tests);
	return failures != 0;
}
