/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calculates how much the guest can loan without slowing down its programs (loan_policy 1).
 *
 * A loan of free memory costs nothing while a margin stays free. A loan of page cache that no
 * program uses costs nothing either, but only a trial can show how much such page cache there is. A
 * trial loans a little more than is free, and the kernel reclaims the least used page cache. If
 * programs then read reclaimed pages again, or the kernel swaps pages out, these pages count as
 * lost, and the loan is too large. As many pages as were lost are returned, but at least half of
 * the margin. The next trial is small, and comes a minute later. While trials succeed, each is
 * larger than the last one, and the time between them shrinks.
 *
 * This file uses no includes and no kernel functions, so that the kernel module and the unit test
 * on the host compile the same text. Every quantity is in pages unless its name says otherwise.
 */
#ifndef CMM_CAUTION_H
#define CMM_CAUTION_H

/* The time between two samples of lost pages, and the shortest time between two trials */
#define CMM_SAMPLE_MS		1000UL

/* The time without new loans after a sample that shows lost pages */
#define CMM_PAUSE_MS		5000UL

/*
 * The longest time between two trials. It is this long, because some programs use a page only about
 * once in this time.
 */
#define CMM_TRIAL_MS		64000UL

/**
 * struct cmm_guest - the guest's memory at one moment
 * @now_ms: the time, from any starting point
 * @total: memory assigned to the partition, on loan or not
 * @loaned: memory on loan
 * @target: memory that should be on loan
 * @spare: memory that is free above the high watermarks
 * @until_kswapd: memory that is free above the low watermarks
 * @cache: page cache that probably no program uses
 * @noise: a loss of up to this number of pages between two samples is ignored
 * @lost: a counter of pages that were swapped out, or read again soon after they were reclaimed
 */
struct cmm_guest {
	unsigned long now_ms;
	unsigned long total;
	unsigned long loaned;
	unsigned long target;
	unsigned long spare;
	unsigned long until_kswapd;
	unsigned long cache;
	unsigned long noise;
	unsigned long lost;
};

/**
 * struct cmm_caution - the results of the previous samples
 * @limit: the loan may grow to this number of pages until the next sample, and further if enough
 *	memory is free (see cmm_caution_limit()). In the pause after a loss (CMM_PAUSE_MS) it can be
 *	below the present loan, and never grows
 * @sample_ms: the time of the last sample
 * @lost: the counter of lost pages at the last sample
 * @since_ms: the time of the last trial, or of the last loss of pages if that was later
 * @wait_ms: the time from @since_ms until the next trial
 * @step: how much page cache the last trial was allowed to loan; 0 if pages were lost since then
 */
struct cmm_caution {
	unsigned long limit;
	unsigned long sample_ms;
	unsigned long lost;
	unsigned long since_ms;
	unsigned long wait_ms;
	unsigned long step;
};

/* Before the first sample */
#define CMM_CAUTION_INIT { .wait_ms = CMM_SAMPLE_MS, .step = 1 }

/* The margin: this many pages stay free, or are page cache that no program uses. */
static inline unsigned long cmm_caution_margin(unsigned long total)
{
	return total / 64;
}

/* @pages - @by, or 0 if that is negative */
static inline unsigned long cmm_caution_less(unsigned long pages, unsigned long by)
{
	return pages > by ? pages - by : 0;
}

static inline void cmm_caution_back_off(struct cmm_caution *caution,
					const struct cmm_guest *guest, unsigned long lost)
{
	unsigned long least = cmm_caution_margin(guest->total) / 2;

	caution->limit = cmm_caution_less(guest->loaned, lost > least ? lost : least);
	caution->since_ms = guest->now_ms;
	caution->wait_ms = CMM_TRIAL_MS;
	caution->step = 0;
}

static inline _Bool cmm_caution_pauses(const struct cmm_caution *caution, unsigned long now_ms)
{
	return !caution->step && now_ms - caution->since_ms < CMM_PAUSE_MS;
}

