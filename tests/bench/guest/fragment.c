// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fragment MIB: has so much memory, of which it then gives back all but each sixteenth page. So no
 * huge page is free in it, wherever in the machine's memory its pages are. Says "ready" and stays
 * as it is until it is killed.
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
	size_t page_bytes = sysconf(_SC_PAGESIZE), kept;
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

	for (kept = 0; kept < bytes; kept += KEPT * page_bytes)
		give_back(memory + kept + page_bytes, (KEPT - 1) * page_bytes);

	puts("ready");
	fflush(stdout);
	pause();
	return 0;
}
