/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Options of an installed kernel's configuration */
#ifndef CMM_KERNEL_CONFIG_H
#define CMM_KERNEL_CONFIG_H

#include <stdbool.h>

struct kernel_config {
	bool there; /* the configuration is installed, can be read, and has options */
	bool smlpar; /* CONFIG_PPC_SMLPAR */
	bool balloon; /* CONFIG_MEMORY_BALLOON or CONFIG_BALLOON */
	unsigned long page_bytes; /* CONFIG_PPC_64K_PAGES or CONFIG_PPC_4K_PAGES; 0 if unknown */
	bool smp; /* CONFIG_SMP */
	bool preemption; /* CONFIG_PREEMPTION */
	bool module_unload; /* CONFIG_MODULE_UNLOAD */
	bool modversions; /* CONFIG_MODVERSIONS */
};

/*
 * Reads the configuration of the kernel @release. Returns 0, or prints one line on stderr and
 * returns an enum cmm_exit. A configuration that is not installed is no error.
 */
int kernel_config_read(struct kernel_config *config, const char *release);

#endif
