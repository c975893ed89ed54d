// SPDX-License-Identifier: GPL-2.0-or-later
/* The report as a table of all values */

#include <stdio.h>
#include <string.h>

#include "complain.h"
#include "report.h"
#include "vio.h"

/* Room for DEVICE/ATTRIBUTE on the virtual bus */
#define FULL_NAME_MAX 320

static int add_health(struct rows *rows, const struct facts *facts)
{
	rows_text(rows, "health", facts->healthy ? "ok" : "warning", facts->health);
	return CMM_EXIT_OK;
}

static void add_fields(struct rows *rows, const struct lparcfg *lparcfg,
		       enum lparcfg_section section)
{
	int i;

	for (i = 0; i < LPARCFG_FIELDS; i++)
		if (lparcfg_fields[i].section == section && lparcfg->values[i][0])
			rows_value(rows, lparcfg_fields[i].name, lparcfg->values[i],
				   lparcfg_fields[i].unit, lparcfg_fields[i].meaning);
}

static void add_known(struct rows *rows, const char *name, const char *value, const char *meaning)
{
	if (value[0])
		rows_text(rows, name, value, meaning);
}

static int add_partition(struct rows *rows, const struct facts *facts)
{
	const struct machine *machine = &facts->machine;
	char processor[CMM_VALUE_MAX];

	rows_text(rows, "kernel", facts->driver.release, "release of the running kernel");
	if (machine->kernel.there)
		rows_text(rows, "smlpar", machine->kernel.smlpar ? "yes" : "no",
			  "whether the kernel supports shared memory (PPC_SMLPAR)");
	machine_processor(machine, processor);
	add_known(rows, "processor", processor, "generation of the physical processor");
	add_known(rows, "processor_mode", machine->mode, "processor that the kernel sees");
	add_known(rows, "page_tables", machine_page_tables(machine),
		  "kind of page tables that the kernel uses");
	add_known(rows, "memory_mode", machine_memory_mode(machine),
		  "whether the partition has shared or dedicated memory");
	add_fields(rows, &facts->lparcfg, LPARCFG_PARTITION);
	return CMM_EXIT_OK;
}

static int add_driver(struct rows *rows, const struct facts *facts)
{
	const struct cmm_partition *partition = &facts->partition;
	const struct driver *driver = &facts->driver;
	const char *no_file = driver->file.fault || !driver->file_good ? "unknown" : "none";

	rows_text(rows, "version", partition->version[0] ? partition->version : "unknown",
		  "version of the running driver");
	rows_text(rows, "origin", driver_origin(driver), "built in, in-tree module or installed");
	rows_text(rows, "file", driver->file.path[0] ? driver->file.path : no_file,
		  "module file that modprobe would load");
	if (driver_can_tell(driver))
		rows_text(rows, "is_file", driver_is_file(driver) ? "yes" : "no",
			  "whether the running driver was loaded from that file");
	rows_text(rows, "mode", partition->simulated ? "simulated" : "hypervisor",
		  partition->simulated ? "the request is set in sysfs, for tests"
				       : "the hypervisor requests a loan");
	rows_text(rows, "state", partition->state[0] ? partition->state : "unknown",
		  partition->state[0] ? "what the driver does, or why it does not loan"
				      : "this driver does not report a state");
	return CMM_EXIT_OK;
}

static int add_loan(struct rows *rows, const struct facts *facts)
{
	const struct cmm_partition *partition = &facts->partition;

	rows_kb(rows, "loaned", partition->loaned_kb, "memory on loan to the hypervisor");
	rows_kb(rows, "target", partition->target_kb, "loan that the driver works towards");
	if (facts->request_known)
		rows_kb(rows, "request", facts->request_kb, "loan that the hypervisor requests");
	if (partition->loaned_kb < partition->target_kb)
		rows_kb(rows, "short", partition->target_kb - partition->loaned_kb, facts->health);
	if (partition->loaned_kb > partition->target_kb)
		rows_kb(rows, "too_much", partition->loaned_kb - partition->target_kb,
			facts->health);
	rows_kb(rows, "oom_freed", partition->oom_freed_kb,
		"returned at out-of-memory events; lowers the target until cmm-admin reset-oom");
	return CMM_EXIT_OK;
}

static int add_memory(struct rows *rows, const struct facts *facts)
{
	const struct cmm_partition *partition = &facts->partition;
	int i;

	rows_kb(rows, "assigned", partition_assigned_kb(partition),
		"memory of the partition, on loan or not (MemTotal + loaned)");
	add_fields(rows, &facts->lparcfg, LPARCFG_MEMORY);
	rows_kb(rows, "left", partition->total_kb, "memory that is not on loan (MemTotal)");
	rows_kb(rows, "available", partition->available_kb,
		"memory available to programs (MemAvailable)");
	for (i = 0; i < CMM_MEMORY_COUNT; i++)
		if (partition->memory[i].found && !partition->memory[i].needed)
			rows_kb(rows, partition->memory[i].name, partition->memory[i].kb,
				"as in /proc/meminfo");
	return CMM_EXIT_OK;
}

static int add_parameters(struct rows *rows, const struct facts *facts)
{
	int i;

	for (i = 0; i < CMM_PARAMETER_COUNT; i++)
		if (facts->partition.values[i][0])
			rows_setting(rows, &cmm_settings[i], facts->partition.values[i]);
	return CMM_EXIT_OK;
}

static int add_statistics(struct rows *rows, const struct facts *facts)
{
	int i;

	for (i = 0; i < CMM_STAT_COUNT; i++)
		if (facts->partition.stats[i][0])
			rows_text(rows, cmm_stats[i].name, facts->partition.stats[i],
				  cmm_stats[i].meaning);
	return CMM_EXIT_OK;
}

static int add_entitlement(struct rows *rows, const struct facts *facts)
{
	if (!facts->lparcfg.there)
		rows_text(rows, "lparcfg", "none",
			  "/proc/powerpc/lparcfg does not exist or cannot be read");
	add_fields(rows, &facts->lparcfg, LPARCFG_ENTITLEMENT);
	return CMM_EXIT_OK;
}

static void add_vio_attribute(void *data, const char *device, const char *name, const char *value)
{
	char full_name[FULL_NAME_MAX];

	snprintf(full_name, sizeof(full_name), "%s%s%s", device ? device : "", device ? "/" : "",
		 name);
	rows_value(data, full_name, value, vio_unit(name),
		   device ? "I/O entitlement of a device" : "I/O entitlement of the virtual bus");
}

static int add_vio(struct rows *rows, const struct facts *facts)
{
	(void)facts;
	return vio_read(add_vio_attribute, rows);
}

static int (*const add[REPORT_SECTIONS])(struct rows *rows, const struct facts *facts) = {
	[REPORT_HEALTH] = add_health,
	[REPORT_PARTITION] = add_partition,
	[REPORT_DRIVER] = add_driver,
	[REPORT_LOAN] = add_loan,
	[REPORT_MEMORY] = add_memory,
	[REPORT_PARAMETERS] = add_parameters,
	[REPORT_STATISTICS] = add_statistics,
	[REPORT_ENTITLEMENT] = add_entitlement,
	[REPORT_VIO] = add_vio,
};

int report_rows(struct rows *rows, const struct facts *facts, int section)
{
	int i, status = CMM_EXIT_OK;

	for (i = 0; i < REPORT_SECTIONS && !status; i++) {
		if (section != REPORT_SECTIONS && section != i)
			continue;
		rows_section(rows, report_sections[i].name);
		status = add[i](rows, facts);
	}
	return status;
}
