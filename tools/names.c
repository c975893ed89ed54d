// SPDX-License-Identifier: GPL-2.0-or-later
/* Suggestions for a mistyped name */

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "names.h"

/* The beginning of a long option */
#define DASHES "--"

/* Longer names are never suggested. */
#define LENGTH_MAX 32

/* Nothing is suggested for a shorter word, which would be similar to many names. */
#define WORD_MIN 2

/* The distance that one typing error counts for */
#define TYPO 64
/* A missing end of up to this many letters, such as "_kb", adds little to the distance. */
#define SUFFIX_MAX 3

static unsigned int min(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

static bool is_same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/*
 * The number of typing errors between @word and @name (optimal string alignment distance): letters
 * to add, drop, change, or swap with the next letter. Case is ignored. @name has at most LENGTH_MAX
 * letters.
 */
static unsigned int typos_between(const char *word, const char *name)
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

/*
 * The largest number of typing errors with which a name is suggested: a third of the longer length,
 * rounded down, but at least 1, as in GCC. If the lengths differ by more than one letter, it is a
 * third of the shorter length, rounded up. There, GCC uses the longer length.
 */
static unsigned int max_typos(size_t word_length, size_t name_length)
{
	size_t longer = word_length > name_length ? word_length : name_length;
	size_t shorter = word_length + name_length - longer;

	if (longer - shorter > 1)
		return (shorter + 2) / 3;
	return longer >= 3 ? longer / 3 : 1;
}

/*
 * The distance of a word that lacks the last @missing letters of a name. It is larger than that of
 * one typing error, so a name with one typing error is suggested first.
 */
static int prefix_distance(size_t missing)
{
	return TYPO + (missing <= SUFFIX_MAX ? (int)missing : TYPO / 2);
}

/* The distance of @name from @word; -1 if it is too far to be suggested */
static int name_distance(const char *word, const char *name)
{
	size_t word_length, name_length;
	unsigned int typos;

	/* The dashes of two options would make them look similar. */
	if (!strncmp(word, DASHES, strlen(DASHES)) && !strncmp(name, DASHES, strlen(DASHES))) {
		word += strlen(DASHES);
		name += strlen(DASHES);
	}
	word_length = strlen(word);
	name_length = strlen(name);
	if (word_length < WORD_MIN || word_length > 2 * LENGTH_MAX || name_length > LENGTH_MAX)
		return -1;
	typos = typos_between(word, name);
	if (typos > 1 && !strncasecmp(word, name, word_length))
		return prefix_distance(name_length - word_length);
	return typos <= max_typos(word_length, name_length) ? (int)typos * TYPO : -1;
}

void names_add(struct names *names, const char *name)
{
	size_t length = strlen(names->known);
	int distance = name_distance(names->word, name);

	snprintf(names->known + length, sizeof(names->known) - length, "%s %s",
		 length ? "" : "known:", name);
	if (distance < 0 || (names->nearest && distance > names->distance))
		return;
	names->is_tied = names->nearest && distance == names->distance;
	names->distance = distance;
	names->nearest = name;
}

/* If two names are equally near, neither is suggested. */
const char *names_hint(struct names *names)
{
	if (names->nearest && !names->is_tied)
		snprintf(names->known, sizeof(names->known), "is '%s' meant?", names->nearest);
	return names->known;
}
