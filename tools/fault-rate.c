// SPDX-License-Identifier: GPL-2.0-or-later
/* Measures the rate of page faults that the hypervisor serves */

#include <time.h>

#include "complain.h"
#include "fault-rate.h"
#include "waiting.h"

/* Time over which the rate is measured */
#define PERIOD_MS 1000

static void sleep_ms(unsigned long ms)
{
	struct timespec time = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&time, NULL);
}

int fault_rate_read(struct fault_rate *rate, const struct lparcfg *first)
{
	unsigned long start_ms = waiting_clock_ms(), passed_ms;
	struct lparcfg later;
	long before, now;
	int status;

	*rate = (struct fault_rate){ 0 };
	if (!lparcfg_number(first, LPARCFG_cmo_faults, &before))
		return CMM_EXIT_OK;
	sleep_ms(PERIOD_MS);
	status = lparcfg_read(&later);
	passed_ms = waiting_clock_ms() - start_ms;
	if (status || !lparcfg_number(&later, LPARCFG_cmo_faults, &now))
		return status;
	/* After a migration to another machine, the count starts at 0 again. */
	if (now < before)
		before = 0;
	rate->is_known = true;
	rate->hundredths = (now - before) * 100UL * 1000 / (passed_ms ? passed_ms : 1);
	return CMM_EXIT_OK;
}
