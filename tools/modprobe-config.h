/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The configuration of modprobe, read through libkmod */
#ifndef CMM_MODPROBE_CONFIG_H
#define CMM_MODPROBE_CONFIG_H

#include "module-options.h"

/**
 * struct modprobe_config - the configuration of modprobe for a module. Its texts are cut off to fit
 * @install: the install command, which modprobe runs instead of loading the module; "" without one
 * @alias: the name of the module that modprobe loads in place of this module; "" without an alias
 * @unsupported: the name of the file in which "allow_unsupported_modules 0" keeps SUSE's modprobe
 *	from loading modules that SUSE does not support; "" if there is none
 * @options: the module's last option that the driver refuses, if any. libkmod adds options from
 *	the command line of the live system's kernel
 */
struct modprobe_config {
	char install[CMM_VALUE_MAX];
	char alias[CMM_VALUE_MAX];
	char unsupported[CMM_VALUE_MAX];
	struct option_search options;
};

/*
 * Reads the configuration for @module. Returns 0, or prints one line on stderr and returns an enum
 * cmm_exit.
 */
int modprobe_config_read(const char *module, struct modprobe_config *config);

#endif
