/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Suggestions for a mistyped name */
#ifndef CMM_NAMES_H
#define CMM_NAMES_H

#include <stdbool.h>

/* Room for a list of all names, in a message */
#define NAMES_MAX 512

/**
 * struct names - names that a word is compared with
 * @word: the mistyped word. The caller sets it, and zeros all other members.
 * @known: text for a message: "known:" and all names
 * @nearest: the name that is most similar to the word; NULL if none is similar enough
 * @is_tied: another name is as similar as @nearest
 * @distance: between @word and @nearest
 */
struct names {
	const char *word;
	char known[NAMES_MAX];
	const char *nearest;
	bool is_tied;
	int distance;
};

/* Compares the word with @name, one of the valid names. */
void names_add(struct names *names, const char *name);

/*
 * The text for a message: "is 'NAME' meant?" if one name is more similar than all others, else
 * @known. After this call, the caller must not call names_add() again.
 */
const char *names_hint(struct names *names);

#endif
