// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * react LOANED_KB_FILE AT_KB FILE TEXT: waits until so much is on loan while the driver goes on
 * loaning, and writes the text to the file. Then prints two figures, in microseconds: the time
 * from there to the last page that was loaned in spite of it, before the driver first stopped,
 * and the longest time for which a real-time thread of the driver's CPU, which is to be the
 * first one, had to wait for it.
 */

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PERIOD_NS 1000000
#define QUIET_NS  100000000LL /* without one more page: it has stopped */
#define LIMIT_NS  120000000000LL

static atomic_llong longest_ns;
static atomic_bool over;

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static long long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void stay_on(int cpu)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		fail("react: sched_setaffinity");
}

/* Whatever it is late by, the CPU was somebody's who couldn't be interrupted. */
static void *watch(void *argument)
{
	struct sched_param first = { .sched_priority = 50 };
	struct timespec period = { .tv_nsec = PERIOD_NS };
	long long before, late;

	(void)argument;
	stay_on(0);
	if (sched_setscheduler(0, SCHED_FIFO, &first))
		fail("react: sched_setscheduler");
	while (!over) {
		before = now_ns();
		nanosleep(&period, NULL);
		late = now_ns() - before - PERIOD_NS;
		if (late > longest_ns)
			longest_ns = late;
	}
	return NULL;
}

static long loaned_kb(int file)
{
	char text[32] = "";

	if (pread(file, text, sizeof(text) - 1, 0) <= 0)
		fail("react: loaned_kb");
	return atol(text);
}

/* In a process of its own, as it may take until all is over. */
static pid_t write_text(const char *path, const char *text)
{
	pid_t child = fork();
	int file;

	if (child < 0)
		fail("react: fork");
	if (child)
		return child;
	file = open(path, O_WRONLY);
	if (file < 0 || write(file, text, strlen(text)) < 0)
		fail(path);
	_exit(0);
}

int main(int argc, char **argv)
{
	long long start, event, last;
	pthread_t watcher;
	long kb, most_kb;
	pid_t child;
	int loaned;

	if (argc != 5) {
		fprintf(stderr, "react: wants LOANED_KB_FILE AT_KB FILE TEXT\n");
		return 2;
	}
	loaned = open(argv[1], O_RDONLY);
	if (loaned < 0)
		fail(argv[1]);
	stay_on(1);
	start = now_ns();
	while (loaned_kb(loaned) < atol(argv[2]))
		if (now_ns() - start > LIMIT_NS) {
			fprintf(stderr, "react: nothing is loaned\n");
			return 1;
		}

	if (pthread_create(&watcher, NULL, watch, NULL)) {
		fprintf(stderr, "react: no thread\n");
		return 1;
	}
	event = now_ns();
	last = event;
	child = write_text(argv[3], argv[4]);
	most_kb = loaned_kb(loaned);
	while (now_ns() - last < QUIET_NS && now_ns() - event < LIMIT_NS) {
		kb = loaned_kb(loaned);
		if (kb <= most_kb)
			continue;
		last = now_ns();
		most_kb = kb;
	}
	over = true;
	pthread_join(watcher, NULL);
	waitpid(child, NULL, 0);
	printf("%lld %lld\n", (last - event) / 1000, longest_ns / 1000);
	return 0;
}
