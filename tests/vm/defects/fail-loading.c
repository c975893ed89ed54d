// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fail-loading FILE MODULE COUNT: loads a module COUNT times and lets one allocation fail each
 * time: first the last allocation of the load, then the one before it, and so on
 * (/proc/self/fail-nth, see the kernel's Documentation/fault-injection). If the module loads
 * anyway, it is unloaded. Prints how each load ended. Fails if a failed load leaves anything
 * behind.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* More allocations than a load makes */
#define MANY 1000000

static int module_file, nth_file;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void fail_nth(int nth)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", nth);
	if (pwrite(nth_file, text, strlen(text), 0) < 0)
		die("fail-nth");
}

/* The number of allocations until the next failure */
static int left_to_fail(void)
{
	char text[16] = "";

	if (pread(nth_file, text, sizeof(text) - 1, 0) < 0)
		die("fail-nth");
	return atoi(text);
}

/*
 * Loads the module, with the nth allocation failing. Returns the number of allocations that were
 * made. *error is 0 or the errno of the load.
 */
static int load(int nth, int *error)
{
	int left;

	fail_nth(nth);
	*error = syscall(SYS_finit_module, module_file, "", 0) ? errno : 0;
	left = left_to_fail();
	fail_nth(0);
	return nth - left;
}

static void unload(const char *module)
{
	if (syscall(SYS_delete_module, module, O_NONBLOCK))
		die("unloading");
}

static void check_nothing_is_left(const char *module)
{
	char place[64];

	snprintf(place, sizeof(place), "/sys/module/%s", module);
	if (access(place, F_OK) && access("/sys/devices/system/cmm", F_OK))
		return;
	printf("a failed load left something behind\n");
	exit(1);
}

int main(int argc, char **argv)
{
	int count, all, error;

	if (argc != 4) {
		fprintf(stderr, "usage: fail-loading FILE MODULE COUNT\n");
		return 2;
	}
	count = atoi(argv[3]);
	module_file = open(argv[1], O_RDONLY);
	if (module_file < 0)
		die(argv[1]);
	nth_file = open("/proc/self/fail-nth", O_RDWR);
	if (nth_file < 0)
		die("fail-nth");

	all = load(MANY, &error);
	for (int nth = all; !error && nth > all - count && nth > 0; nth--) {
		unload(argv[2]);
		load(nth, &error);
		printf("allocation %d of %d fails: %s\n", nth, all, strerror(error));
		if (!error)
			continue;
		check_nothing_is_left(argv[2]);
		load(MANY, &error);
	}
	if (error) {
		fprintf(stderr, "fail-loading: the module does not load: %s\n", strerror(error));
		return 1;
	}
	unload(argv[2]);
	check_nothing_is_left(argv[2]);
	return 0;
}
