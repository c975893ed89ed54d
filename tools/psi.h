/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Time that tasks wait for memory: /proc/pressure/memory (Documentation/accounting/psi.rst) */
#ifndef CMM_PSI_H
#define CMM_PSI_H

#include <stdbool.h>

#include "parse.h"

/* Some of the tasks that could run wait, or all of them */
enum { PSI_SOME, PSI_FULL, PSI_LINES };

struct psi {
	bool known[PSI_LINES];
	struct psi_line lines[PSI_LINES];
};

/*
 * 0, or an enum cmm_exit after one line on stderr. A kernel without the file is no error, nor is
 * one that has it without measuring (the boot parameter psi=0).
 */
int psi_read(struct psi *psi);

#endif
