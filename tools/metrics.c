// SPDX-License-Identifier: GPL-2.0-or-later
/* cmm-admin metrics: for Prometheus, by node_exporter's textfile collector. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "file.h"
#include "partition.h"
#include "size.h"
#include "text.h"

#define KIB 1024.0

static const char *output;

static const struct command_option options[] = {
	{ "--output", 'o', "FILE", "write there; its name should end in .prom", .text = &output },
	{ 0 },
};

static void family(FILE *file, const char *name, const char *type, const char *help)
{
	fprintf(file, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void gauge_kb(FILE *file, const char *name, const char *help, unsigned long kb)
{
	family(file, name, "gauge", help);
	fprintf(file, "%s %.0f\n", name, kb * KIB);
}

/* Quoted as the format wants it, which has to be UTF-8. Without memory, the file fails as well. */
static void label(FILE *file, const char *name, const char *text)
{
	char *clean = text_clean(text);
	const char *value;

	fprintf(file, "%s=\"", name);
	for (value = clean ? clean : ""; *value; value++) {
		if (*value == '"' || *value == '\\')
			fputc('\\', file);
		fputc(*value, file);
	}
	fputc('"', file);
	free(clean);
}

static void info(FILE *file, const struct cmm_partition *partition)
{
	family(file, "cmm_info", "gauge", "What is looked at; 1.");
	fprintf(file, "cmm_info{");
	label(file, "version", partition->version);
	fputc(',', file);
	label(file, "mode", partition->simulated ? "simulated" : "hypervisor");
	fputc(',', file);
	label(file, "state", partition->state[0] ? partition->state : "unknown");
	fprintf(file, "} 1\n");
}

static void health(FILE *file, const struct cmm_partition *partition)
{
	char line[HEALTH_MAX];

	family(file, "cmm_healthy", "gauge", "Whether cmm-admin report has no warning.");
	fprintf(file, "cmm_healthy %d\n", partition_health(partition, line, sizeof(line)));
}

/* Numbers with a unit in their name; min_mem_mb may be more than 64 bits of bytes. */
static void parameters(FILE *file, const struct cmm_partition *partition)
{
	unsigned long value, unit_bytes;
	int i;

	family(file, "cmm_parameter", "gauge",
	       "The driver's parameters; sizes in bytes, times in seconds.");
	for (i = 0; i < CMM_PARAMETER_COUNT; i++) {
		if (!number_parse(partition->values[i], &value))
			continue;
		fprintf(file, "cmm_parameter{");
		label(file, "name", cmm_settings[i].name);
		unit_bytes = setting_unit_bytes(&cmm_settings[i]);
		fprintf(file, "} %.0f\n", (double)value * (unit_bytes ? unit_bytes : 1));
	}
}

static void stats(FILE *file, const struct cmm_partition *partition)
{
	char name[CMM_VALUE_MAX], help[CMM_VALUE_MAX];
	int i;

	for (i = 0; i < CMM_STAT_COUNT; i++) {
		if (!partition->stats[i][0])
			continue;
		snprintf(name, sizeof(name), "cmm_%s_total", cmm_stats[i].name);
		snprintf(help, sizeof(help), "Since the driver was loaded: %s.",
			 cmm_stats[i].meaning);
		family(file, name, "counter", help);
		fprintf(file, "%s %s\n", name, partition->stats[i]);
	}
}

static void print_metrics(FILE *file, const struct cmm_partition *partition)
{
	info(file, partition);
	health(file, partition);
	gauge_kb(file, "cmm_loaned_bytes", "Lent to the hypervisor now.", partition->loaned_kb);
	gauge_kb(file, "cmm_loaned_target_bytes", "What the driver works towards.",
		 partition->target_kb);
	gauge_kb(file, "cmm_oom_freed_bytes", "Taken back by out-of-memory events since a reset.",
		 partition->oom_freed_kb);
	gauge_kb(file, "cmm_assigned_bytes", "The partition's memory, on loan or not.",
		 partition->total_kb + partition->loaned_kb);
	gauge_kb(file, "cmm_available_bytes", "MemAvailable.", partition->available_kb);
	parameters(file, partition);
	stats(file, partition);
}

/* Prints to memory first, so that only whole files replace the file. */
static int metrics(const struct command_line *line)
{
	struct cmm_partition partition;
	char *text = NULL;
	size_t length = 0;
	FILE *file;
	int status;

	(void)line;
	status = partition_read(&partition);
	if (status)
		return status;
	file = open_memstream(&text, &length);
	if (!file)
		goto out_memory;
	print_metrics(file, &partition);
	if (ferror(file) | fclose(file))
		goto out_memory;
	if (output)
		status = file_replace(output, text, length, 0644);
	else
		fwrite(text, 1, length, stdout);
	free(text);
	return status;

out_memory:
	free(text);
	return complain_errno(ENOMEM, "the figures");
}

const struct command metrics_command = {
	.name = "metrics",
	.summary = "print figures for Prometheus",
	.usage = "[OPTION...]",
	.description =
		"Prints the partition's figures in the text format that Prometheus reads. With\n"
		"--output, replaces a file as a whole, for node_exporter's textfile collector.\n",
	.examples = "  cmm-admin metrics\n"
		    "  cmm-admin metrics -o /var/lib/prometheus/node-exporter/cmm.prom\n",
	.options = options,
	.run = metrics,
};
