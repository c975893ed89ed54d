// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * touch-unmapped PAGES SECONDS: tests the emulated MMU. One CPU reads and writes pages while the
 * other CPU unmaps and frees them. On an access the MMU sets the bits R and C in the page's PTE. If
 * the kernel clears the PTE at that moment, a faulty MMU writes the old PTE back, and the page
 * stays mapped after it is freed. The kernel reports that, at the latest when this process ends.
 *
 * madvise(MADV_FREE) clears R and C and drops the translations, so the MMU has to read the PTEs
 * again. Sooner or later the MMU does that at the moment when MADV_DONTNEED clears the PTEs.
 */
#include <err.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define TIMES 100 /* rounds between two reads of the clock */

struct area {
	char *begin;
	size_t pages;
	size_t page_bytes;
	atomic_ulong rounds;
	atomic_bool ended;
};

static void stay_on(int number)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(number, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		err(1, "CPU %d", number);
}

static void *touch(void *data)
{
	struct area *area = data;
	volatile uint64_t *word;
	size_t i;

	stay_on(1);
	while (!area->ended) {
		for (i = 0; i < area->pages; i++) {
			word = (uint64_t *)(area->begin + i * area->page_bytes);
			*word = *word + 1;
		}
		area->rounds++;
	}
	return NULL;
}

static void wait_for_pages(const struct area *area)
{
	unsigned long before = area->rounds;

	while (area->rounds - before < 2)
		;
}

static void spend(int loops)
{
	volatile int left = loops;

	while (left > 0)
		left--;
}

static void unmap(const struct area *area, time_t seconds)
{
	size_t bytes = area->pages * area->page_bytes;
	time_t end = time(NULL) + seconds;
	int i;

	stay_on(0);
	do {
		for (i = 0; i < TIMES; i++) {
			wait_for_pages(area);
			if (madvise(area->begin, bytes, MADV_FREE))
				err(1, "madvise");
			spend(i);
			if (madvise(area->begin, bytes, MADV_DONTNEED))
				err(1, "madvise");
		}
	} while (time(NULL) < end);
}

int main(int argc, char **argv)
{
	struct area area = { .page_bytes = (size_t)sysconf(_SC_PAGESIZE) };
	pthread_t toucher;

	if (argc != 3)
		errx(2, "usage: touch-unmapped PAGES SECONDS");
	area.pages = strtoul(argv[1], NULL, 10);
	area.begin = mmap(NULL, area.pages * area.page_bytes, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (area.begin == MAP_FAILED)
		err(1, "mmap");
	if (pthread_create(&toucher, NULL, touch, &area))
		errx(1, "cannot create a thread");
	unmap(&area, atol(argv[2]));
	area.ended = true;
	pthread_join(toucher, NULL);
	return 0;
}
