// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * workload uses memory until it is killed. It has two forms:
 *
 * workload random|cyclic ANON_MIB FILE_MIB DEVICE OFFSET_MIB: once a second it makes a pass over
 * ANON_MIB of its own memory and FILE_MIB of the device, from OFFSET_MIB on. A pass has as many
 * accesses as there are pages. With "cyclic" it accesses each page once, in order. With "random" it
 * accesses random pages. For each pass it prints a line "pass: NANOSECONDS FAULTS", with the CPU
 * time and the major faults of the pass.
 *
 * workload stream MIB_A_SECOND FILE_MIB DEVICE OFFSET_MIB: reads FILE_MIB of the device, from
 * OFFSET_MIB on, again and again, at this rate.
 */

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define MIB (1UL << 20)

struct load {
	size_t page_bytes;
	char *memory;
	size_t memory_pages;
	int device;
	off_t offset;
	size_t device_pages;
};

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void read_byte(const struct load *load, size_t page)
{
	char byte;

	if (pread(load->device, &byte, 1, load->offset + page * load->page_bytes) != 1)
		fail("workload: read");
}

static void touch(const struct load *load, size_t page)
{
	if (page < load->memory_pages)
		load->memory[page * load->page_bytes]++;
	else
		read_byte(load, page - load->memory_pages);
}

static uint64_t next_random(void)
{
	static uint64_t x = 88172645463325252ULL;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return x;
}

static void pass(const struct load *load, int is_random)
{
	size_t pages = load->memory_pages + load->device_pages, i;

	for (i = 0; i < pages; i++)
		touch(load, is_random ? next_random() % pages : i);
}

static void wait_for_next_second(struct timespec *next)
{
	struct timespec now;

	next->tv_sec++;
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (now.tv_sec > next->tv_sec)
		next->tv_sec = now.tv_sec;
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, next, NULL);
}

static void run_passes(const struct load *load, int is_random)
{
	struct timespec next, cpu;
	struct rusage usage;
	int64_t ns, before_ns = 0;
	long before_faults = 0;

	clock_gettime(CLOCK_MONOTONIC, &next);
	for (;;) {
		pass(load, is_random);
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
		getrusage(RUSAGE_SELF, &usage);
		ns = cpu.tv_sec * 1000000000L + cpu.tv_nsec;
		printf("pass: %ld %ld\n", (long)(ns - before_ns), usage.ru_majflt - before_faults);
		fflush(stdout);
		before_ns = ns;
		before_faults = usage.ru_majflt;
		wait_for_next_second(&next);
	}
}

static void run_stream(const struct load *load, size_t pages_a_second)
{
	struct timespec next;
	size_t page = 0, i;

	clock_gettime(CLOCK_MONOTONIC, &next);
	for (;;) {
		for (i = 0; i < pages_a_second; i++, page++)
			read_byte(load, page % load->device_pages);
		wait_for_next_second(&next);
	}
}

int main(int argc, char **argv)
{
	struct load load = { .page_bytes = sysconf(_SC_PAGESIZE) };
	size_t amount_pages;

	if (argc != 6) {
		fprintf(stderr, "usage: workload KIND MIB FILE_MIB DEVICE OFFSET_MIB\n");
		return 2;
	}
	amount_pages = strtoul(argv[2], NULL, 10) * MIB / load.page_bytes;
	load.device_pages = strtoul(argv[3], NULL, 10) * MIB / load.page_bytes;
	load.device = open(argv[4], O_RDONLY);
	load.offset = strtoul(argv[5], NULL, 10) * MIB;
	if (load.device < 0)
		fail(argv[4]);
	if (!strcmp(argv[1], "stream"))
		run_stream(&load, amount_pages);

	load.memory_pages = amount_pages;
	if (amount_pages) {
		load.memory = mmap(NULL, amount_pages * load.page_bytes, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (load.memory == MAP_FAILED)
			fail("workload: mmap");
		memset(load.memory, 1, amount_pages * load.page_bytes);
	}
	run_passes(&load, !strcmp(argv[1], "random"));
}
