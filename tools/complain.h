/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How cmm-admin fails: one line on stderr, and an exit status. */
#ifndef CMM_COMPLAIN_H
#define CMM_COMPLAIN_H

/* Documented in --help; a script may rely on them. */
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

/* The exit statuses, as --help lists them */
extern const char cmm_exit_help[];

/* Sets the command that messages name from now on. */
void complain_for(const char *command);

/* @take gets each message from now on, instead of stderr; NULL: stderr again. */
void complain_to(void (*take)(const char *message));

/* Prints "cmm-admin: COMMAND: ", the message and a newline on stderr; returns @status. */
__attribute__((format(printf, 2, 3))) int complain(enum cmm_exit status, const char *format, ...);

/* The same with the text of the errno @error after the message; returns the status for @error. */
__attribute__((format(printf, 2, 3))) int complain_errno(int error, const char *format, ...);

#endif
