// SPDX-License-Identifier: GPL-2.0-or-later
/* Sizes as people write them, through libbytesize. */

#include <ctype.h>
#include <errno.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bs_size.h>

#include "size.h"

/* Longer than any size that makes sense */
#define SIZE_MAX_LENGTH 32

bool number_parse(const char *text, unsigned long *value)
{
	char *end;

	if (!isdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	*value = strtoul(text, &end, 10);
	return !errno && !*end;
}

static bool is_digits(const char *text)
{
	return text[0] && !text[strspn(text, "0123456789")];
}

/* Signs, exponents of ten and other bases are not for sizes, though the library has them. */
static bool looks_like_size(const char *text)
{
	regex_t regex;
	bool match;

	if (strlen(text) > SIZE_MAX_LENGTH ||
	    regcomp(&regex, "^[0-9]+(\\.[0-9]+)? ?([KMGTPEZY](i?B)?|B)$",
		    REG_EXTENDED | REG_ICASE | REG_NOSUB))
		return false;
	match = !regexec(&regex, text, 0, NULL, 0);
	regfree(&regex);
	return match;
}

bool size_parse(const char *text, unsigned long unit_bytes, unsigned long *units,
		char why[SIZE_WHY_MAX])
{
	BSError *error = NULL;
	unsigned long bytes;
	bool good = false;
	BSSize size;
	int sign;

	if (is_digits(text)) {
		if (number_parse(text, units) &&
		    !__builtin_mul_overflow(*units, unit_bytes, &bytes))
			return true;
		snprintf(why, SIZE_WHY_MAX, "is too large");
		return false;
	}

	size = looks_like_size(text) ? bs_size_new_from_str(text, &error) : NULL;
	if (!size) {
		snprintf(why, SIZE_WHY_MAX, "is not a size such as 262144, 256M or 1.5GiB");
		goto out;
	}
	bytes = bs_size_get_bytes(size, &sign, &error);
	if (error) {
		snprintf(why, SIZE_WHY_MAX, "is too large");
		goto out;
	}
	if (bytes % unit_bytes) {
		snprintf(why, SIZE_WHY_MAX, "is not a whole number of %s",
			 unit_bytes == 1024 ? "KiB" : "MiB");
		goto out;
	}
	*units = bytes / unit_bytes;
	good = true;
out:
	if (size)
		bs_size_free(size);
	bs_clear_error(&error);
	return good;
}
