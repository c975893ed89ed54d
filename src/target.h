/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The target arithmetic: how many pages the partition should have on loan.
 *
 * Pure and free of includes, so that the kernel and the host's unit test
 * compile the same text. Every quantity is in pages unless its name says
 * otherwise; page_shift is log2 of the page size in bytes, 12 to 16.
 */
#ifndef CMM_TARGET_H
#define CMM_TARGET_H

#define CMM_LONG_MAX	((long)(~0UL >> 1))

static inline unsigned long cmm_kb_to_pages(unsigned long kb, unsigned int page_shift)
{
	return kb >> (page_shift - 10);
}

/* Part of a page counts as a page: who asks for some memory gets some. */
static inline unsigned long cmm_kb_to_pages_up(unsigned long kb, unsigned int page_shift)
{
	unsigned long pages = cmm_kb_to_pages(kb, page_shift);

	return pages + ((pages << (page_shift - 10)) != kb);
}

static inline unsigned long cmm_pages_to_kb(unsigned long pages, unsigned int page_shift)
{
	return pages << (page_shift - 10);
}

/* Stops at the largest long, where a plain multiplication would wrap to a small floor. */
static inline unsigned long cmm_mb_to_pages(unsigned long mb, unsigned int page_shift)
{
	if (mb > (unsigned long)CMM_LONG_MAX >> (20 - page_shift))
		return CMM_LONG_MAX;
	return mb << (20 - page_shift);
}

/*
 * What the hypervisor wants on loan in all, from the change that it asks for.
 *
 * @request_bytes is the signed loan request of H_GET_MPP (PAPR, H_GET_MPP R9);
 * its division by the page size truncates toward zero. Negative when more is
 * asked back than was loaned.
 */
static inline long cmm_wanted_pages(long request_bytes, unsigned long loaned,
				    unsigned int page_shift)
{
	long request = request_bytes / (1L << page_shift);

	if (request > 0 && loaned > (unsigned long)(CMM_LONG_MAX - request))
		return CMM_LONG_MAX;
	return (long)loaned + request;
}

/*
 * The target for what is @wanted on loan, with @total pages assigned to the
 * partition (in use and on loan), of which @minimum are never loaned, and
 * @oom_freed that out-of-memory events took back.
 */
static inline unsigned long cmm_target_pages(long wanted, unsigned long total,
					     unsigned long minimum,
					     unsigned long oom_freed)
{
	unsigned long target;

	if (wanted < 0 || total < minimum)
		return 0;

	target = (unsigned long)wanted;
	target = target > oom_freed ? target - oom_freed : 0;
	return target < total - minimum ? target : total - minimum;
}

/*
 * What a floor under the available memory (min_avail_mb) leaves room for. Loans
 * end an eighth above the floor and begin a quarter above it; a return begins
 * below the floor and ends an eighth above: none of them brings about another.
 */
enum cmm_room {
	CMM_ROOM_AMPLE,		/* loans as asked */
	CMM_ROOM_LITTLE,	/* no more loans */
	CMM_ROOM_NONE,		/* back with some */
};

/* What a loan leaves; at most the largest long, as @floor is. */
static inline unsigned long cmm_room_margin(unsigned long floor)
{
	unsigned long margin = floor + floor / 8;

	return margin < (unsigned long)CMM_LONG_MAX ? margin : CMM_LONG_MAX;
}

/* 0 is no floor. */
static inline enum cmm_room cmm_room_after(enum cmm_room before, unsigned long available,
					   unsigned long floor)
{
	if (!floor || available > floor + floor / 4)
		return CMM_ROOM_AMPLE;
	if (available < floor)
		return CMM_ROOM_NONE;
	if (before == CMM_ROOM_NONE && available < cmm_room_margin(floor))
		return CMM_ROOM_NONE;
	if (before == CMM_ROOM_AMPLE && available > cmm_room_margin(floor))
		return CMM_ROOM_AMPLE;
	return CMM_ROOM_LITTLE;
}

/* Pages that may be loaned now; negative, those that should come back. */
static inline long cmm_room_pages(enum cmm_room room, unsigned long available,
				  unsigned long floor)
{
	if (!floor)
		return CMM_LONG_MAX;
	if (room == CMM_ROOM_LITTLE)
		return 0;
	return (long)(available - cmm_room_margin(floor));
}

#endif
