/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The target arithmetic: how many pages the partition should have on loan.
 *
 * This file uses no includes and no kernel functions, so that the kernel module and the unit test
 * on the host compile the same text. Every quantity is in pages unless its name says otherwise.
 * page_shift is log2 of the page size in bytes, 12 to 16.
 */
#ifndef CMM_TARGET_H
#define CMM_TARGET_H

#define CMM_LONG_MAX	((long)(~0UL >> 1))

/**
 * cmm_kb_to_pages - convert KiB to pages, rounded down
 * @kb: KiB
 * @page_shift: log2 of the page size in bytes
 *
 * Return: the number of pages.
 */
static inline unsigned long cmm_kb_to_pages(unsigned long kb, unsigned int page_shift)
{
	return kb >> (page_shift - 10);
}

/**
 * cmm_kb_to_pages_up - convert KiB to pages, rounded up
 * @kb: KiB
 * @page_shift: log2 of the page size in bytes
 *
 * A part of a page counts as a whole page, so that a small amount doesn't become 0 pages.
 *
 * Return: the number of pages.
 */
static inline unsigned long cmm_kb_to_pages_up(unsigned long kb, unsigned int page_shift)
{
	unsigned long pages = cmm_kb_to_pages(kb, page_shift);

	return pages + ((pages << (page_shift - 10)) != kb);
}

/**
 * cmm_pages_to_kb - convert pages to KiB
 * @pages: pages
 * @page_shift: log2 of the page size in bytes
 *
 * Return: the number of KiB.
 */
static inline unsigned long cmm_pages_to_kb(unsigned long pages, unsigned int page_shift)
{
	return pages << (page_shift - 10);
}

/**
 * cmm_mb_to_pages - convert MiB to pages
 * @mb: MiB
 * @page_shift: log2 of the page size in bytes
 *
 * Return: the number of pages, at most the largest long. A plain multiplication would wrap to a
 * small number.
 */
static inline unsigned long cmm_mb_to_pages(unsigned long mb, unsigned int page_shift)
{
	if (mb > (unsigned long)CMM_LONG_MAX >> (20 - page_shift))
		return CMM_LONG_MAX;
	return mb << (20 - page_shift);
}

/**
 * cmm_wanted_pages - the total that the hypervisor requests on loan
 * @request_bytes: the signed loan request of H_GET_MPP (PAPR, H_GET_MPP R9): the change that the
 *	hypervisor requests
 * @loaned: pages on loan
 * @page_shift: log2 of the page size in bytes
 *
 * The division of the request by the page size truncates it toward zero.
 *
 * Return: @loaned plus the request, at most the largest long. It is negative if the hypervisor
 * requests the return of more pages than are on loan.
 */
static inline long cmm_wanted_pages(long request_bytes, unsigned long loaned,
				    unsigned int page_shift)
{
	long request = request_bytes / (1L << page_shift);

	if (request > 0 && loaned > (unsigned long)(CMM_LONG_MAX - request))
		return CMM_LONG_MAX;
	return (long)loaned + request;
}

/**
 * cmm_target_pages - the target
 * @wanted: pages that the hypervisor requests on loan
 * @total: pages assigned to the partition, in use and on loan
 * @minimum: pages of @total that are never loaned
 * @oom_freed: pages that out-of-memory events returned
 *
 * Return: @wanted minus @oom_freed, at least 0 and at most @total minus @minimum.
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
 * The room for loans. min_avail_mb sets a floor, which the available memory should not fall below.
 * Loans stop when the available memory is at 9/8 of the floor, and start again when it is above 5/4
 * of the floor. Returns start when the available memory is below the floor, and stop at 9/8 of the
 * floor. So a loan never causes a return, and a return never causes a loan.
 */
enum cmm_room {
	CMM_ROOM_AMPLE,		/* loan as requested */
	CMM_ROOM_LITTLE,	/* loan no more */
	CMM_ROOM_NONE,		/* return pages */
};

/* The memory that loans leave available: 9/8 of @floor. @floor and the result fit in a long. */
static inline unsigned long cmm_room_margin(unsigned long floor)
{
	unsigned long margin = floor + floor / 8;

	return margin < (unsigned long)CMM_LONG_MAX ? margin : CMM_LONG_MAX;
}

/**
 * cmm_room_after - whether the available memory allows loans
 * @before: the result of the last call
 * @available: the available memory, in pages
 * @floor: the memory that must stay available, in pages; 0 if there is no limit
 *
 * Return: the room. There is hysteresis at both limits, so that small changes of the available
 * memory don't change the room all the time.
 */
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

/**
 * cmm_room_pages - how many pages may be loaned now
 * @room: the result of cmm_room_after() for @available and @floor
 * @available: the available memory, in pages
 * @floor: the memory that must stay available, in pages; 0 if there is no limit
 *
 * Return: the number of pages; if negative, the number of pages that should be returned.
 */
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
