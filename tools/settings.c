// SPDX-License-Identifier: GPL-2.0-or-later
/* Settings: the parameters of the driver, and the attributes of its device cmm0 */

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attribute.h"
#include "complain.h"
#include "settings.h"
#include "size.h"

#define KIB 1024UL

enum { IN_TREE, OURS, SIMULATED };
enum { RO, RW };

/* A parameter's default as sysfs shows it, for each type. The only bool is N by default. */
#define INITIAL_uint(value)  #value
#define INITIAL_ulong(value) #value
#define INITIAL_bool(value)  "N"

#define KIND_uint  SETTING_NUMBER
#define KIND_ulong SETTING_NUMBER
#define KIND_bool  SETTING_FLAG

/* An attribute without a unit is a word. */
#define KIND_OF_UNIT(unit) (sizeof(unit) > 1 ? SETTING_NUMBER : SETTING_WORD)

/* Versions of clang-format break these lines in different ways. */
/* clang-format off */
#define PARAMETER(name, type, ops, mode, unit, initial, max, driver, meaning)		\
	{ #name, CMM_PARAMETERS, KIND_##type, unit, INITIAL_##type(initial), meaning,	\
	  max, (mode) == RW, (driver) != IN_TREE },
#define ATTRIBUTE(name, mode, unit, max, driver, meaning)				\
	{ #name, CMM_DEVICE, KIND_OF_UNIT(unit), unit, "", meaning, max,		\
	  (mode) == RW, (driver) != IN_TREE },

const struct cmm_setting cmm_settings[CMM_SETTING_COUNT] = {
	CMM_PARAMETER_TABLE(PARAMETER)
	CMM_ATTRIBUTE_TABLE(ATTRIBUTE)
};
/* clang-format on */

unsigned long setting_unit_bytes(const struct cmm_setting *setting)
{
	return size_unit_bytes(setting->unit);
}

static bool is_usable(const struct cmm_setting *setting, enum setting_use use)
{
	if (use == SETTING_READ)
		return true;
	return setting->writable && (use == SETTING_SET || setting_is_parameter(setting));
}

const struct cmm_setting *setting_find(const char *name, enum setting_use use,
				       char why[SETTING_WHY_MAX])
{
	struct names names = { .word = name };
	int i;

	for (i = 0; i < CMM_SETTING_COUNT; i++) {
		if (!strcmp(cmm_settings[i].name, name))
			return &cmm_settings[i];
		if (is_usable(&cmm_settings[i], use))
			names_add(&names, cmm_settings[i].name);
	}
	snprintf(why, SETTING_WHY_MAX, "unknown name '%.64s'; %s", name, names_hint(&names));
	return NULL;
}

bool setting_takes_percent(const struct cmm_setting *setting)
{
	return setting == &cmm_settings[SETTING_min_mem_mb] ||
	       setting == &cmm_settings[SETTING_min_avail_mb];
}

unsigned long setting_share(const struct cmm_setting *setting, unsigned long percent,
			    unsigned long assigned_kb)
{
	return percent_of(assigned_kb, percent) / (setting_unit_bytes(setting) / KIB);
}

/* The largest value that is accepted. A size must also fit in an unsigned long as bytes. */
static unsigned long most_of(const struct cmm_setting *setting)
{
	unsigned long unit_bytes = setting_unit_bytes(setting);
	unsigned long most = unit_bytes ? ULONG_MAX / unit_bytes : ULONG_MAX;

	return most < setting->most ? most : setting->most;
}

/* Sets @why for a wrong @text, which should be a whole number with @end after it. */
static void set_why(const char *text, const char *end, char why[SIZE_WHY_MAX])
{
	size_t digits = strspn(text, "0123456789");

	if (digits && !strcmp(text + digits, end))
		snprintf(why, SIZE_WHY_MAX, "is too large");
	else
		snprintf(why, SIZE_WHY_MAX, "is not a whole number%s", *end ? " of percent" : "");
}

static bool parse_percent(const char *text, unsigned long *value, char why[SIZE_WHY_MAX])
{
	set_why(text, "%", why);
	return percent_parse(text, value);
}

static bool parse(const struct cmm_setting *setting, const char *text, unsigned long *value,
		  char why[SIZE_WHY_MAX])
{
	unsigned long unit_bytes = setting_unit_bytes(setting);

	set_why(text, "", why);
	if (unit_bytes ? !size_parse(text, unit_bytes, value, why) : !number_parse(text, value))
		return false;
	snprintf(why, SIZE_WHY_MAX, "is too large");
	return *value <= most_of(setting);
}

bool setting_parse(const struct cmm_setting *setting, const char *text, unsigned long *value,
		   bool *is_percent, char why[SETTING_WHY_MAX])
{
	char reason[SIZE_WHY_MAX], range[NUMBER_MAX + sizeof(" to ")] = "";
	unsigned long most = most_of(setting);

	if (!setting->writable) {
		snprintf(why, SETTING_WHY_MAX, "%s is read-only%s", setting->name,
			 setting_is_parameter(setting) ? "; set it when the driver is loaded" : "");
		return false;
	}
	*is_percent = setting_takes_percent(setting) && strchr(text, '%');
	if (*is_percent ? parse_percent(text, value, reason) : parse(setting, text, value, reason))
		return true;
	if (most)
		snprintf(range, sizeof(range), " to %lu", most);
	/* For example "delay '5%' is not a whole number; allowed is 0 to 4294967295 s" */
	snprintf(why, SETTING_WHY_MAX, "%s '%.64s' %s; allowed is 0%s%s%s%s", setting->name, text,
		 reason, range, setting->unit[0] ? " " : "", setting->unit,
		 setting_takes_percent(setting) ? ", or 0% to 100%" : "");
	return false;
}

/* The in-tree driver prints the simulated request in hexadecimal, without 0x. */
static bool is_hexadecimal(const struct cmm_setting *setting)
{
	return setting == &cmm_settings[SETTING_simulate_loan_target_kb] && !our_driver_runs();
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

void setting_number_text(const struct cmm_setting *setting, unsigned long value,
			 char text[CMM_VALUE_MAX])
{
	unsigned long unit_bytes = setting_unit_bytes(setting);

	if (unit_bytes)
		snprintf(text, CMM_VALUE_MAX, "%s", size_exact(value, unit_bytes).text);
	else
		snprintf(text, CMM_VALUE_MAX, "%lu%s%s", value, setting->unit[0] ? " " : "",
			 setting->unit);
}

void setting_text(const struct cmm_setting *setting, const char *value, char text[CMM_VALUE_MAX])
{
	unsigned long number;

	if (number_parse(value, &number))
		setting_number_text(setting, number, text);
	else
		snprintf(text, CMM_VALUE_MAX, "%s", value);
}
