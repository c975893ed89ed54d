// SPDX-License-Identifier: GPL-2.0-or-later
/* How cmm-admin fails: one line on stderr, and an exit status. */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "complain.h"
#include "text.h"

const char cmm_exit_help[] =
	"Exit status:\n"
	"   0  done\n"
	"   1  failed: something cannot be read or makes no sense, the output is full, ...\n"
	"   2  wrong usage\n"
	"   3  the driver is not there\n"
	"   4  not reached in time, or interrupted\n"
	"   5  not permitted\n"
	"   6  loan_policy keeps the loan from the target\n"
	"  64  partly done\n";

static const char *running;

void complain_for(const char *command)
{
	running = command;
}

/* Words from outside could have newlines and escape sequences for the terminal. */
static void print(const char *format, va_list arguments)
{
	char *text = NULL, *clean = NULL;

	if (vasprintf(&text, format, arguments) >= 0)
		clean = text_clean(text);
	fprintf(stderr, "cmm-admin: %s%s%s", running ? running : "", running ? ": " : "",
		clean ? clean : strerror(ENOMEM));
	free(clean);
	free(text);
}

int complain(enum cmm_exit status, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print(format, arguments);
	va_end(arguments);
	fprintf(stderr, "\n");
	return status;
}

int complain_errno(int error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print(format, arguments);
	va_end(arguments);
	fprintf(stderr, ": %s\n", strerror(error));
	switch (error) {
	case EACCES:
	case EPERM:
	case EROFS:
		return CMM_EXIT_NOT_PERMITTED;
	default:
		return CMM_EXIT_FAILURE;
	}
}
