// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * react loaning|returning LOANED_KB_FILE PORT REQUEST AT_KB FILE TEXT: measures how fast the driver
 * reacts to an event. It writes REQUEST to the hypervisor's port, prints "ready", and waits until
 * AT_KB are on loan. The first argument says whether the driver is then loaning or returning pages.
 * Then react writes TEXT to FILE. This write is the event that should stop the driver. FILE may be
 * PORT.
 * Prints two figures in microseconds:
 *
 * - the time from the event to the last page that the driver still loaned, or still returned.
 *   Loaning is over when no page has been loaned for QUIET_NS. Returning is over when a page is
 *   loaned, or when no page has been returned for TURN_NS.
 * - the longest time for which a real-time thread on the driver's CPU, CPU 0, waited for that CPU.
 *   A wait that began before the event counts in full.
 *
 * react program LOANED_KB_FILE MS: measures the second figure for MS milliseconds, with an endless
 * loop on CPU 0 instead of the driver. The kernel can interrupt the loop at any time, so the delays
 * come from the host.
 */

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PERIOD_NS 1000000
#define QUIET_NS  100000000LL /* if no page is loaned for this time, loaning is over */
#define TURN_NS	  5000000000LL /* if no page is returned for this time, returning is over */
#define LIMIT_NS  120000000000LL

static atomic_llong longest_ns;
static atomic_bool watching, over;

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

/* Sleeps for a period again and again. If a sleep ends late, the CPU did not reschedule in time. */
static void *watch(void *argument)
{
	struct sched_param first = { .sched_priority = 50 };
	struct timespec period = { .tv_nsec = PERIOD_NS };
	long long before, late;

	(void)argument;
	stay_on(0);
	if (sched_setscheduler(0, SCHED_FIFO, &first))
		fail("react: sched_setscheduler");
	watching = true;
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

static int open_to_write(const char *path)
{
	int file = open(path, O_WRONLY);

	if (file < 0)
		fail(path);
	return file;
}

static void write_text(int file, const char *text)
{
	if (write(file, text, strlen(text)) < 0)
		fail(text);
}

/* Writes in a new process, because the write can last until all pages are returned. */
static pid_t start_writing(int file, const char *text)
{
	pid_t child = fork();

	if (child < 0)
		fail("react: fork");
	if (child)
		return child;
	write_text(file, text);
	_exit(0);
}

static pthread_t start_watching(void)
{
	pthread_t watcher;

	stay_on(1);
	if (pthread_create(&watcher, NULL, watch, NULL)) {
		fprintf(stderr, "react: cannot create a thread\n");
		exit(1);
	}
	while (!watching)
		usleep(PERIOD_NS / 1000);
	return watcher;
}

static void stop_watching(pthread_t watcher)
{
	over = true;
	pthread_join(watcher, NULL);
}

static pid_t start_program(void)
{
	pid_t child = fork();

	if (child < 0)
		fail("react: fork");
	if (child)
		return child;
	stay_on(0);
	while (true)
		;
}

static int watch_program(int loaned, long ms)
{
	long long end = now_ns() + ms * 1000000LL;
	pid_t program = start_program();
	pthread_t watcher = start_watching();

	longest_ns = 0;
	while (now_ns() < end)
		loaned_kb(loaned);
	stop_watching(watcher);
	kill(program, SIGKILL);
	waitpid(program, NULL, 0);
	printf("%ld %lld\n", ms * 1000, longest_ns / 1000);
	return 0;
}

/* Only one process can open the port. So this program also writes the request for the loan. */
static int watch_driver(int way, int loaned, char **arguments)
{
	long long quiet_ns = way > 0 ? QUIET_NS : TURN_NS, start, event, last;
	const char *request = arguments[1], *text = arguments[4];
	int port = open_to_write(arguments[0]), file = port, status;
	long at_kb = atol(arguments[2]), kb, furthest_kb;
	pthread_t watcher = start_watching();
	pid_t child;

	if (strcmp(arguments[3], arguments[0]))
		file = open_to_write(arguments[3]);
	write_text(port, request);
	puts("ready");
	fflush(stdout);

	start = now_ns();
	while (way * (loaned_kb(loaned) - at_kb) < 0)
		if (now_ns() - start > LIMIT_NS) {
			fprintf(stderr, "react: no page is loaned or returned\n");
			return 1;
		}

	longest_ns = 0;
	event = now_ns();
	last = event;
	child = start_writing(file, text);
	furthest_kb = loaned_kb(loaned);
	while (now_ns() - last < quiet_ns && now_ns() - event < LIMIT_NS) {
		kb = loaned_kb(loaned);
		if (way < 0 && kb > furthest_kb)
			break;
		if (way * (kb - furthest_kb) <= 0)
			continue;
		last = now_ns();
		furthest_kb = kb;
	}
	stop_watching(watcher);
	if (waitpid(child, &status, 0) < 0 || status)
		return 1;
	close(port);
	printf("%lld %lld\n", (last - event) / 1000, longest_ns / 1000);
	return 0;
}

int main(int argc, char **argv)
{
	int loaned;

	if (argc != 4 && argc != 8)
		goto usage;
	loaned = open(argv[2], O_RDONLY);
	if (loaned < 0)
		fail(argv[2]);
	if (argc == 4 && !strcmp(argv[1], "program"))
		return watch_program(loaned, atol(argv[3]));
	if (argc == 8 && !strcmp(argv[1], "loaning"))
		return watch_driver(1, loaned, argv + 3);
	if (argc == 8 && !strcmp(argv[1], "returning"))
		return watch_driver(-1, loaned, argv + 3);

usage:
	fprintf(stderr,
		"usage: react loaning|returning LOANED_KB_FILE PORT REQUEST AT_KB FILE TEXT\n"
		"       react program LOANED_KB_FILE MS\n");
	return 2;
}
