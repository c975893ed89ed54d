// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests src/caution.h: under loan_policy 1, how much is loaned, and when memory is returned. Prints
 * TAP.
 */

#include <stdbool.h>
#include <stdio.h>

#include "caution.h"

#define TOTAL	16384UL		/* 1 GiB of 64K pages */
#define MARGIN	(TOTAL / 64)

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

/* Lets @ms pass, takes a sample if one is due, and returns the limit of the loan. */
static unsigned long sample(struct cmm_caution *caution, struct cmm_guest *guest, unsigned long ms)
{
	guest->now_ms += ms;
	if (cmm_caution_due(caution, guest->now_ms))
		cmm_caution_sample(caution, guest);
	return cmm_caution_limit(caution, guest);
}

/* Takes a sample each second. Returns the sum of the pages that may be loaned after each sample. */
static unsigned long found(struct cmm_caution *caution, struct cmm_guest *guest, int seconds)
{
	unsigned long sum = 0;

	while (seconds--)
		sum += sample(caution, guest, 1000) - guest->loaned;
	return sum;
}

static void test_free_memory(void)
{
	struct cmm_caution caution = CMM_CAUTION_INIT;
	struct cmm_guest guest = guest_with(1000, 0);

	result(sample(&caution, &guest, 0) == 4096 + 1000 - MARGIN,
	       "free memory is loaned, except for a margin");
	guest.spare = MARGIN * 3 / 4;
	result(sample(&caution, &guest, 10) == 4096,
	       "less free memory than the margin: nothing is loaned or returned");
	guest.spare = MARGIN / 4;
	result(sample(&caution, &guest, 10) == 4096 - (MARGIN - MARGIN / 4),
	       "less free memory than half of the margin: returns restore the margin");
	guest.cache = MARGIN;
	result(sample(&caution, &guest, 10) == 4096,
	       "little free memory, but inactive page cache: nothing is returned");
	guest.loaned = 10;
	guest.spare = guest.cache = 0;
	result(sample(&caution, &guest, 10) == 0,
	       "a loan smaller than the margin: only this loan is returned");
}

static void test_idle_cache(void)
{
	struct cmm_caution caution = CMM_CAUTION_INIT;
	struct cmm_guest guest = guest_with(0, 8192);
	unsigned long first, second;

	sample(&caution, &guest, 0);
	first = sample(&caution, &guest, 1000) - guest.loaned;
	second = sample(&caution, &guest, 1000) - guest.loaned;
	result(first > guest.until_kswapd && second > first,
	       "page cache: each trial loans more than the one before");
	result(found(&caution, &guest, 20) > 4096,
	       "page cache: in 20 s, trials loan a quarter of the memory");
	guest.target = guest.loaned;
	result(found(&caution, &guest, 20) == 0,
	       "page cache: there is no trial if the loan meets the target");
	guest.target = TOTAL;
	guest.cache = MARGIN;
	result(found(&caution, &guest, 100) == 0,
	       "page cache: there is no trial if only the margin is left");
}

static void test_lost_pages(void)
{
	struct cmm_caution caution = CMM_CAUTION_INIT;
	struct cmm_guest guest = guest_with(0, 8192);

	found(&caution, &guest, 10);
	guest.lost += 500;
	result(sample(&caution, &guest, 1000) == 4096 - 500,
	       "programs lost 500 pages: 500 pages are returned");
	guest.loaned -= 100;
	result(sample(&caution, &guest, 1000) == 4096 - 500,
	       "a second after lost pages: the rest of the 500 pages is returned");
	guest.loaned -= 400;
	guest.spare = 500;
	result(found(&caution, &guest, 3) == 0, "after lost pages: nothing is loaned for 3 s");
	result(sample(&caution, &guest, 3000) == guest.loaned + 500 - MARGIN,
	       "after lost pages: free memory is loaned after 6 s");
	guest.spare = 0;
	result(found(&caution, &guest, 50) == 0,
	       "after lost pages: there is no trial for a minute");
	result(found(&caution, &guest, 30) < 100, "after lost pages: the next trial is small");
	result(found(&caution, &guest, 600) > 4096,
	       "after trials without lost pages: the next trials come sooner");
	guest.lost += 40;
	result(sample(&caution, &guest, 1000) == guest.loaned - MARGIN / 2,
	       "fewer lost pages than half of the margin: half of the margin is returned");
	guest.loaned -= MARGIN / 2;
	guest.lost += 3;
	result(sample(&caution, &guest, 1000) >= guest.loaned,
	       "a few lost pages: nothing is returned");
	guest.lost -= 100;
	result(sample(&caution, &guest, 1000) >= guest.loaned,
	       "the counter of lost pages falls: nothing is returned");
	guest.lost += 40;
	result(sample(&caution, &guest, 1000) == guest.loaned - MARGIN / 2,
	       "pages are lost after the counter fell: pages are returned");
}

static void test_late_sample(void)
{
	struct cmm_caution caution = CMM_CAUTION_INIT;
	struct cmm_guest guest = guest_with(1000, 0);

	sample(&caution, &guest, 0);
	guest.lost += 5000;
	result(sample(&caution, &guest, 60000) > guest.loaned,
	       "a late sample: pages lost since the previous sample don't count");
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
