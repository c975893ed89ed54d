/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of cmm-admin share. */
#ifndef CMM_ADMIN_H
#define CMM_ADMIN_H

#include <stddef.h>

/* Documented in --help; a script may rely on them. */
enum cmm_exit {
	CMM_EXIT_OK = 0,
	CMM_EXIT_FAILURE = 1,
	CMM_EXIT_USAGE = 2,
	CMM_EXIT_NO_DRIVER = 3,
	CMM_EXIT_TIMED_OUT = 4,
	CMM_EXIT_NOT_PERMITTED = 5,
	CMM_EXIT_PARTLY = 64,
};

/* Of an error that something can't be read or written for */
enum cmm_exit cmm_exit_of(int error);

/* What --help of the tool and of each command says about them. */
extern const char cmm_exit_help[];

/* Each prints one line on stderr when it fails, and returns an enum cmm_exit. */
int cmm_report(int argc, char **argv);
int cmm_get(int argc, char **argv);
int cmm_set(int argc, char **argv);
int cmm_enable(int argc, char **argv);
int cmm_disable(int argc, char **argv);
int cmm_loan(int argc, char **argv);
int cmm_wait(int argc, char **argv);
int cmm_monitor(int argc, char **argv);
int cmm_reset_oom(int argc, char **argv);
int cmm_apply(int argc, char **argv);
int cmm_doctor(int argc, char **argv);
int cmm_check(int argc, char **argv);
int cmm_metrics(int argc, char **argv);

#endif
