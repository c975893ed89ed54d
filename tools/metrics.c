// SPDX-License-Identifier: GPL-2.0-or-later
/* cmm-admin metrics: figures for Prometheus, through node_exporter's textfile collector */

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "file.h"
#include "lparcfg.h"
#include "partition.h"
#include "psi.h"
#include "size.h"
#include "text.h"

#define KIB	     1024.0
#define USEC_PER_SEC 1e6

static const char *output;

static const struct command_option options[] = {
	{ "--output", 'o', "FILE", "write to FILE; its name should end in .prom", .text = &output },
	{ 0 },
};

/* Figures of lparcfg, which are printed in base units: bytes and seconds */
static const struct {
	int field;
	const char *name;
	const char *type;
	bool is_usec;
	const char *help;
} figures[] = {
	{ LPARCFG_cmo_enabled, "cmm_cmo_enabled", "gauge", false,
	  "Whether the partition shares memory." },
	{ LPARCFG_cmo_faults, "cmm_cmo_faults_total", "counter", false,
	  "Page faults that the hypervisor served, because it had paged the memory out." },
	{ LPARCFG_cmo_fault_time_usec, "cmm_cmo_fault_seconds_total", "counter", true,
	  "Time that the partition waited for page faults that the hypervisor served." },
	{ LPARCFG_entitled_memory_loan_request, "cmm_loan_request_bytes", "gauge", false,
	  "Requested growth of the loan; negative if the loan should shrink." },
	{ LPARCFG_backing_memory, "cmm_backing_memory_bytes", "gauge", false,
	  "Physical memory behind the partition's memory." },
	{ LPARCFG_entitled_memory, "cmm_entitled_memory_bytes", "gauge", false,
	  "Memory that is guaranteed for I/O." },
	{ LPARCFG_mapped_entitled_memory, "cmm_mapped_entitled_memory_bytes", "gauge", false,
	  "Entitled memory that I/O uses." },
	{ LPARCFG_entitled_memory_weight, "cmm_entitled_memory_weight", "gauge", false,
	  "Weight against the pool's other partitions, 0 to 255." },
	{ LPARCFG_unallocated_entitled_memory_weight, "cmm_unallocated_entitled_memory_weight",
	  "gauge", false, "Unassigned memory weight of the partition's group." },
	{ LPARCFG_unallocated_io_mapping_entitlement, "cmm_unallocated_io_entitlement_bytes",
	  "gauge", false, "Unassigned entitled memory of the partition's group." },
	{ LPARCFG_coalesced_bytes, "cmm_coalesced_bytes", "gauge", false,
	  "Memory that deduplication saves in the partition." },
	{ LPARCFG_entitled_memory_pool_size, "cmm_pool_size_bytes", "gauge", false,
	  "Memory of the shared memory pool." },
	{ LPARCFG_pool_coalesced_bytes, "cmm_pool_coalesced_bytes", "gauge", false,
	  "Memory that deduplication saves in the pool." },
};

#define FIGURES (sizeof(figures) / sizeof(figures[0]))

/* The facts that are printed */
struct facts {
	struct cmm_partition partition;
	struct lparcfg lparcfg;
	struct psi psi;
};

static int read_facts(struct facts *facts)
{
	int status;

	status = partition_read(&facts->partition);
	if (!status)
		status = lparcfg_read(&facts->lparcfg);
	return status ? status : psi_read(&facts->psi);
}

