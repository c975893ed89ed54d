// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads the facts that cmm-admin report shows */

#include <stdio.h>
#include <string.h>

#include "attribute.h"
#include "complain.h"
#include "facts.h"
#include "size.h"

#define KIB 1024

const struct report_section_name report_sections[REPORT_SECTIONS] = {
	[REPORT_HEALTH] = { "health", "whether there is a warning" },
	[REPORT_PARTITION] = { "partition", "the machine and its kernel" },
	[REPORT_DRIVER] = { "driver", "the running driver, and its module file" },
	[REPORT_LOAN] = { "loan", "loan, target and request" },
	[REPORT_MEMORY] = { "memory", "the partition's memory" },
	[REPORT_PARAMETERS] = { "parameters", "parameters of the driver, with their defaults" },
	[REPORT_STATISTICS] = { "statistics", "counters of the driver" },
	[REPORT_ENTITLEMENT] = { "entitlement", "the hypervisor's figures on shared memory" },
	[REPORT_VIO] = { "vio", "I/O entitlement of the virtual bus and its devices" },
};

static int read_simulated_request(struct facts *facts)
{
	const struct cmm_setting *setting = &cmm_settings[SETTING_simulate_loan_target_kb];
	char text[CMM_VALUE_MAX];
	int status;

	if (!root_exists(setting->dir, setting->name))
		return CMM_EXIT_OK;
	status = setting_read(setting, text);
	if (!status)
		status = attribute_number(setting->dir, setting->name, text, &facts->request_kb);
	facts->request_known = !status;
	return status;
}

/*
 * Computes the whole request. lparcfg has only the number of bytes by which the hypervisor requests
 * to change the loan (H_GET_MPP in LoPAR). The number is negative if the loan should shrink.
 */
static void take_request(struct facts *facts)
{
	const char *text = facts->lparcfg.values[LPARCFG_entitled_memory_loan_request];
	unsigned long loaned_kb = facts->partition.loaned_kb, bytes;
	bool is_less = text[0] == '-';

	if (!number_parse(text + is_less, &bytes))
		return;
	facts->request_known = true;
	facts->request_kb = loaned_kb + bytes / KIB;
	if (is_less)
		facts->request_kb = loaned_kb > bytes / KIB ? loaned_kb - bytes / KIB : 0;
}

/* A value that the user may not read is unknown, which is no error. */
static int unless_forbidden(int status)
{
	return status == CMM_EXIT_NOT_PERMITTED ? CMM_EXIT_OK : status;
}

static int read_machine(struct facts *facts)
{
	struct kernel_config kernel;
	int status;

	status = unless_forbidden(kernel_config_read(&kernel, facts->driver.release));
	if (status)
		return status;
	return unless_forbidden(machine_read(&facts->machine, &facts->lparcfg, &kernel));
}

int facts_read(struct facts *facts)
{
	int status;

	memset(facts, 0, sizeof(*facts));
	status = partition_read(&facts->partition);
	if (!status)
		status = lparcfg_read(&facts->lparcfg);
	if (!status)
		status = unless_forbidden(driver_read(&facts->driver));
	if (!status)
		status = read_machine(facts);
	if (!status && facts->partition.simulated)
		status = read_simulated_request(facts);
	if (status)
		return status;
	if (!facts->partition.simulated)
		take_request(facts);
	facts->healthy = partition_health(&facts->partition, facts->health, sizeof(facts->health));
	return CMM_EXIT_OK;
}
