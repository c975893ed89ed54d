// SPDX-License-Identifier: GPL-2.0-or-later
/* cmm-admin report: the whole picture, for a reader who never saw cmm. */

#include <stdio.h>
#include <string.h>

#include "command.h"
#include "driver.h"
#include "lparcfg.h"
#include "partition.h"
#include "rows.h"
#include "size.h"
#include "vio.h"

/* Room for DEVICE/ATTRIBUTE on the virtual bus */
#define FULL_NAME_MAX 320

/* All that a report is made of */
struct facts {
	struct cmm_partition partition;
	struct lparcfg lparcfg;
	struct driver driver;
};

static void add_fields(struct rows *rows, const struct lparcfg *lparcfg,
		       enum lparcfg_section section)
{
	int i;

	for (i = 0; i < LPARCFG_FIELDS; i++)
		if (lparcfg_fields[i].section == section && lparcfg->values[i][0])
			rows_value(rows, lparcfg_fields[i].name, lparcfg->values[i],
				   lparcfg_fields[i].unit, lparcfg_fields[i].meaning);
}

static void add_partition(struct rows *rows, const struct facts *facts)
{
	rows_section(rows, "partition");
	rows_text(rows, "kernel", facts->driver.release, "that runs");
	add_fields(rows, &facts->lparcfg, LPARCFG_PARTITION);
}

static void add_driver(struct rows *rows, const struct facts *facts)
{
	const struct cmm_partition *partition = &facts->partition;
	const struct driver *driver = &facts->driver;

	rows_section(rows, "driver");
	rows_text(rows, "version", partition->version[0] ? partition->version : "unknown",
		  "of the cmm module that is loaded");
	rows_text(rows, "origin", driver_origin(driver), "where that came from");
	rows_text(rows, "file", driver->file.path[0] ? driver->file.path : "none",
		  "that modprobe would load");
	if (driver_can_tell(driver))
		rows_text(rows, "is_file", driver_is_file(driver) ? "yes" : "no",
			  "whether that file is what is loaded");
	rows_text(rows, "mode", partition->simulated ? "simulated" : "hypervisor",
		  partition->simulated ? "the loan request comes from sysfs, for tests"
				       : "the loan request comes from the hypervisor");
	rows_text(rows, "state", partition->state[0] ? partition->state : "unknown",
		  partition->state[0] ? "what it is doing" : "this driver does not tell");
}

static void add_loan(struct rows *rows, const struct cmm_partition *partition)
{
	char why[HEALTH_MAX];

	rows_section(rows, "loan");
	rows_kb(rows, "loaned", partition->loaned_kb, "lent to the hypervisor now");
	rows_kb(rows, "target", partition->target_kb, "what the driver works towards");
	partition_health(partition, why, sizeof(why));
	if (partition->loaned_kb < partition->target_kb)
		rows_kb(rows, "short", partition->target_kb - partition->loaned_kb, why);
	if (partition->loaned_kb > partition->target_kb)
		rows_kb(rows, "too_much", partition->loaned_kb - partition->target_kb, why);
	rows_kb(rows, "oom_freed", partition->oom_freed_kb,
		"taken back for want of memory; lowers the target until reset");
}

static void add_memory(struct rows *rows, const struct facts *facts)
{
	const struct cmm_partition *partition = &facts->partition;
	int i;

	rows_section(rows, "memory");
	rows_kb(rows, "assigned", partition->total_kb + partition->loaned_kb,
		"the partition's, on loan or not (MemTotal + loaned)");
	add_fields(rows, &facts->lparcfg, LPARCFG_MEMORY);
	rows_kb(rows, "left", partition->total_kb, "not on loan (MemTotal)");
	rows_kb(rows, "available", partition->available_kb, "free for programs (MemAvailable)");
	for (i = 0; i < CMM_MEMORY_COUNT; i++)
		if (partition->memory[i].found && !partition->memory[i].needed)
			rows_kb(rows, partition->memory[i].name, partition->memory[i].kb,
				"as in /proc/meminfo");
}

