// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * exhaust NODE|any FILE: uses up the memory of a node, or of all nodes, until an OOM event changes
 * the number in FILE (oom_freed_kb of cmm0) or the kernel kills this process.
 *
 * With NODE the process is bound to the node. Other processes can still use the other node. So this
 * process alone causes OOM events, and allocations of other processes do not fail.
 */
#include <fcntl.h>
#include <linux/mempolicy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MAX_NODES 64

/* More memory than any guest has. The area uses memory only for pages that are written. */
#define AREA_BYTES (64UL << 30)

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static void read_number(int fd, char number[32])
{
	ssize_t length = pread(fd, number, 31, 0);

	if (length < 0)
		die("read");
	number[length] = '\0';
}

static void volunteer_for_oom_kill(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY);

	if (fd < 0 || write(fd, "1000", 4) != 4)
		die("oom_score_adj");
	close(fd);
}

int main(int argc, char **argv)
{
	unsigned long page = sysconf(_SC_PAGESIZE), nodes, i;
	char before[32], now[32], *area;
	int fd;

	if (argc != 3) {
		fprintf(stderr, "usage: exhaust NODE|any FILE\n");
		return 2;
	}
	nodes = 1UL << strtoul(argv[1], NULL, 10);
	fd = open(argv[2], O_RDONLY);
	if (fd < 0)
		die(argv[2]);
	read_number(fd, before);
	volunteer_for_oom_kill();
	area = mmap(NULL, AREA_BYTES, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (area == MAP_FAILED)
		die("mmap");
	madvise(area, AREA_BYTES, MADV_NOHUGEPAGE);
	if (strcmp(argv[1], "any") && syscall(SYS_set_mempolicy, MPOL_BIND, &nodes, MAX_NODES))
		die("set_mempolicy");

	for (i = 0; i < AREA_BYTES / page; i++) {
		area[i * page] = 1;
		read_number(fd, now);
		if (strcmp(before, now))
			return 0;
	}
	return 1;
}
