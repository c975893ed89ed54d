/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Settings: the parameters of the driver, and the attributes of cmm0 */
#ifndef CMM_SETTINGS_H
#define CMM_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "../src/interface.h"
#include "names.h"
#include "parse.h"

/* A decimal number, N or Y, or a word */
enum setting_kind { SETTING_NUMBER, SETTING_FLAG, SETTING_WORD };

/**
 * struct cmm_setting - a parameter of the module or an attribute of the device
 * @name: of the file
 * @dir: that it is in
 * @kind: of its value
 * @unit: of its number, "" without one
 * @initial: the driver's default; "" for an attribute
 * @meaning: for --help
 * @most: the largest value that may be written
 * @writable: while the driver runs
 * @optional: the in-tree driver, or a driver that doesn't simulate, lacks it
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

/* Bytes in the setting's unit; 0 if it isn't a size. */
unsigned long setting_unit_bytes(const struct cmm_setting *setting);

/* Room for a sentence on a name or a value that is wrong */
#define SETTING_WHY_MAX (NAMES_MAX + CMM_VALUE_MAX)

/* The setting @name; or NULL, and the reason in @why */
const struct cmm_setting *setting_find(const char *name, char why[SETTING_WHY_MAX]);

/* Whether @setting takes a percentage of the assigned memory, too */
bool setting_takes_percent(const struct cmm_setting *setting);

/* @percent of the assigned memory, in the unit of @setting */
unsigned long setting_share(const struct cmm_setting *setting, unsigned long percent,
			    unsigned long assigned_kb);

/*
 * Takes @text as a value for @setting: in its unit, or, if @is_percent, a percentage of the
 * assigned memory. False, and the reason in @why, if it can't be.
 */
bool setting_parse(const struct cmm_setting *setting, const char *text, unsigned long *value,
		   bool *is_percent, char why[SETTING_WHY_MAX]);

/*
 * The text that @setting holds, a number in decimal. 0, or an enum cmm_exit after
 * one line on stderr.
 */
int setting_read(const struct cmm_setting *setting, char value[CMM_VALUE_MAX]);

/* Prints a number with the unit of @setting: "64 MiB", "5 s"; a size is exact. */
void setting_number_text(const struct cmm_setting *setting, unsigned long value,
			 char text[CMM_VALUE_MAX]);

/* The same for @value as it was read; if that is not a number, it stays as it is. */
void setting_text(const struct cmm_setting *setting, const char *value, char text[CMM_VALUE_MAX]);

static inline bool setting_is_parameter(const struct cmm_setting *setting)
{
	return setting < cmm_settings + CMM_PARAMETER_COUNT;
}

#endif
