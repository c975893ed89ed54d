// SPDX-License-Identifier: GPL-2.0-or-later
/* Options for the driver, judged by the rules of the driver and of the kernel's parser */

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/interface.h"
#include "module-options.h"

#define IS_FLAG_uint  false
#define IS_FLAG_ulong false
#define IS_FLAG_bool  true

/* clang-format off */
#define OPTION(name, type, ops, mode, unit, initial, max, driver, meaning)	\
	{ #name, IS_FLAG_##type ? 1 : max, IS_FLAG_##type },

static const struct known_option {
	const char *name;
	unsigned long most;
	bool is_flag;
} options[] = {
	CMM_PARAMETER_TABLE(OPTION)
};
/* clang-format on */

/* A number as in kstrtoull() of the kernel: decimal, octal with 0, or hexadecimal with 0x */
static bool is_number(const char *text, unsigned long most)
{
	unsigned long number;
	char *end;

	text += text[0] == '+';
	if (!isdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	number = strtoul(text, &end, 0);
	return !errno && !*end && number <= most;
}

/* A flag as in kstrtobool() of the kernel, which looks at two letters at most */
static bool is_flag(const char *text)
{
	if (!text[0])
		return false;
	if (tolower((unsigned char)text[0]) == 'o')
		return text[1] && strchr("nNfF", text[1]);
	return strchr("yYtT1nNfF0", text[0]);
}

/*
 * Whether the driver accepts @value. @value is NULL if the option has no value. Only a flag may
 * have no value.
 */
static bool is_accepted(const struct known_option *option, const char *value)
{
	if (option->is_flag)
		return !value || is_flag(value);
	return value && is_number(value, option->most);
}

bool options_apply(const char *owner, const char *module)
{
	return parameter_is(owner, module) ||
	       (!strcmp(owner, "cmm") && !strcmp(module, "cmm_dkms"));
}

/* Ignores a name that the driver does not know, because the kernel only warns of such a name. */
static void take_option(void *data, const char *name, const char *value)
{
	struct option_search *search = data;
	size_t i;

	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		if (!parameter_is(name, options[i].name) || is_accepted(&options[i], value))
			continue;
		snprintf(search->refused, sizeof(search->refused), "%s%s%s", name, value ? "=" : "",
			 value ? value : "");
		search->most = options[i].most;
	}
}

static void take_boot_option(void *data, const char *name, const char *value)
{
	const struct option_search *search = data;
	char owner[CMM_VALUE_MAX];
	const char *point = strchr(name, '.');

	if (!point || point - name >= CMM_VALUE_MAX)
		return;
	snprintf(owner, sizeof(owner), "%.*s", (int)(point - name), name);
	if (options_apply(owner, search->module))
		take_option(data, point + 1, value);
}

void options_examine(struct option_search *search, char *text)
{
	parameters_parse(text, take_option, search);
}

void options_examine_boot(struct option_search *search, char *line)
{
	parameters_parse(line, take_boot_option, search);
}
