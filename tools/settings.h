/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the driver can be asked and told by name: parameters, and attributes of cmm0. */
#ifndef CMM_SETTINGS_H
#define CMM_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "../src/interface.h"
#include "parse.h"

/**
 * struct cmm_setting - a parameter of the module or an attribute of the device
 * @name: of the file
 * @dir: that it is in
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
	const char *unit;
	const char *initial;
	const char *meaning;
	unsigned long most;
	bool writable;
	bool optional;
};

#define CMM_ONE_MORE(...) +1

enum {
	CMM_PARAMETER_COUNT = CMM_PARAMETER_TABLE(CMM_ONE_MORE),
	CMM_SETTING_COUNT = CMM_PARAMETER_COUNT CMM_ATTRIBUTE_TABLE(CMM_ONE_MORE),
};

/* The parameters first, in the order of src/interface.h */
extern const struct cmm_setting cmm_settings[CMM_SETTING_COUNT];

/* Bytes in the setting's unit; 0 if it isn't a size. */
unsigned long setting_unit_bytes(const struct cmm_setting *setting);

/* NULL, and one line on stderr that begins with @who, where no setting has this name. */
const struct cmm_setting *setting_find(const char *who, const char *name);

/*
 * @text as what is to be written to @setting. False, and one line on stderr
 * that begins with @who, where it isn't allowed.
 */
bool setting_parse(const char *who, const struct cmm_setting *setting, const char *text,
		   unsigned long *value);

/*
 * The text that @setting holds, a number in decimal. 0, or an enum cmm_exit after
 * one line on stderr.
 */
int setting_read(const struct cmm_setting *setting, char value[CMM_VALUE_MAX]);

static inline bool setting_is_parameter(const struct cmm_setting *setting)
{
	return setting < cmm_settings + CMM_PARAMETER_COUNT;
}

#endif
