// SPDX-License-Identifier: GPL-2.0-or-later
/* Fills in the result of a check of cmm-admin doctor */

#include <stdarg.h>
#include <stdio.h>

#include "doctor.h"

void diagnosis_set(struct diagnosis *diagnosis, enum finding finding, const char *format, ...)
{
	va_list arguments;

	diagnosis->finding = finding;
	va_start(arguments, format);
	vsnprintf(diagnosis->text, sizeof(diagnosis->text), format, arguments);
	va_end(arguments);
}

void diagnosis_remedy(struct diagnosis *diagnosis, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(diagnosis->remedy, sizeof(diagnosis->remedy), format, arguments);
	va_end(arguments);
}

bool diagnosis_without_ams(const struct doctor_facts *facts, struct diagnosis *diagnosis)
{
	if (!machine_lacks_ams(&facts->machine))
		return false;
	diagnosis_set(diagnosis, FINDING_PASS,
		      "does not matter here: POWER%u machines have no Active Memory Sharing",
		      facts->machine.generation);
	return true;
}

bool diagnosis_without_use(const struct doctor_facts *facts, struct diagnosis *diagnosis)
{
	return !facts->driver.there && diagnosis_without_ams(facts, diagnosis);
}
