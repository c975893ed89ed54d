// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fragment MIB: allocates this much memory, and then frees all of its pages except every sixteenth.
 * So no huge page in this memory is completely free. Prints "ready", and keeps the remaining pages
 * until it is killed.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define HUGE_BYTES (2UL << 20)
#define KEPT	   16

static void free_pages(char *start, size_t bytes)
{
	if (!madvise(start, bytes, MADV_DONTNEED))
		return;
	perror("fragment: madvise");
	exit(1);
}

int main(int argc, char **argv)
{
	size_t bytes = argc == 2 ? strtoul(argv[1], NULL, 10) << 20 : 0;
	size_t page_bytes = sysconf(_SC_PAGESIZE), kept;
	char *memory;

	if (!bytes) {
		fprintf(stderr, "usage: fragment MIB\n");
		return 2;
	}
	memory = aligned_alloc(HUGE_BYTES, bytes);
	if (!memory || madvise(memory, bytes, MADV_NOHUGEPAGE)) {
		perror("fragment");
		return 1;
	}
	memset(memory, 1, bytes);

	for (kept = 0; kept < bytes; kept += KEPT * page_bytes)
		free_pages(memory + kept + page_bytes, (KEPT - 1) * page_bytes);

	puts("ready");
	fflush(stdout);
	pause();
	return 0;
}
