/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The loan over time, on a whole terminal. */
#ifndef CMM_GRAPH_H
#define CMM_GRAPH_H

#include <stdbool.h>

#include "sample.h"

/* Takes the terminal: 0, or CMM_EXIT_FAILURE after one line on stderr. */
int graph_begin(void);

/* Gives it back. */
void graph_end(void);

/* Adds a sample at the right, and draws. */
void graph_add(const struct sample *sample);

/* Reads the keys that were pressed, and draws anew after a change of size; whether to end. */
bool graph_keys(void);

#endif
