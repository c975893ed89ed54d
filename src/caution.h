/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How much the guest can loan without a cost to its programs (loan_policy 1).
 *
 * Free memory costs nothing as long as a margin of it stays. Page cache that no program uses costs
 * nothing either, but only a trial tells which pages these are. A trial loans a little more than
 * is free, and the kernel reclaims the page cache that it thinks is used least. If programs then
 * read such pages again, or the kernel swaps, the loan is too large. As many pages are returned,
 * and the next trial is small and comes a minute later. Trials that go well become larger, and
 * follow each other sooner.
 *
 * Pure and free of includes, so that the kernel and the host's unit test compile the same
 * text. Every quantity is in pages unless its name says otherwise.
 */
#ifndef CMM_CAUTION_H
#define CMM_CAUTION_H

/* Between two samples of what programs lost, and the shortest time between two trials */
#define CMM_SAMPLE_MS		1000UL

/* No loans after programs lost memory */
#define CMM_PAUSE_MS		5000UL

/* The longest time between two trials: programs may need so long to come back to a page */
#define CMM_TRIAL_MS		64000UL

/**
 * struct cmm_guest - what the guest's memory is like at one moment
 * @now_ms: the time, from any beginning
 * @total: assigned to the partition, on loan or not
 * @loaned: on loan
 * @target: should be on loan
 * @spare: free above the high watermarks
 * @until_kswapd: free above the low watermarks
 * @cache: page cache that programs may not use
 * @noise: so many lost pages a second are no sign of anything
 * @lost: a counter of pages that programs lost, and of those that they wanted back
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
 * struct cmm_caution - what was learned from the samples before
 * @limit: of the loan, until the next sample; below what is on loan only in a pause
 * @sample_ms: the time of the last sample
 * @lost: the counter then
 * @since_ms: the time of the last trial, or when programs were found to lose memory after it
 * @wait_ms: from then on until the next trial
 * @step: page cache that the last trial took; 0: programs lost memory since
 */
struct cmm_caution {
	unsigned long limit;
	unsigned long sample_ms;
	unsigned long lost;
	unsigned long since_ms;
	unsigned long wait_ms;
	unsigned long step;
};

/* Memory that stays free, or page cache that is as good as free */
static inline unsigned long cmm_caution_margin(unsigned long total)
{
	return total / 128;
}

static inline unsigned long cmm_caution_less(unsigned long pages, unsigned long by)
{
	return pages > by ? pages - by : 0;
}

static inline void cmm_caution_back_off(struct cmm_caution *caution,
					const struct cmm_guest *guest, unsigned long lost)
{
	unsigned long margin = cmm_caution_margin(guest->total);

	caution->limit = cmm_caution_less(guest->loaned, lost > margin ? lost : margin);
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
 * @caution: what was learned
 * @now_ms: the time
 */
static inline _Bool cmm_caution_due(const struct cmm_caution *caution, unsigned long now_ms)
{
	return now_ms - caution->sample_ms >= CMM_SAMPLE_MS;
}

/**
 * cmm_caution_sample - judge a sample
 * @caution: what was learned; all zero before the first sample
 * @guest: what is seen now
 *
 * The first sample, and one that comes late, only begins to count.
 *
 * Return: whether programs lost memory since the last sample.
 */
static inline _Bool cmm_caution_sample(struct cmm_caution *caution, const struct cmm_guest *guest)
{
	_Bool late = guest->now_ms - caution->sample_ms > 4 * CMM_SAMPLE_MS;
	unsigned long lost = guest->lost - caution->lost;

	caution->sample_ms = guest->now_ms;
	caution->lost = guest->lost;
	caution->limit = guest->loaned;
	if (!caution->wait_ms)
		caution->wait_ms = CMM_SAMPLE_MS;
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
 * cmm_caution_hopes - whether a trial is likely to find more memory soon
 * @caution: what was learned
 * @guest: what is seen now
 */
static inline _Bool cmm_caution_hopes(const struct cmm_caution *caution,
				      const struct cmm_guest *guest)
{
	return caution->wait_ms <= 2 * CMM_SAMPLE_MS &&
	       guest->cache > cmm_caution_margin(guest->total) * 3 / 2;
}

/**
 * cmm_caution_limit - how much may be on loan now
 * @caution: what was learned
 * @guest: what is seen now
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
