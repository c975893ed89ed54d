/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Settings: the parameters of the driver, and the attributes of its device cmm0 */
#ifndef CMM_SETTINGS_H
#define CMM_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "../src/interface.h"
#include "names.h"
#include "parse.h"

/* The form of a setting's text: a decimal number; Y or N; a word */
enum setting_kind { SETTING_NUMBER, SETTING_FLAG, SETTING_WORD };

/**
 * struct cmm_setting - a parameter of the module or an attribute of the device
 * @name: name of the file
 * @dir: directory of the file
 * @kind: kind of the value
 * @unit: unit of the number; "" without one
 * @initial: the driver's default; "" for an attribute
 * @meaning: one line for --help and tables
 * @most: the largest value that the driver accepts
 * @writable: whether the value can be written while the driver runs
 * @optional: the in-tree driver, or a driver that does not simulate, lacks the file
 */
struct cmm_setting {
	const char *name;
	const char *dir;
	enum setting_kind kind;
	const char *unit;
	const char *initial;
	const char *meaning;
	unsigned long most;
	bool writable;
	bool optional;
};

/* SETTING_delay and so on: indexes of cmm_settings, the parameters first */
/* clang-format off */
#define CMM_SETTING_INDEX(name, ...) SETTING_##name,

enum {
	CMM_PARAMETER_TABLE(CMM_SETTING_INDEX)
	CMM_PARAMETER_COUNT,
	CMM_LAST_PARAMETER = CMM_PARAMETER_COUNT - 1, /* the first attribute follows */
	CMM_ATTRIBUTE_TABLE(CMM_SETTING_INDEX)
	CMM_SETTING_COUNT
};
/* clang-format on */

extern const struct cmm_setting cmm_settings[CMM_SETTING_COUNT];

/* The size of the setting's unit in bytes; 0 if the setting is not a size */
unsigned long setting_unit_bytes(const struct cmm_setting *setting);

/* Room for a sentence that says why a name or a value is wrong */
#define SETTING_WHY_MAX (NAMES_MAX + CMM_VALUE_MAX)

/* The use of a setting: only some settings can be set, and only parameters can be configured. */
enum setting_use { SETTING_READ, SETTING_SET, SETTING_CONFIGURE };

/*
 * Finds the setting @name. The caller must check whether this setting allows @use. If there is no
 * setting @name, returns NULL, with a message in @why that suggests only settings that allow @use.
 */
const struct cmm_setting *setting_find(const char *name, enum setting_use use,
				       char why[SETTING_WHY_MAX]);

/* Whether a value of @setting may also be a percentage of the assigned memory */
bool setting_takes_percent(const struct cmm_setting *setting);

/* @percent of the assigned memory, in the unit of @setting */
unsigned long setting_share(const struct cmm_setting *setting, unsigned long percent,
			    unsigned long assigned_kb);

/*
 * Parses @text as a value for @setting. Sets @is_percent if the result in @value is a percentage of
 * the assigned memory; otherwise @value is in the setting's unit. Returns false, with the reason in
 * @why, if the value is not allowed.
 */
bool setting_parse(const struct cmm_setting *setting, const char *text, unsigned long *value,
		   bool *is_percent, char why[SETTING_WHY_MAX]);

/*
 * Reads the value of @setting as text. A number that the driver prints in hexadecimal is converted
 * to decimal. Returns 0, or prints one line on stderr and returns an enum cmm_exit.
 */
int setting_read(const struct cmm_setting *setting, char value[CMM_VALUE_MAX]);

/* Prints @value to @text with a unit, such as "64 MiB" or "5 s". A size is not rounded. */
void setting_number_text(const struct cmm_setting *setting, unsigned long value,
			 char text[CMM_VALUE_MAX]);

/* Like setting_number_text(), for @value as it was read. A text that is no number is copied. */
void setting_text(const struct cmm_setting *setting, const char *value, char text[CMM_VALUE_MAX]);

static inline bool setting_is_parameter(const struct cmm_setting *setting)
{
	return setting < cmm_settings + CMM_PARAMETER_COUNT;
}

#endif
