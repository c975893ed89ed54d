/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory pressure: /proc/pressure/memory (the kernel's Documentation/accounting/psi.rst) */
#ifndef CMM_PSI_H
#define CMM_PSI_H

#include <stdbool.h>

#include "parse.h"

/*
 * PSI_SOME: time in which some tasks wait for memory; PSI_FULL: time in which all tasks that could
 * run wait for memory
 */
enum { PSI_SOME, PSI_FULL, PSI_LINES };

struct psi {
	bool known[PSI_LINES];
	struct psi_line lines[PSI_LINES];
};

/*
 * Reads the file. Returns 0, or prints one line on stderr and returns an enum cmm_exit. It is no
 * error if the kernel has no such file, if the user may not read it, or if the kernel does not
 * measure the pressure (the boot parameter psi=0).
 */
int psi_read(struct psi *psi);

#endif
