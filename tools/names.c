// SPDX-License-Identifier: GPL-2.0-or-later
/* A word that should be one of some names. */

#include <stdio.h>
#include <string.h>

#include "names.h"

/* No word is like a longer name. */
#define LENGTH_MAX 32

/* Changes of a letter that still count as a typing error */
#define SLIPS_MAX 3

static unsigned int min3(unsigned int a, unsigned int b, unsigned int c)
{
	if (b < a)
		a = b;
	return c < a ? c : a;
}

/* Letters to add, drop or change until @a is @b, of at most LENGTH_MAX (Levenshtein) */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int row[LENGTH_MAX + 1], i, j, corner, above;

	for (j = 0; b[j]; j++)
		row[j] = j;
	row[j] = j;
	for (i = 0; a[i]; i++) {
		corner = row[0];
		row[0] = i + 1;
		for (j = 0; b[j]; j++) {
			above = row[j + 1];
			row[j + 1] = min3(above + 1, row[j] + 1, corner + (a[i] != b[j]));
			corner = above;
		}
	}
	return row[j];
}

void names_add(struct names *names, const char *name)
{
	size_t length = strlen(names->known);
	unsigned int now;

	snprintf(names->known + length, sizeof(names->known) - length, "%s %s",
		 length ? "" : "known:", name);
	if (strlen(name) > LENGTH_MAX)
		return;
	now = distance(names->word, name);
	if (now > SLIPS_MAX || now >= strlen(name) || (names->nearest && now >= names->distance))
		return;
	names->distance = now;
	names->nearest = name;
}

const char *names_hint(struct names *names)
{
	if (names->nearest)
		snprintf(names->known, sizeof(names->known), "is '%s' meant?", names->nearest);
	return names->known;
}
