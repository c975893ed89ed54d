// SPDX-License-Identifier: GPL-2.0-or-later
/* A word that should be one of some names. */

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "names.h"

/* No word is like a longer name. */
#define LENGTH_MAX 32

/* A shorter word is like many names. */
#define WORD_MIN 2

/* The distance of one typing error, and the letters of "_kb" */
#define SLIP	64
#define END_MAX 3

static unsigned int min(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

static bool is_same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/*
 * Letters to add, drop, change or swap with the next until @word is @name, of at most LENGTH_MAX
 * (optimal string alignment distance); upper and lower case are the same.
 */
static unsigned int distance(const char *word, const char *name)
{
	unsigned int rows[3][LENGTH_MAX + 1], *now = rows[0], *above = rows[1], *above2 = rows[2];
	unsigned int i, j, *spare;

	for (j = 0; j == 0 || name[j - 1]; j++)
		now[j] = j;
	for (i = 0; word[i]; i++) {
		spare = above2;
		above2 = above;
		above = now;
		now = spare;
		now[0] = i + 1;
		for (j = 0; name[j]; j++) {
			now[j + 1] = min(min(above[j + 1], now[j]) + 1,
					 above[j] + !is_same(word[i], name[j]));
			if (i && j && is_same(word[i], name[j - 1]) &&
			    is_same(word[i - 1], name[j]))
				now[j + 1] = min(now[j + 1], above2[j - 1] + 1);
		}
	}
	return now[strlen(name)];
}

/* Typing errors that a word of that length can have: the rule of GCC's suggestions */
static unsigned int most_slips(size_t word_length, size_t name_length)
{
	size_t longer = word_length > name_length ? word_length : name_length;
	size_t shorter = word_length + name_length - longer;

	if (longer - shorter > 1)
		return (longer + 2) / 3;
	return longer >= 3 ? longer / 3 : 1;
}

/* A name without its end, such as a unit, is as like it as one typing error, or a little less. */
static int beginning_likeness(size_t missing)
{
	return SLIP + (missing <= END_MAX ? (int)missing : SLIP / 2);
}

/* How far @name is from @word; -1 if it is not like it */
static int likeness(const char *word, const char *name)
{
	size_t word_length = strlen(word), name_length = strlen(name);
	unsigned int slips;

	if (word_length < WORD_MIN || word_length > 2 * LENGTH_MAX || name_length > LENGTH_MAX)
		return -1;
	slips = distance(word, name);
	if (slips > 1 && !strncasecmp(word, name, word_length))
		return beginning_likeness(name_length - word_length);
	return slips <= most_slips(word_length, name_length) ? (int)slips * SLIP : -1;
}

void names_add(struct names *names, const char *name)
{
	size_t length = strlen(names->known);
	int now = likeness(names->word, name);

	snprintf(names->known + length, sizeof(names->known) - length, "%s %s",
		 length ? "" : "known:", name);
	if (now < 0 || (names->nearest && now > names->distance))
		return;
	names->is_tied = names->nearest && now == names->distance;
	names->distance = now;
	names->nearest = name;
}

/* If two names are equally near, either could be meant. */
const char *names_hint(struct names *names)
{
	if (names->nearest && !names->is_tied)
		snprintf(names->known, sizeof(names->known), "is '%s' meant?", names->nearest);
	return names->known;
}
