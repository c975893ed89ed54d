// SPDX-License-Identifier: GPL-2.0-or-later
/* Parses sizes through libbytesize, and prints sizes */

#include <ctype.h>
#include <errno.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bs_size.h>

#include "size.h"

/* The longest text that is parsed as a size with a unit */
#define SIZE_MAX_LENGTH 32

#define KIB 1024UL

/* From this value on, the next larger unit is used, because printf() would round to "1024.0". */
#define ROUNDED_UP 1023.95

unsigned long size_bytes(unsigned long units, unsigned long unit_bytes)
{
	unsigned long bytes;

	return __builtin_mul_overflow(units, unit_bytes, &bytes) ? -1UL : bytes;
}

static const char *const unit_names[] = { "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB" };

#define UNITS (sizeof(unit_names) / sizeof(unit_names[0]))

/* libbytesize's own function would print 1 GiB as 1024 MiB. */
struct size_text size_human(unsigned long units, unsigned long unit_bytes)
{
	double value = (double)units * unit_bytes / KIB;
	struct size_text human;
	unsigned long tenths;
	size_t i;

	for (i = 0; value >= ROUNDED_UP && i + 1 < UNITS; i++)
		value /= KIB;
	tenths = value * 10 + 0.5;
	if (tenths % 10)
		snprintf(human.text, sizeof(human.text), "%lu.%lu %s", tenths / 10, tenths % 10,
			 unit_names[i]);
	else
		snprintf(human.text, sizeof(human.text), "%lu %s", tenths / 10, unit_names[i]);
	return human;
}

struct size_text size_kb(unsigned long kb)
{
	return size_human(kb, KIB);
}

struct size_text size_exact(unsigned long units, unsigned long unit_bytes)
{
	size_t i = unit_bytes == KIB ? 0 : 1;
	struct size_text exact;

	for (; units && units % KIB == 0 && i + 1 < UNITS; i++)
		units /= KIB;
	snprintf(exact.text, sizeof(exact.text), "%lu %s", units, unit_names[i]);
	return exact;
}

unsigned long size_unit_bytes(const char *unit)
{
	if (!strcmp(unit, "B"))
		return 1;
	if (!strcmp(unit, "KiB"))
		return KIB;
	return !strcmp(unit, "MiB") ? KIB * KIB : 0;
}

bool number_parse(const char *text, unsigned long *value)
{
	char *end;

	if (!isdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	*value = strtoul(text, &end, 10);
	return !errno && !*end;
}

bool percent_parse(const char *text, unsigned long *percent)
{
	size_t length = strlen(text);
	char number[NUMBER_MAX];

	if (!length || length > sizeof(number) || text[length - 1] != '%')
		return false;
	snprintf(number, sizeof(number), "%.*s", (int)length - 1, text);
	return number_parse(number, percent) && *percent <= 100;
}

unsigned long percent_of(unsigned long whole, unsigned long percent)
{
	return whole / 100 * percent + whole % 100 * percent / 100;
}

static bool is_digits(const char *text)
{
	return text[0] && !text[strspn(text, "0123456789")];
}

/* Checks the form, because libbytesize also accepts signs, exponents of ten and other bases. */
static bool looks_like_size(const char *text)
{
	static regex_t regex;
	static bool compiled;

	if (!compiled)
		compiled = !regcomp(&regex, "^[0-9]+(\\.[0-9]+)? ?([KMGTPEZY](i?B)?|B)$",
				    REG_EXTENDED | REG_ICASE | REG_NOSUB);
	return compiled && strlen(text) <= SIZE_MAX_LENGTH && !regexec(&regex, text, 0, NULL, 0);
}

/*
 * The size in bytes, in decimal, as a text that the caller frees; NULL if @text is not a size. Does
 * not use bs_size_get_bytes(), which gives an integer, because it leaks memory on overflow.
 */
static char *bytes_of(const char *text)
{
	BSSize size = bs_size_new_from_str(text, NULL);
	char *bytes;

	if (!size)
		return NULL;
	bytes = bs_size_get_bytes_str(size);
	bs_size_free(size);
	return bytes;
}

/*
 * Removes the decimal point from a number such as "1.5G". Returns the factor by which the number
 * grows, such as 10, or 0 if the factor overflows.
 */
static unsigned long remove_point(char *text)
{
	char *point = strchr(text, '.');
	unsigned long scale = 1;
	size_t digits;

	if (!point)
		return 1;
	for (digits = strspn(point + 1, "0123456789"); digits; digits--)
		if (__builtin_mul_overflow(scale, 10, &scale))
			return 0;
	memmove(point, point + 1, strlen(point));
	return scale;
}

/*
 * Parses a number with a unit. libbytesize would cut off fractions of a byte. So libbytesize gets
 * the number without its decimal point, and this function divides the result.
 */
static bool parse_with_unit(const char *text, unsigned long unit_bytes, unsigned long *units,
			    char why[SIZE_WHY_MAX])
{
	char whole[SIZE_MAX_LENGTH + 1], *bytes_text = NULL;
	unsigned long bytes, scale = 0;
	bool fits;

	if (looks_like_size(text)) {
		snprintf(whole, sizeof(whole), "%s", text);
		scale = remove_point(whole);
		bytes_text = bytes_of(whole);
	}
	if (!bytes_text) {
		snprintf(why, SIZE_WHY_MAX, "is not a size such as 262144, 256M or 1.5GiB");
		return false;
	}
	fits = scale && number_parse(bytes_text, &bytes);
	free(bytes_text);
	if (!fits) {
		snprintf(why, SIZE_WHY_MAX, "is too large, or has too many decimals");
		return false;
	}
	if (bytes % scale || bytes / scale % unit_bytes) {
		snprintf(why, SIZE_WHY_MAX, "is not a whole number of %s",
			 unit_bytes == 1024 ? "KiB" : "MiB");
		return false;
	}
	*units = bytes / scale / unit_bytes;
	return true;
}

bool size_parse(const char *text, unsigned long unit_bytes, unsigned long *units,
		char why[SIZE_WHY_MAX])
{
	unsigned long bytes;

	if (!is_digits(text))
		return parse_with_unit(text, unit_bytes, units, why);
	if (number_parse(text, units) && !__builtin_mul_overflow(*units, unit_bytes, &bytes))
		return true;
	snprintf(why, SIZE_WHY_MAX, "is too large");
	return false;
}
