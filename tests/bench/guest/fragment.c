// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fragment MIB: has so much memory, of which it then gives back: of each second huge page
 * all, and of those between them all but each sixteenth small page. What is free then is half
 * huge pages and half fragments of them. Says "ready" and stays as it is until it is killed.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define HUGE_BYTES (2UL << 20)
#define KEPT	   16

static void give_back(char *start, size_t bytes)
{
	if (!madvise(start, bytes, MADV_DONTNEED))
		return;
	perror("fragment: madvise");
	exit(1);
}

int main(int argc, char **argv)
{
	size_t bytes = argc == 2 ? strtoul(argv[1], NULL, 10) << 20 : 0;
	size_t page_bytes = sysconf(_SC_PAGESIZE), huge, page;
	char *memory;

	if (!bytes) {
		fprintf(stderr, "fragment: wants a number of MiB\n");
		return 2;
	}
	memory = aligned_alloc(HUGE_BYTES, bytes);
	if (!memory || madvise(memory, bytes, MADV_NOHUGEPAGE)) {
		perror("fragment");
		return 1;
	}
	memset(memory, 1, bytes);

	for (huge = 0; huge + HUGE_BYTES <= bytes; huge += 2 * HUGE_BYTES)
		give_back(memory + huge, HUGE_BYTES);
	for (huge = HUGE_BYTES; huge + HUGE_BYTES <= bytes; huge += 2 * HUGE_BYTES)
		for (page = 0; page < HUGE_BYTES; page += KEPT * page_bytes)
			give_back(memory + huge + page + page_bytes, (KEPT - 1) * page_bytes);

	puts("ready");
	fflush(stdout);
	pause();
	return 0;
}
