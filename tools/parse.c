// SPDX-License-Identifier: GPL-2.0-or-later
/* Parsers for the contents of kernel files */

#include <stdio.h>
#include <string.h>

#include "parse.h"
#include "size.h"

#define SPACE " \t\n"

enum attribute_fault attribute_parse(const char *text, char value[CMM_VALUE_MAX])
{
	size_t length = strcspn(text, "\n");

	if (text[length] && text[length + 1])
		return ATTRIBUTE_LINES;
	if (length >= CMM_VALUE_MAX)
		return ATTRIBUTE_LONG;
	memcpy(value, text, length);
	value[length] = '\0';
	return ATTRIBUTE_GOOD;
}

const char *pair_parse(char *line)
{
	char *equals = strchr(line, '=');

	if (!equals || equals == line)
		return NULL;
	*equals = '\0';
	equals[strcspn(equals + 1, "\n") + 1] = '\0';
	return equals + 1;
}

int unitless_length(const char *value)
{
	static const char unit[] = " bytes";
	size_t length = strlen(value), unit_length = sizeof(unit) - 1;

	if (length > unit_length && !strcmp(value + length - unit_length, unit))
		length -= unit_length;
	return length;
}

bool meminfo_parse(const char *line, const char *name, unsigned long *value_kb)
{
	size_t length = strlen(name);
	char text[CMM_VALUE_MAX], unit[3];

	return !strncmp(line, name, length) && line[length] == ':' &&
	       sscanf(line + length + 1, "%127s %2s", text, unit) == 2 && !strcmp(unit, "kB") &&
	       number_parse(text, value_kb);
}

bool hundredths_parse(const char *text, unsigned long *hundredths)
{
	size_t whole = strspn(text, "0123456789");
	const char *fraction = text[whole] == '.' ? text + whole + 1 : "";
	size_t length = strlen(fraction);
	char digits[CMM_VALUE_MAX];

	if (!whole || (text[whole] && (text[whole] != '.' || length < 1 || length > 2)))
		return false;
	return snprintf(digits, sizeof(digits), "%.*s%s%.*s", (int)whole, text, fraction,
			2 - (int)length, "00") < (int)sizeof(digits) &&
	       number_parse(digits, hundredths);
}

/* Copies the word that follows @key, such as " avg10=", to @value. */
static bool find_value(const char *line, const char *key, char value[CMM_VALUE_MAX])
{
	const char *found = strstr(line, key);

	return found && sscanf(found + strlen(key), "%127s", value) == 1;
}

bool psi_parse(const char *line, const char *name, struct psi_line *psi)
{
	char avg10[CMM_VALUE_MAX], avg60[CMM_VALUE_MAX], total[CMM_VALUE_MAX];
	size_t length = strlen(name);

	return !strncmp(line, name, length) && line[length] == ' ' &&
	       find_value(line, " avg10=", avg10) && hundredths_parse(avg10, &psi->avg10) &&
	       find_value(line, " avg60=", avg60) && hundredths_parse(avg60, &psi->avg60) &&
	       find_value(line, " total=", total) && number_parse(total, &psi->total_us);
}

/* Separates the next word like the kernel's next_arg(): a word in quotes may have spaces. */
static char *next_word(char **rest)
{
	char *word = *rest + strspn(*rest, SPACE), *to = word, *from;
	bool in_quotes = false;

	for (from = word; *from && (in_quotes || !strchr(SPACE, *from)); from++) {
		if (*from == '"')
			in_quotes = !in_quotes;
		else
			*to++ = *from;
	}
	*rest = *from ? from + 1 : from;
	*to = '\0';
	return word;
}

/* Compares two names like the kernel's parameq(). */
bool parameter_is(const char *a, const char *b)
{
	for (; *a && (*a == '-' ? '_' : *a) == (*b == '-' ? '_' : *b); a++)
		b++;
	return *a == *b;
}

void parameters_parse(char *line, void (*take)(void *data, const char *name, const char *value),
		      void *data)
{
	const char *value;
	char *word;

	while (*line) {
		word = next_word(&line);
		if (!strcmp(word, "--"))
			break;
		value = pair_parse(word);
		if (*word)
			take(data, word, value);
	}
}

/* A search for the value of a parameter */
struct parameter_search {
	const char *name;
	char *value;
};

static void take_parameter(void *data, const char *name, const char *value)
{
	const struct parameter_search *search = data;

	if (value && parameter_is(name, search->name))
		snprintf(search->value, CMM_VALUE_MAX, "%s", value);
}

void boot_parameter_parse(char *line, const char *name, char value[CMM_VALUE_MAX])
{
	struct parameter_search search = { name, value };

	parameters_parse(line, take_parameter, &search);
}
