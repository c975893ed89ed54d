/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Error messages, one line each, and exit statuses */
#ifndef CMM_COMPLAIN_H
#define CMM_COMPLAIN_H

/* Exit statuses. --help documents them, and scripts may rely on them. */
enum cmm_exit {
	CMM_EXIT_OK = 0,
	CMM_EXIT_FAILURE = 1,
	CMM_EXIT_USAGE = 2,
	CMM_EXIT_NO_DRIVER = 3,
	CMM_EXIT_TIMED_OUT = 4,
	CMM_EXIT_NOT_PERMITTED = 5,
	CMM_EXIT_HELD_BACK = 6,
	CMM_EXIT_PARTLY = 64,
};

/* The text on exit statuses in --help */
extern const char cmm_exit_help[];

/* Sets the name of the command, with which later messages begin. */
void complain_for(const char *command);

/* Passes later messages to @take instead of stderr; NULL selects stderr again. */
void complain_to(void (*take)(const char *message));

/* Prints "cmm-admin: COMMAND: ", the message and a newline on stderr; returns @status. */
__attribute__((format(printf, 2, 3))) int complain(enum cmm_exit status, const char *format, ...);

/*
 * Like complain(), with the text of the errno @error after the message. Returns
 * CMM_EXIT_NOT_PERMITTED or CMM_EXIT_FAILURE, according to @error.
 */
__attribute__((format(printf, 2, 3))) int complain_errno(int error, const char *format, ...);

#endif
