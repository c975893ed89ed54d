// SPDX-License-Identifier: GPL-2.0-or-later
/* The report as a JSON document */

#include <stdio.h>
#include <string.h>

#include "complain.h"
#include "report.h"
#include "vio.h"

/* Room for the name of a field or an attribute, and its unit */
#define KEY_MAX 300

static int add_health(struct document *document, const struct facts *facts)
{
	document_flag(document, "ok", facts->healthy);
	document_text(document, "text", facts->health);
	return CMM_EXIT_OK;
}

static int add_partition(struct document *document, const struct facts *facts)
{
	const struct machine *machine = &facts->machine;
	char processor[CMM_VALUE_MAX];

	machine_processor(machine, processor);
	document_text(document, "model", machine->model);
	document_text(document, "processor", processor);
	document_text(document, "processor_mode", machine->mode);
	document_text(document, "page_tables", machine_page_tables(machine));
	document_text(document, "memory_mode", machine_memory_mode(machine));
	document_text(document, "serial_number", facts->lparcfg.values[LPARCFG_serial_number]);
	document_parsed(document, "partition_id", facts->lparcfg.values[LPARCFG_partition_id]);
	document_text(document, "kernel", facts->driver.release);
	if (machine->kernel.there)
		document_flag(document, "smlpar", machine->kernel.smlpar);
	return CMM_EXIT_OK;
}

static int add_driver(struct document *document, const struct facts *facts)
{
	const struct driver *driver = &facts->driver;

	document_text(document, "version", facts->partition.version);
	document_text(document, "origin", driver_origin(driver));
	document_text(document, "file", driver->file.path);
	if (driver_can_tell(driver))
		document_flag(document, "is_file", driver_is_file(driver));
	document_flag(document, "simulated", facts->partition.simulated);
	document_text(document, "state", facts->partition.state);
	return CMM_EXIT_OK;
}

static int add_loan(struct document *document, const struct facts *facts)
{
	document_number(document, "loaned_kb", facts->partition.loaned_kb);
	document_number(document, "target_kb", facts->partition.target_kb);
	if (facts->request_known)
		document_number(document, "request_kb", facts->request_kb);
	document_number(document, "oom_freed_kb", facts->partition.oom_freed_kb);
	return CMM_EXIT_OK;
}

static int add_memory(struct document *document, const struct facts *facts)
{
	static const char *const keys[CMM_MEMORY_COUNT] = {
		[CMM_MEM_TOTAL] = "total_kb",
		[CMM_MEM_AVAILABLE] = "available_kb",
		[CMM_MEM_FREE] = "free_kb",
		[CMM_BUFFERS] = "buffers_kb",
		[CMM_CACHED] = "cached_kb",
		[CMM_INACTIVE] = "inactive_kb",
		[CMM_INACTIVE_ANON] = "inactive_anon_kb",
		[CMM_INACTIVE_FILE] = "inactive_file_kb",
		[CMM_SWAP_TOTAL] = "swap_total_kb",
		[CMM_SWAP_FREE] = "swap_free_kb",
	};
	const struct cmm_partition *partition = &facts->partition;
	int i;

	document_number(document, "assigned_kb", partition_assigned_kb(partition));
	document_parsed(document, "desired_mb", facts->lparcfg.values[LPARCFG_DesMem]);
	for (i = 0; i < CMM_MEMORY_COUNT; i++)
		if (partition->memory[i].found)
			document_number(document, keys[i], partition->memory[i].kb);
	return CMM_EXIT_OK;
}

static int add_parameters(struct document *document, const struct facts *facts)
{
	int i;

	for (i = 0; i < CMM_PARAMETER_COUNT; i++)
		if (facts->partition.values[i][0])
			document_setting(document, &cmm_settings[i], facts->partition.values[i]);
	return CMM_EXIT_OK;
}

static int add_statistics(struct document *document, const struct facts *facts)
{
	int i;

	for (i = 0; i < CMM_STAT_COUNT; i++)
		document_parsed(document, cmm_stats[i].name, facts->partition.stats[i]);
	return CMM_EXIT_OK;
}

/*
 * Adds a number. The key is @name, the kernel's name for the number. "_bytes" is appended if the
 * number is in bytes and @name does not say so.
 */
static void add_number(struct document *document, const char *name, const char *value,
		       const char *unit)
{
	bool lacks_unit = !strcmp(unit, "B") && !strstr(name, "_bytes");
	char key[KEY_MAX];

	snprintf(key, sizeof(key), "%s%s", name, lacks_unit ? "_bytes" : "");
	document_parsed(document, key, value);
}

static int add_entitlement(struct document *document, const struct facts *facts)
{
	const char *value;
	int i;

	for (i = 0; i < LPARCFG_FIELDS; i++) {
		value = facts->lparcfg.values[i];
		if (lparcfg_fields[i].section != LPARCFG_ENTITLEMENT || !value[0])
			continue;
		if (i == LPARCFG_cmo_enabled)
			document_flag(document, lparcfg_fields[i].name, !strcmp(value, "1"));
		else
			add_number(document, lparcfg_fields[i].name, value, lparcfg_fields[i].unit);
	}
	return CMM_EXIT_OK;
}

/* The document has an object for the virtual bus, and beside it an array of the devices. */
struct vio_writer {
	struct document *document;
	char device[KEY_MAX]; /* the device that is being added; "" for the bus */
};

static void add_vio_attribute(void *data, const char *device, const char *name, const char *value)
{
	struct vio_writer *writer = data;

	if (device && strcmp(writer->device, device)) {
		snprintf(writer->device, sizeof(writer->device), "%s", device);
		document_item(writer->document, "vio_devices");
		document_text(writer->document, "name", device);
	}
	add_number(writer->document, name, value, vio_unit(name));
}

static int add_vio(struct document *document, const struct facts *facts)
{
	struct vio_writer writer = { .document = document };

	(void)facts;
	return vio_read(add_vio_attribute, &writer);
}

static int (*const add[REPORT_SECTIONS])(struct document *document, const struct facts *facts) = {
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

int report_document(struct document *document, const struct facts *facts, int section)
{
	int i, status = CMM_EXIT_OK;

	for (i = 0; i < REPORT_SECTIONS && !status; i++) {
		if (section != REPORT_SECTIONS && section != i)
			continue;
		document_object(document, report_sections[i].name);
		status = add[i](document, facts);
	}
	return status;
}
