/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The configuration of modprobe, read through libkmod */
#ifndef CMM_MODPROBE_CONFIG_H
#define CMM_MODPROBE_CONFIG_H

#include "module-options.h"

/**
 * struct modprobe_config - the lines of modprobe.d for a module. They are cut off to fit
 * @install: the command that modprobe runs instead of loading the module, from a line "install"; ""
 *	without one
 * @alias: the name that modprobe uses instead of the module's, from a line "alias"; "" without one
 * @options: a search through the options for the module. libkmod adds options of the live system's
 *	command line
 */
struct modprobe_config {
	char install[CMM_VALUE_MAX];
	char alias[CMM_VALUE_MAX];
	struct option_search options;
};

/*
 * Reads the configuration for @module. Returns 0, or an enum cmm_exit after one line on stderr.
 */
int modprobe_config_read(const char *module, struct modprobe_config *config);

#endif
