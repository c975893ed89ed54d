// SPDX-License-Identifier: GPL-2.0-or-later
/* What the driver can be asked and told by name. */

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attribute.h"
#include "cmm-admin.h"
#include "options.h"
#include "settings.h"
#include "size.h"

#define KIB 1024UL
#define MIB (1024 * KIB)

enum { IN_TREE, OURS, SIMULATED };
enum { RO, RW };

/* As sysfs shows the default of a parameter of that type; the only bool is N. */
#define INITIAL_uint(value)  #value
#define INITIAL_ulong(value) #value
#define INITIAL_bool(value)  "N"

/* Versions of clang-format break these lines in different ways. */
/* clang-format off */
#define PARAMETER(name, type, ops, mode, unit, initial, max, driver, meaning)		\
	{ #name, CMM_PARAMETERS, unit, INITIAL_##type(initial), meaning, max,		\
	  (mode) == RW, (driver) != IN_TREE },
#define ATTRIBUTE(name, mode, unit, max, driver, meaning)				\
	{ #name, CMM_DEVICE, unit, "", meaning, max, (mode) == RW, (driver) != IN_TREE },

const struct cmm_setting cmm_settings[CMM_SETTING_COUNT] = {
	CMM_PARAMETER_TABLE(PARAMETER)
	CMM_ATTRIBUTE_TABLE(ATTRIBUTE)
};
/* clang-format on */

unsigned long setting_unit_bytes(const struct cmm_setting *setting)
{
	if (!strcmp(setting->unit, "KiB"))
		return KIB;
	return !strcmp(setting->unit, "MiB") ? MIB : 0;
}

const struct cmm_setting *setting_find(const char *who, const char *name)
{
	const char *suggestion;
	int i;

	for (i = 0; i < CMM_SETTING_COUNT; i++)
		if (!strcmp(cmm_settings[i].name, name))
			return &cmm_settings[i];

	fprintf(stderr, "%s: unknown name '%.64s'", who, name);
	suggestion = option_suggestion(name, &cmm_settings[0].name, CMM_SETTING_COUNT,
				       sizeof(cmm_settings[0]));
	if (suggestion) {
		fprintf(stderr, "; is '%s' meant?\n", suggestion);
		return NULL;
	}
	fprintf(stderr, "; known:");
	for (i = 0; i < CMM_SETTING_COUNT; i++)
		fprintf(stderr, " %s", cmm_settings[i].name);
	fprintf(stderr, "\n");
	return NULL;
}

bool setting_parse(const char *who, const struct cmm_setting *setting, const char *text,
		   unsigned long *value)
{
	char why[SIZE_WHY_MAX] = "is not a whole number";
	bool good;

	if (!setting->writable) {
		fprintf(stderr, "%s: %s can be read only\n", who, setting->name);
		return false;
	}
	if (setting_unit_bytes(setting))
		good = size_parse(text, setting_unit_bytes(setting), value, why);
	else
		good = number_parse(text, value);
	if (good && *value > setting->most) {
		snprintf(why, sizeof(why), "is too large");
		good = false;
	}
	if (good)
		return true;
	fprintf(stderr, "%s: %s '%.64s' %s; allowed is 0", who, setting->name, text, why);
	if (setting->most)
		fprintf(stderr, " to %lu", setting->most);
	fprintf(stderr, "%s%s\n", setting->unit[0] ? " " : "", setting->unit);
	return false;
}

/* The in-tree driver shows this one in hexadecimal, with nothing that says so. */
static bool is_hexadecimal(const struct cmm_setting *setting)
{
	return !strcmp(setting->name, "simulate_loan_target_kb") &&
	       !root_exists(CMM_DEVICE, "state");
}

int setting_read(const struct cmm_setting *setting, char value[CMM_VALUE_MAX])
{
	unsigned long number;
	int status;
	char *end;

	status = attribute_read(setting->dir, setting->name, value);
	if (status || !is_hexadecimal(setting))
		return status;
	errno = 0;
	number = strtoul(value, &end, 16);
	if (!errno && value[0] && !*end)
		snprintf(value, CMM_VALUE_MAX, "%lu", number);
	return CMM_EXIT_OK;
}
