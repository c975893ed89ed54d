/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A word that should be one of some names, and the help with it in a message. */
#ifndef CMM_NAMES_H
#define CMM_NAMES_H

#include <stdbool.h>

/* Room for all names of a kind */
#define NAMES_MAX 512

/**
 * struct names - names that a word is compared with
 * @word: the word, set by the caller; all else begins as zeros
 * @known: "known:" and all names
 * @nearest: the name that is most like the word; NULL if no name is like it
 * @is_tied: another name is as near
 * @distance: how far both are apart
 */
struct names {
	const char *word;
	char known[NAMES_MAX];
	const char *nearest;
	bool is_tied;
	int distance;
};

void names_add(struct names *names, const char *name);

/* "is 'NAME' meant?", or @known if no single name is; names_add() must not follow. */
const char *names_hint(struct names *names);

#endif
