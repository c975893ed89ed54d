// SPDX-License-Identifier: GPL-2.0-or-later
/* What a command's status says. */

#include <errno.h>

#include "cmm-admin.h"

const char cmm_exit_help[] =
	"Exit status:\n"
	"   0  done\n"
	"   1  failed: something cannot be read or makes no sense, the output is full, ...\n"
	"   2  wrong usage\n"
	"   3  the driver is not there\n"
	"   4  not reached in time, or interrupted\n"
	"   5  not permitted\n"
	"  64  partly done\n";

enum cmm_exit cmm_exit_of(int error)
{
	switch (error) {
	case EACCES:
	case EPERM:
	case EROFS:
		return CMM_EXIT_NOT_PERMITTED;
	default:
		return CMM_EXIT_FAILURE;
	}
}
