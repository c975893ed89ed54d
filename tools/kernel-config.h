/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The configuration of a kernel that is installed, as far as a driver depends on it */
#ifndef CMM_KERNEL_CONFIG_H
#define CMM_KERNEL_CONFIG_H

#include <stdbool.h>

struct kernel_config {
	bool there;
	bool smlpar; /* CONFIG_PPC_SMLPAR */
	bool balloon; /* CONFIG_MEMORY_BALLOON or CONFIG_BALLOON */
};

/*
 * Reads the configuration of the kernel @release. A file that is not installed is no error. 0, or
 * an enum cmm_exit after one line on stderr.
 */
int kernel_config_read(struct kernel_config *config, const char *release);

#endif
