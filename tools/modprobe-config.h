/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The configuration of modprobe, read through libkmod */
#ifndef CMM_MODPROBE_CONFIG_H
#define CMM_MODPROBE_CONFIG_H

#include "parse.h"

/*
 * Reads the command that modprobe runs instead of loading @module, from a line "install" in
 * modprobe.d. The command is "" without such a line, and is cut off to fit. Returns 0, or an enum
 * cmm_exit after one line on stderr.
 */
int modprobe_install_command(const char *module, char command[CMM_VALUE_MAX]);

#endif
