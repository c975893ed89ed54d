// SPDX-License-Identifier: GPL-2.0-or-later
/* What the driver can be asked and told by name. */

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmm-admin.h"
#include "options.h"
#include "settings.h"
#include "size.h"

#define KIB 1024UL
#define MIB (1024 * KIB)

const struct cmm_setting cmm_settings[CMM_SETTING_COUNT] = {
	{ "delay", CMM_PARAMETERS, "s", "1", "between two looks at the loan request", 0, UINT_MAX,
	  true, false },
	{ "hotplug_delay", CMM_PARAMETERS, "s", "5",
	  "after a memory hot-remove, until loaning goes on", 0, UINT_MAX, true, false },
	{ "oom_kb", CMM_PARAMETERS, "KiB", "1024", "taken back at each out-of-memory event", KIB,
	  UINT_MAX, true, false },
	{ "min_mem_mb", CMM_PARAMETERS, "MiB", "256", "never loaned", MIB, ULONG_MAX / MIB, true,
	  false },
	{ "min_avail_mb", CMM_PARAMETERS, "MiB", "0", "left available by loans", MIB,
	  ULONG_MAX / MIB, true, true },
	{ "debug", CMM_PARAMETERS, "", "0", "1: log what the driver does", 0, 1, true, false },
	{ "simulate", CMM_PARAMETERS, "", "N", "Y: work without the hypervisor", 0, 0, false,
	  false },
	{ "disable", CMM_PARAMETERS, "", "0", "1: loan nothing", 0, 1, true, false },

	{ "loaned_kb", CMM_DEVICE, "KiB", "", "lent to the hypervisor now", KIB, 0, false, false },
	{ "loaned_target_kb", CMM_DEVICE, "KiB", "", "what the driver works towards", KIB, 0, false,
	  false },
	{ "oom_freed_kb", CMM_DEVICE, "KiB", "", "taken back for want of memory; 0 resets it", KIB,
	  0, true, false },
	{ "state", CMM_DEVICE, "", "", "what the driver is doing", 0, 0, false, true },
	{ "simulate_loan_target_kb", CMM_DEVICE, "KiB", "",
	  "what the simulated hypervisor asks for", KIB, ULONG_MAX / KIB, true, true },
};

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
	if (setting->unit_bytes)
		good = size_parse(text, setting->unit_bytes, value, why);
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
	       !source_exists(CMM_DEVICE, "state");
}

int setting_read(const struct cmm_setting *setting, char value[CMM_VALUE_MAX])
{
	unsigned long number;
	int status;
	char *end;

	status = source_text(setting->dir, setting->name, value);
	if (status || !is_hexadecimal(setting))
		return status;
	errno = 0;
	number = strtoul(value, &end, 16);
	if (!errno && value[0] && !*end)
		snprintf(value, CMM_VALUE_MAX, "%lu", number);
	return CMM_EXIT_OK;
}
