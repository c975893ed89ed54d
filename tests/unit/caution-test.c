// SPDX-License-Identifier: GPL-2.0-or-later
/* What a loan under loan_policy 1 takes and returns. TAP. */

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

/* The limit after a sample that is taken @ms later */
static unsigned long sample(struct cmm_caution *caution, struct cmm_guest *guest, unsigned long ms)
{
	guest->now_ms += ms;
	if (cmm_caution_due(caution, guest->now_ms))
		cmm_caution_sample(caution, guest);
	return cmm_caution_limit(caution, guest);
}

/* The pages that would be loaned on top in so many seconds, with a sample in each */
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
	       "free memory is loaned down to a margin");
	guest.spare = MARGIN * 3 / 4;
	result(sample(&caution, &guest, 10) == 4096, "below the margin nothing is loaned or returned");
	guest.spare = MARGIN / 4;
	result(sample(&caution, &guest, 10) == 4096 - (MARGIN - MARGIN / 4),
	       "below half of the margin it is restored");
	guest.cache = MARGIN;
	result(sample(&caution, &guest, 10) == 4096, "unless there is inactive page cache");
	guest.loaned = 10;
	guest.spare = guest.cache = 0;
	result(sample(&caution, &guest, 10) == 0, "never is more returned than is on loan");
}

static void test_idle_cache(void)
{
	struct cmm_caution caution = { 0 };
	struct cmm_guest guest = guest_with(0, 8192);
	unsigned long first, second;

	sample(&caution, &guest, 0);
	first = sample(&caution, &guest, 1000) - guest.loaned;
	second = sample(&caution, &guest, 1000) - guest.loaned;
	result(first > guest.until_kswapd && second > first, "trials of page cache grow");
	result(found(&caution, &guest, 20) > 4096, "a quarter of the memory is found in 20 s");
	guest.target = guest.loaned;
	result(found(&caution, &guest, 20) == 0, "nothing is tried if the target is met");
	guest.target = TOTAL;
	guest.cache = MARGIN;
	result(found(&caution, &guest, 100) == 0, "the last of the page cache is left alone");
}

static void test_lost_pages(void)
{
	struct cmm_caution caution = { 0 };
	struct cmm_guest guest = guest_with(0, 8192);

	found(&caution, &guest, 10);
	guest.lost += 500;
	result(sample(&caution, &guest, 1000) == 4096 - 500, "as much is returned as programs lost");
	guest.loaned -= 500;
	guest.spare = 500;
	result(found(&caution, &guest, 3) == 0, "then nothing is loaned for a while");
	result(sample(&caution, &guest, 3000) == guest.loaned + 500 - MARGIN,
	       "free memory is, after some seconds");
	guest.spare = 0;
	result(found(&caution, &guest, 50) == 0, "no trial comes within a minute");
	result(found(&caution, &guest, 30) < 100, "the next one is small");
	result(found(&caution, &guest, 600) > 4096, "trials that go well come sooner");
	guest.lost += 3;
	result(sample(&caution, &guest, 1000) >= guest.loaned, "a few lost pages are no sign");
}

static void test_late_sample(void)
{
	struct cmm_caution caution = { 0 };
	struct cmm_guest guest = guest_with(1000, 0);

	sample(&caution, &guest, 0);
	guest.lost += 5000;
	result(sample(&caution, &guest, 60000) > guest.loaned,
	       "pages lost before a time without samples don't count");
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
