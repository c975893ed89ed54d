// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests src/moved.h: which change of the device tree shows a migration to another machine. Prints
 * TAP.
 */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "moved.h"

static const struct {
	const char *what;
	const char *name;
	const char *before;
	const char *after;
	bool moved;
} cases[] = {
	{ "another serial number: a migration", "system-id", "IBM,0212345", "IBM,0254321", true },
	{ "a longer serial number: a migration", "system-id", "IBM,0212345", "IBM,02123456", true },
	{ "a shorter serial number: a migration", "system-id", "IBM,02123456", "IBM,0212345", true },
	{ "a serial number instead of none: a migration", "system-id", "", "IBM,0212345", true },
	{ "the same serial number: no migration", "system-id", "IBM,0212345", "IBM,0212345", false },
	{ "another property: no migration", "model", "IBM,9009-22A", "IBM,9105-22A", false },
	{ "a property with a similar name: no migration", "system-id-2", "a", "b", false },
};

int main(void)
{
	size_t i, n = sizeof(cases) / sizeof(cases[0]);
	int failures = 0;

	for (i = 0; i < n; i++) {
		bool moved = cmm_is_other_system(cases[i].name, cases[i].before,
						 strlen(cases[i].before) + 1, cases[i].after,
						 strlen(cases[i].after) + 1);

		failures += moved != cases[i].moved;
		printf("%sok %zu - %s\n", moved == cases[i].moved ? "" : "not ", i + 1,
		       cases[i].what);
	}
	printf("1..%zu\n", n);
	return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
