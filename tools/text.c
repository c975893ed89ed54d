// SPDX-License-Identifier: GPL-2.0-or-later
/* Makes text from outside safe for messages, documents and terminals */

#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "text.h"

/* The length of the longest character of UTF-8, in bytes */
#define CHARACTER_MAX 4

/* The length of "\xNN" */
#define ESCAPE_LENGTH 4

#define LAST_CHARACTER 0x10ffff

static bool is_control(wchar_t character)
{
	return character < 0x20 || (character >= 0x7f && character < 0xa0);
}

/*
 * The length in bytes of the first character of @text; 0 if this character is a control character
 * or is not UTF-8. @left bytes of @text remain.
 */
static size_t clean_length(iconv_t utf8, const char *text, size_t left)
{
	wchar_t character;
	size_t length, from_left, to_left;
	char *from, *to;

	for (length = 1; length <= CHARACTER_MAX && length <= left; length++) {
		from = (char *)text;
		from_left = length;
		to = (char *)&character;
		to_left = sizeof(character);
		iconv(utf8, NULL, NULL, NULL, NULL);
		if (iconv(utf8, &from, &from_left, &to, &to_left) == 0)
			return is_control(character) || character > LAST_CHARACTER ? 0 : length;
	}
	return 0;
}

/* With the names WCHAR_T and UTF-8, iconv_open() needs neither files nor a locale. */
static iconv_t open_utf8(void)
{
	static iconv_t utf8 = (iconv_t)-1;

	if (utf8 == (iconv_t)-1)
		utf8 = iconv_open("WCHAR_T", "UTF-8");
	return utf8;
}

char *text_printable(const char *text, bool is_ascii)
{
	size_t left = strlen(text), length;
	char *clean = malloc(left * ESCAPE_LENGTH + 1), *to = clean;
	iconv_t utf8 = open_utf8();

	for (; clean && left; text += length, left -= length) {
		length = clean_length(utf8, text, left);
		if (length == 1 || (length && !is_ascii)) {
			to = mempcpy(to, text, length);
			continue;
		}
		length = 1;
		to += sprintf(to, "\\x%02x", (unsigned char)*text);
	}
	if (clean)
		*to = '\0';
	return clean;
}

char *text_clean(const char *text)
{
	return text_printable(text, false);
}