static void add_parameters(struct rows *rows, const struct cmm_partition *partition)
{
	int i;

	rows_section(rows, "parameters");
	for (i = 0; i < CMM_PARAMETER_COUNT; i++)
		if (partition->values[i][0])
			rows_setting(rows, &cmm_settings[i], partition->values[i]);
}

static void add_stats(struct rows *rows, const struct cmm_partition *partition)
{
	int i;

	rows_section(rows, "statistics");
	for (i = 0; i < CMM_STAT_COUNT; i++)
		if (partition->stats[i][0])
			rows_text(rows, cmm_stats[i].name, partition->stats[i],
				  cmm_stats[i].meaning);
}

static void add_health(struct rows *rows, bool well, const char *line)
{
	rows_section(rows, "health");
	rows_text(rows, "health", well ? "ok" : "warning", line);
}

static void add_entitlement(struct rows *rows, const struct lparcfg *lparcfg)
{
	rows_section(rows, "entitlement");
	if (!lparcfg->there)
		rows_text(rows, "lparcfg", "none", "this kernel has no /proc/powerpc/lparcfg");
	add_fields(rows, lparcfg, LPARCFG_ENTITLEMENT);
}

static void add_vio_attribute(void *data, const char *device, const char *name, const char *value)
{
	char full_name[FULL_NAME_MAX];

	snprintf(full_name, sizeof(full_name), "%s%s%s", device ? device : "", device ? "/" : "",
		 name);
	rows_value(data, full_name, value, strstr(name, "fail") ? "" : "B",
		   device ? "I/O entitlement of a device" : "I/O entitlement of the virtual bus");
}

static int add_all(struct rows *rows, const struct facts *facts)
{
	const struct cmm_partition *partition = &facts->partition;

	add_partition(rows, facts);
	add_loan(rows, partition);
	add_memory(rows, facts);
	add_parameters(rows, partition);
	add_driver(rows, facts);
	add_stats(rows, partition);
	add_entitlement(rows, &facts->lparcfg);
	rows_section(rows, "vio");
	return vio_read(add_vio_attribute, rows);
}

/* For people, the health is a line of its own below the table. */
static int print_report(const struct facts *facts, const struct table_format *format)
{
	bool for_people = !format->json && !format->raw && !format->pairs;
	char health[HEALTH_MAX];
	struct rows rows;
	int status;
	bool well;

	status = rows_begin(&rows, format);
	if (status)
		return status;
	status = add_all(&rows, facts);
	if (status) {
		rows_drop(&rows);
		return status;
	}
	well = partition_health(&facts->partition, health, sizeof(health));
	if (!for_people)
		add_health(&rows, well, health);
	status = rows_end(&rows);
	if (!status && for_people && !format->output)
		printf("\nhealth: %s: %s\n", well ? "ok" : "warning", health);
	return status;
}

static int report(const struct command_line *line)
{
	struct facts facts;
	int status;

	status = partition_read(&facts.partition);
	if (!status)
		status = lparcfg_read(&facts.lparcfg);
	if (!status)
		status = driver_read(&facts.driver);
	return status ? status : print_report(&facts, &line->format);
}

const struct command report_command = {
	.name = "report",
	.summary = "the loan, its reasons, and whether all is well",
	.usage = "[OPTION...]",
	.description =
		"Shows the partition's loan to its hypervisor, the target, the memory that is left,\n"
		"the settings of the driver, and whether all is well.\n",
	.examples =
		"  cmm-admin report\n"
		"  cmm-admin report --json | jq '.report[] | select(.name == \"loaned\").value'\n"
		"  cmm-admin report --raw --noheadings -o NAME,VALUE\n"
		"  cmm-admin report --sysroot /tmp/capture\n",
	.columns = &rows_columns[ROWS_SECTION],
	.run = report,
};