static inline void cmm_caution_try(struct cmm_caution *caution, const struct cmm_guest *guest)
{
	unsigned long least = guest->total / 1024 + 1, most = guest->total / 64;
	unsigned long rest = cmm_caution_less(guest->cache, cmm_caution_margin(guest->total));
	unsigned long step = caution->step * 2;

	if (step > most)
		step = most;
	if (step > rest)
		step = rest;
	if (step < least)
		step = least;
	if (step > rest)
		return;
	caution->step = step;
	caution->limit = guest->loaned + guest->until_kswapd + step;
	caution->since_ms = guest->now_ms;
	caution->wait_ms /= 2;
	if (caution->wait_ms < CMM_SAMPLE_MS)
		caution->wait_ms = CMM_SAMPLE_MS;
}

/**
 * cmm_caution_due - whether a sample is due
 * @caution: the results of the previous samples
 * @now_ms: the time
 *
 * Return: whether CMM_SAMPLE_MS have passed since the last sample.
 */
static inline _Bool cmm_caution_due(const struct cmm_caution *caution, unsigned long now_ms)
{
	return now_ms - caution->sample_ms >= CMM_SAMPLE_MS;
}

/**
 * cmm_caution_sample - evaluate a sample
 * @caution: the results of the previous samples; CMM_CAUTION_INIT before the first sample
 * @guest: the guest's memory now
 *
 * The first sample only starts the count of lost pages. If a sample comes more than four times
 * CMM_SAMPLE_MS after the previous sample, it only starts a new count.
 *
 * Return: whether programs lost more than @guest->noise pages since the last sample.
 */
static inline _Bool cmm_caution_sample(struct cmm_caution *caution, const struct cmm_guest *guest)
{
	_Bool late = guest->now_ms - caution->sample_ms > 4 * CMM_SAMPLE_MS;
	/*
	 * While a CPU goes offline, a sum over the CPUs can miss the pages of this CPU, or count
	 * them twice. So a later sum can be smaller.
	 */
	unsigned long lost = cmm_caution_less(guest->lost, caution->lost);

	caution->sample_ms = guest->now_ms;
	caution->lost = guest->lost;
	if (caution->limit > guest->loaned || !cmm_caution_pauses(caution, guest->now_ms))
		caution->limit = guest->loaned;
	if (late)
		return 0;
	if (lost > guest->noise) {
		cmm_caution_back_off(caution, guest, lost);
		return 1;
	}
	if (guest->now_ms - caution->since_ms >= caution->wait_ms &&
	    guest->loaned < guest->target && guest->spare <= cmm_caution_margin(guest->total))
		cmm_caution_try(caution, guest);
	return 0;
}

/**
 * cmm_caution_more_soon - whether a trial will probably loan more memory soon
 * @caution: the results of the previous samples
 * @guest: the guest's memory now
 *
 * Return: true if the next trial is at most two samples after the last one, and the page cache is
 * so large that a trial can take memory from it.
 */
static inline _Bool cmm_caution_more_soon(const struct cmm_caution *caution,
					  const struct cmm_guest *guest)
{
	return caution->wait_ms <= 2 * CMM_SAMPLE_MS &&
	       guest->cache > cmm_caution_margin(guest->total) * 3 / 2;
}

/**
 * cmm_caution_limit - how much may be on loan now
 * @caution: the results of the previous samples
 * @guest: the guest's memory now
 *
 * Return: the number of pages.
 */
static inline unsigned long cmm_caution_limit(const struct cmm_caution *caution,
					      const struct cmm_guest *guest)
{
	unsigned long margin = cmm_caution_margin(guest->total);
	unsigned long cheap = guest->spare + guest->cache;
	unsigned long limit = guest->loaned + cmm_caution_less(guest->spare, margin);

	if (cheap < margin / 2)
		return cmm_caution_less(guest->loaned, margin - cheap);
	if (cmm_caution_pauses(caution, guest->now_ms))
		return caution->limit;
	return limit > caution->limit ? limit : caution->limit;
}

#endif
