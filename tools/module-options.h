/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Options for the driver, from modprobe.d or the kernel's command line */
#ifndef CMM_MODULE_OPTIONS_H
#define CMM_MODULE_OPTIONS_H

#include "parse.h"

/**
 * struct option_search - a search for an option that our driver refuses, so that loading it fails
 * @module: the name of the module
 * @refused: the last such option, such as "oom_kb=64M"; "" without one. It is cut off to fit.
 * @most: the largest value that this option can have
 */
struct option_search {
	const char *module;
	char refused[CMM_VALUE_MAX];
	unsigned long most;
};

/*
 * Whether options for @owner apply to @module. Options for cmm also apply to cmm_dkms, because the
 * install command in our package's modprobe.d file passes them on.
 */
bool options_apply(const char *owner, const char *module);

/* Examines the options in @text, such as "delay=2 oom_kb=64M". Changes @text. */
void options_examine(struct option_search *search, char *text);

/* Examines the words such as "cmm.delay=2" in @line, the kernel's command line. Changes @line. */
void options_examine_boot(struct option_search *search, char *line);

#endif