/* Prints the lines that introduce the samples of a metric. */
static void family(FILE *file, const char *name, const char *type, const char *help)
{
	fprintf(file, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void gauge_kb(FILE *file, const char *name, const char *help, unsigned long kb)
{
	family(file, name, "gauge", help);
	fprintf(file, "%s %.0f\n", name, kb * KIB);
}

/* Prints the value of an attribute. The attribute's meaning, as a sentence, is the help. */
static void attribute_kb(FILE *file, const char *name, int attribute, unsigned long kb)
{
	const char *meaning = cmm_settings[attribute].meaning;
	char help[CMM_VALUE_MAX];

	snprintf(help, sizeof(help), "%c%s.", toupper(meaning[0]), meaning + 1);
	gauge_kb(file, name, help, kb);
}

/*
 * Prints a label. The format requires quotes and UTF-8. A failure of text_clean() for lack of
 * memory needs no message, because the memory stream of write_metrics() then fails as well.
 */
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
	family(file, "cmm_info", "gauge",
	       "The driver's version and mode, as labels; the value is 1.");
	fprintf(file, "cmm_info{");
	label(file, "version", partition->version);
	fputc(',', file);
	label(file, "mode", partition->simulated ? "simulated" : "hypervisor");
	fprintf(file, "} 1\n");
}

static void state_sample(FILE *file, const char *word, bool is_now)
{
	fprintf(file, "cmm_state{");
	label(file, "state", word);
	fprintf(file, "} %d\n", is_now);
}

/* Prints one series for each state, so that no series ends when the state changes. */
static void state(FILE *file, const struct cmm_partition *partition)
{
	bool is_now, is_known = false;
	int i;

	if (!partition->state[0])
		return;
	family(file, "cmm_state", "gauge",
	       "1 for the state that the driver is in, 0 for the others.");
	for (i = 0; i < cmm_state_count; i++) {
		is_now = !strcmp(partition->state, cmm_states[i].word);
		is_known |= is_now;
		state_sample(file, cmm_states[i].word, is_now);
	}
	if (!is_known)
		state_sample(file, partition->state, true);
}

static void health(FILE *file, const struct cmm_partition *partition)
{
	char line[HEALTH_MAX];

	family(file, "cmm_healthy", "gauge", "Whether cmm-admin report has no warning.");
	fprintf(file, "cmm_healthy %d\n", partition_health(partition, line, sizeof(line)));
}

/* Prints floating-point numbers, because min_mem_mb in bytes may need more than 64 bits. */
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

static void hypervisor(FILE *file, const struct lparcfg *lparcfg)
{
	long value;
	size_t i;

	for (i = 0; i < FIGURES; i++) {
		if (!lparcfg_number(lparcfg, figures[i].field, &value))
			continue;
		family(file, figures[i].name, figures[i].type, figures[i].help);
		if (figures[i].is_usec)
			fprintf(file, "%s %.6f\n", figures[i].name, value / USEC_PER_SEC);
		else
			fprintf(file, "%s %ld\n", figures[i].name, value);
	}
	if (!lparcfg->values[LPARCFG_entitled_memory_pool_number][0])
		return;
	family(file, "cmm_pool_info", "gauge",
	       "The IDs of the partition's shared memory pool and group, as labels; the value is 1.");
	fprintf(file, "cmm_pool_info{");
	label(file, "pool", lparcfg->values[LPARCFG_entitled_memory_pool_number]);
	fputc(',', file);
	label(file, "group", lparcfg->values[LPARCFG_entitled_memory_group_number]);
	fprintf(file, "} 1\n");
}

static void pressure(FILE *file, const struct psi *psi)
{
	static const struct {
		const char *name;
		const char *help;
	} lines[PSI_LINES] = {
		[PSI_SOME] = { "cmm_memory_pressure_some_seconds_total",
			       "Time in which some tasks waited for memory." },
		[PSI_FULL] = { "cmm_memory_pressure_full_seconds_total",
			       "Time in which all tasks that could run waited for memory." },
	};
	int i;

	for (i = 0; i < PSI_LINES; i++) {
		if (!psi->known[i])
			continue;
		family(file, lines[i].name, "counter", lines[i].help);
		fprintf(file, "%s %.6f\n", lines[i].name, psi->lines[i].total_us / USEC_PER_SEC);
	}
}

static void print_metrics(FILE *file, const struct facts *facts)
{
	const struct cmm_partition *partition = &facts->partition;

	info(file, partition);
	health(file, partition);
	state(file, partition);
	attribute_kb(file, "cmm_loaned_bytes", SETTING_loaned_kb, partition->loaned_kb);
	attribute_kb(file, "cmm_loaned_target_bytes", SETTING_loaned_target_kb,
		     partition->target_kb);
	attribute_kb(file, "cmm_oom_freed_bytes", SETTING_oom_freed_kb, partition->oom_freed_kb);
	gauge_kb(file, "cmm_assigned_bytes", "The partition's memory, on loan or not.",
		 partition_assigned_kb(partition));
	gauge_kb(file, "cmm_available_bytes", "Memory available to programs (MemAvailable).",
		 partition->available_kb);
	parameters(file, partition);
	stats(file, partition);
	hypervisor(file, &facts->lparcfg);
	pressure(file, &facts->psi);
}

/* Prints to memory first, so that the file never has only a part of the figures. */
static int write_metrics(const struct facts *facts)
{
	char *text = NULL;
	size_t length = 0;
	int status = 0;
	FILE *file;

	file = open_memstream(&text, &length);
	if (!file)
		goto out_memory;
	print_metrics(file, facts);
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
	return complain_errno(ENOMEM, "cannot print the figures");
}

/* Removes the file of earlier figures, because readers would take these for present ones. */
static int remove_old(void)
{
	struct stat before;

	return lstat(output, &before) || !S_ISREG(before.st_mode) ? 0 : unlink(output);
}

static int metrics(const struct command_line *line)
{
	struct facts facts;
	int status;

	(void)line;
	status = read_facts(&facts);
	if (status && output && remove_old())
		complain_errno(errno, "cannot remove %s", output);
	if (status)
		return status;
	status = write_metrics(&facts);
	if (status && output)
		remove_old();
	return status;
}

const struct command metrics_command = {
	.name = "metrics",
	.summary = "print figures for Prometheus",
	.usage = "[OPTION...]",
	.description =
		"Prints the partition's figures in the text format of Prometheus. With --output,\n"
		"replaces FILE as a whole, for node_exporter's textfile collector. If the\n"
		"figures cannot be read, FILE is removed.\n",
	.examples = "  cmm-admin metrics\n"
		    "  cmm-admin metrics -o /var/lib/prometheus/node-exporter/cmm.prom\n",
	.options = options,
	.run = metrics,
};
