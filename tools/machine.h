/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The machine that the partition runs on, as the kernel and the hypervisor describe it */
#ifndef CMM_MACHINE_H
#define CMM_MACHINE_H

#include <stddef.h>

#include "kernel-config.h"
#include "lparcfg.h"

/* POWER has no Active Memory Sharing from this generation on (powerpc-utils, lparstat.c). */
#define POWER_WITHOUT_AMS 10

enum machine_mmu { MMU_UNKNOWN, MMU_HASH, MMU_RADIX };

enum machine_memory { MEMORY_UNKNOWN, MEMORY_DEDICATED, MEMORY_SHARED };

/* Whether the kernel notifies the hypervisor of each page that it frees (arch_free_page()) */
enum machine_hint { HINT_UNKNOWN, HINT_NONE, HINT_OFF, HINT_ON };

/**
 * struct machine - the machine, its firmware and the running kernel
 * @model: the machine's model, such as "IBM,9009-22A"; "" if unknown
 * @generation: the physical processor's generation, such as 9 for POWER9; 0 if unknown. The
 *	processor version register (PVR) shows it in every compatibility mode
 * @mode: the processor that the kernel sees, such as "POWER9 (architected)"; in a compatibility
 *	mode, an older one than the physical processor; "" if unknown
 * @mmu: the kind of page tables
 * @memory: shared or dedicated memory
 * @kernel: configuration of the running kernel
 * @cmo: the firmware offers Cooperative Memory Over-commitment (CMO)
 * @cmo_page_bytes: the size of a page that is loaned by one hypercall; 0 if unknown
 * @hint: see enum machine_hint
 */
struct machine {
	char model[CMM_VALUE_MAX];
	unsigned int generation;
	char mode[CMM_VALUE_MAX];
	enum machine_mmu mmu;
	enum machine_memory memory;
	struct kernel_config kernel;
	bool cmo;
	unsigned long cmo_page_bytes;
	enum machine_hint hint;
};

/*
 * Reads the facts about the machine; @lparcfg and @kernel are of the running system. Returns 0, or
 * prints one line on stderr for each fact that cannot be read, and returns an enum cmm_exit. The
 * other facts are valid in both cases. If the kernel does not show a fact, the fact is unknown, but
 * this is not an error.
 */
int machine_read(struct machine *machine, const struct lparcfg *lparcfg,
		 const struct kernel_config *kernel);

/*
 * Whether the machine is known to have no Active Memory Sharing, so that a driver works only with
 * simulate=1. False for any processor if the firmware offers CMO.
 */
bool machine_lacks_ams(const struct machine *machine);

/*
 * Whether a page of CMO is larger than a page of the kernel. Our driver then loads only with
 * simulate=1 (cmm_pseries_init()). False if one of the sizes is unknown.
 */
bool machine_has_large_pages(const struct machine *machine);

/* Room for the line of machine_describe() */
#define MACHINE_MAX 512

/*
 * Prints a description to @line, such as
 * "POWER10 (IBM,9105-22A) in POWER9 mode, radix MMU, dedicated memory". Unknown facts are left out.
 * The description of each real machine fits on one line of the report's screen.
 */
void machine_describe(const struct machine *machine, char line[MACHINE_MAX]);

/*
 * The names of the processor (such as "POWER9"), of the kind of page tables ("hash" or "radix") and
 * of the kind of memory ("dedicated" or "shared"). Each name is "" if unknown.
 */
void machine_processor(const struct machine *machine, char processor[CMM_VALUE_MAX]);
const char *machine_page_tables(const struct machine *machine);
const char *machine_memory_mode(const struct machine *machine);

#endif
