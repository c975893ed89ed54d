// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * react loaning|returning LOANED_KB_FILE PORT REQUEST AT_KB FILE TEXT: writes the request to the
 * hypervisor's port, says "ready", waits until so much is on loan while the driver goes on loaning
 * or returning, and writes the text to the file, which may be that port. Then prints two figures,
 * in microseconds: the time from there to the last page that moved the same way in spite of it,
 * before the driver first stopped loaning, or loaned again instead of returning; and the longest
 * time for which a real-time thread of the driver's CPU, which is to be the first one, had to wait
 * for it. A wait that has begun before is counted as a whole.
 *
 * react program LOANED_KB_FILE MS: the same for so long, with a program that never rests on that
 * CPU instead of the driver. Nobody has to wait for that, so what is found is the host's.
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
#define QUIET_NS  100000000LL /* without one more page: it has stopped */
#define TURN_NS	  5000000000LL /* for returns: a batch can take longer than that */
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

/* In a process of its own, as it may take until all is over. */
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
		fprintf(stderr, "react: no thread\n");
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

/* One at a time can open a port: who is to write to it has to ask for the loan as well. */
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
			fprintf(stderr, "react: nothing moves\n");
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
		"react: wants loaning|returning LOANED_KB_FILE PORT REQUEST AT_KB FILE TEXT,\n"
		"       or program LOANED_KB_FILE MS\n");
	return 2;
}
