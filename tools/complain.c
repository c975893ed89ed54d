// SPDX-License-Identifier: GPL-2.0-or-later
/* Error messages and exit statuses */

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
	"   1  failed: a file cannot be read or has invalid contents, output is lost, ...\n"
	"   2  wrong usage\n"
	"   3  no cmm driver is running\n"
	"   4  timed out or interrupted\n"
	"   5  not permitted\n"
	"   6  loan_policy keeps the loan below the target\n"
	"  64  partly done\n";

static const char *running;
static void (*receiver)(const char *message);

void complain_for(const char *command)
{
	running = command;
}

void complain_to(void (*take)(const char *message))
{
	receiver = take;
}

static void print_message(const char *message)
{
	fprintf(stderr, "cmm-admin: %s%s%s\n", running ? running : "", running ? ": " : "",
		message);
}

/*
 * Prints the message, followed by @separator and @end. text_clean() is needed because names and
 * values from outside may contain newlines or escape sequences.
 */
static void print(const char *format, va_list arguments, const char *separator, const char *end)
{
	char *text = NULL, *whole = NULL, *clean = NULL;
	const char *message;

	if (vasprintf(&text, format, arguments) >= 0 &&
	    asprintf(&whole, "%s%s%s", text, separator, end) >= 0)
		clean = text_clean(whole);
	message = clean ? clean : strerror(ENOMEM);
	if (receiver)
		receiver(message);
	else
		print_message(message);
	free(clean);
	free(whole);
	free(text);
}

int complain(enum cmm_exit status, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print(format, arguments, "", "");
	va_end(arguments);
	return status;
}

int complain_errno(int error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print(format, arguments, ": ", strerror(error));
	va_end(arguments);
	switch (error) {
	case EACCES:
	case EPERM:
	case EROFS:
		return CMM_EXIT_NOT_PERMITTED;
	default:
		return CMM_EXIT_FAILURE;
	}
}
