// SPDX-License-Identifier: GPL-2.0-or-later
/* Fuzzes config_parse(), which must not accept a value that is not allowed for the parameter. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct config config;
	const struct config_value *value;
	int part, i;

	memset(&config, 0, sizeof(config));
	if (config_parse(&config, "fuzzed.conf", (const char *)data, size))
		return 0;
	for (part = 0; part < CONFIG_PARTS; part++) {
		for (i = 0; i < CMM_PARAMETER_COUNT; i++) {
			value = &config.values[part][i];
			if (value->given &&
			    (value->value > (value->is_percent ? 100 : cmm_settings[i].most) ||
			     (value->is_percent && !setting_takes_percent(&cmm_settings[i])) ||
			     !cmm_settings[i].writable || !value->line ||
			     strcmp(value->file, "fuzzed.conf")))
				abort();
		}
	}
	return 0;
}
