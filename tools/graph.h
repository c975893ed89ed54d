/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The graph of cmm-admin monitor: the loan over time, on the whole terminal */
#ifndef CMM_GRAPH_H
#define CMM_GRAPH_H

#include <stdbool.h>

#include "sample.h"

/*
 * Takes over the terminal, and holds stderr back until graph_end(). Returns 0, or prints one line
 * on stderr and returns CMM_EXIT_FAILURE.
 */
int graph_begin(void);

/* Restores the terminal, and prints the messages on stderr that were held back. */
void graph_end(void);

/* Adds a sample at the right, and redraws. */
void graph_add(const struct sample *sample);

/*
 * Handles the keys that were pressed: redraws if the terminal changed its size, and returns true if
 * the user quits.
 */
bool graph_keys(void);

#endif
