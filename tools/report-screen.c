// SPDX-License-Identifier: GPL-2.0-or-later
/* The report on one screen: 24 lines of 80 columns, or of the terminal's width */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "paragraph.h"
#include "report.h"
#include "size.h"
#include "terminal.h"

#define KIB	     1024UL
#define USEC_PER_SEC 1e6

/* Size of a buffer; the longest text is the list of all settings */
#define TEXT_MAX 1024

#define BAR_MAX 100

/*
 * The largest number of lines for settings. With this limit, the report has at most 24 lines, even
 * if all other texts are at their longest.
 */
#define SETTINGS_LINES 2

#define GREEN  "\033[32m"
#define YELLOW "\033[1;33m"

/* Printed instead of the reason for a missing amount, if the line "Health" gives this reason */
#define SEE_HEALTH "see Health"

struct screen {
	const struct facts *facts;
	bool bytes;
	int columns;
};

/* Parts of the assigned memory, from left to right in the bar. A loan grows to the right. */
enum { LOANED, AVAILABLE, FLOOR, USED, PARTS };

static const struct {
	const char *name;
	const char *ascii;
	const char *block;
	const char *note;
} parts[PARTS] = {
	[LOANED] = { "loaned", "#", "█", "" },
	[AVAILABLE] = { "available", ".", "░", "" },
	[FLOOR] = { "floor", ":", "▒", " available, but not for loans" },
	[USED] = { "used", "=", "▓", "" },
};

/* Appends to @text. */
__attribute__((format(printf, 2, 3))) static void add(char text[TEXT_MAX], const char *format, ...)
{
	size_t length = strlen(text);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text + length, TEXT_MAX - length, format, arguments);
	va_end(arguments);
}

static struct size_text amount(const struct screen *screen, unsigned long kb)
{
	struct size_text text;

	if (!screen->bytes)
		return size_kb(kb);
	snprintf(text.text, sizeof(text.text), "%lu B", size_bytes(kb, KIB));
	return text;
}

static void print(const struct screen *screen, const char *label, const char *text)
{
	paragraph(label, text, NULL, screen->columns);
}

static void print_health(const struct screen *screen)
{
	bool well = screen->facts->healthy;
	const char *color = well ? GREEN : YELLOW;
	char text[TEXT_MAX] = "";

	add(text, "%s: %s", well ? "ok" : "warning", screen->facts->health);
	paragraph("Health:", text, terminal_has_colors() ? color : NULL, screen->columns);
}

/*
 * Adds the size of CMO pages if this size is known and differs from the kernel's page size. If the
 * firmware does not offer CMO, or the kernel lacks PPC_SMLPAR, says whether the kernel has this
 * option: the firmware offers CMO only to a kernel that has it.
 */
static void add_cmo(char text[TEXT_MAX], const struct machine *machine)
{
	if (machine->kernel.there && (!machine->cmo || !machine->kernel.smlpar))
		add(text, " %s PPC_SMLPAR", machine->kernel.smlpar ? "with" : "without");
	if (machine->cmo && machine->cmo_page_bytes &&
	    machine->cmo_page_bytes != machine->kernel.page_bytes)
		add(text, ", CMO pages of %s", size_human(machine->cmo_page_bytes, 1).text);
}

static void print_machine(const struct screen *screen)
{
	const struct facts *facts = screen->facts;
	const char *id = facts->lparcfg.values[LPARCFG_partition_id];
	char text[TEXT_MAX] = "", machine[MACHINE_MAX];

	machine_describe(&facts->machine, machine);
	print(screen, "Machine:", machine);
	if (id[0])
		add(text, "%s, ", id);
	add(text, "Linux %s", facts->driver.release);
	add_cmo(text, &facts->machine);
	print(screen, "Partition:", text);
}

static void print_driver(const struct screen *screen)
{
	const struct cmm_partition *partition = &screen->facts->partition;
	const struct driver *driver = &screen->facts->driver;
	char text[TEXT_MAX] = "";

	add(text, "cmm %s, %s", partition->version[0] ? partition->version : "of unknown version",
	    driver_origin(driver));
	if (partition->state[0])
		add(text, ", state %s", partition->state);
	if (driver_can_tell(driver) && !driver_is_file(driver))
		add(text, ", not the file on disk");
	print(screen, "Driver:", text);
}

static unsigned long smaller(unsigned long a, unsigned long b)
{
	return a < b ? a : b;
}

/* @a - @b, or 0 if that is negative */
static unsigned long beyond(unsigned long a, unsigned long b)
{
	return a > b ? a - b : 0;
}

/* The value of @parameter, which is in MiB, in KiB; 0 if the driver lacks @parameter */
static unsigned long floor_kb(const struct cmm_partition *partition, int parameter)
{
	unsigned long floor_mb;

	return number_parse(partition->values[parameter], &floor_mb) ? size_bytes(floor_mb, KIB)
								     : 0;
}

static void measure(const struct cmm_partition *partition, unsigned long sizes_kb[PARTS])
{
	unsigned long available_kb = smaller(partition->available_kb, partition->total_kb);

	sizes_kb[LOANED] = partition->loaned_kb;
	sizes_kb[AVAILABLE] =
		smaller(beyond(available_kb, floor_kb(partition, SETTING_min_avail_mb)),
			beyond(partition->total_kb, floor_kb(partition, SETTING_min_mem_mb)));
	sizes_kb[FLOOR] = available_kb - sizes_kb[AVAILABLE];
	sizes_kb[USED] = partition->total_kb - available_kb;
}

static const char *mark(int part)
{
	return terminal_is_utf8() ? parts[part].block : parts[part].ascii;
}

static void print_bar(const struct screen *screen, const unsigned long sizes_kb[PARTS],
		      double assigned_kb)
{
	int width = paragraph_width(screen->columns), drawn = 0, part;
	double seen_kb = 0;

	if (width > BAR_MAX)
		width = BAR_MAX;
	paragraph_label("");
	for (part = 0; part < PARTS; part++) {
		seen_kb += sizes_kb[part];
		for (; drawn < seen_kb / assigned_kb * width - 0.5; drawn++)
			fputs(mark(part), stdout);
	}
	putchar('\n');
}

static void print_part(const struct screen *screen, int part, unsigned long kb, double assigned_kb)
{
	char text[TEXT_MAX] = "";

	add(text, " %-9s %*s %3.0f %%%s", parts[part].name, screen->bytes ? 16 : 10,
	    amount(screen, kb).text, kb / assigned_kb * 100, parts[part].note);
	paragraph_label("");
	printf("%s%.*s\n", mark(part), paragraph_width(screen->columns) - 1, text);
}

static void print_memory(const struct screen *screen)
{
	const struct cmm_partition *partition = &screen->facts->partition;
	double assigned_kb = (double)partition->total_kb + partition->loaned_kb;
	unsigned long sizes_kb[PARTS];
	char text[TEXT_MAX] = "";
	int part;

	measure(partition, sizes_kb);
	add(text, "%s assigned to the partition",
	    amount(screen, partition_assigned_kb(partition)).text);
	print(screen, "Memory:", text);
	if (!assigned_kb)
		return;
	print_bar(screen, sizes_kb, assigned_kb);
	for (part = 0; part < PARTS; part++)
		print_part(screen, part, sizes_kb[part], assigned_kb);
}

static void print_loan(const struct screen *screen)
{
	const struct facts *facts = screen->facts;
	char text[TEXT_MAX] = "";

	add(text, "%s loaned, target %s", amount(screen, facts->partition.loaned_kb).text,
	    amount(screen, facts->partition.target_kb).text);
	if (facts->request_known)
		add(text, ", request %s", amount(screen, facts->request_kb).text);
	else
		add(text, ", request unknown");
	if (facts->partition.simulated)
		add(text, " (simulated)");
	print(screen, "Loan:", text);
}

/* The reason why the loan is smaller than the target */
static const char *reason_of_loan(const struct cmm_partition *partition)
{
	if (!partition->state[0])
		return "this driver does not report the reason";
	return strcmp(partition->state, "running") ? SEE_HEALTH : "the driver is loaning it";
}

/*
 * The reason why the target is less than the request; NULL if the only reason is that the driver
 * has not polled the request yet. With the in-tree driver, the reason is never SEE_HEALTH, because
 * the line "Health" does not explain the target then.
 */
static const char *reason_of_target(const struct cmm_partition *partition)
{
	unsigned long assigned_kb = partition_assigned_kb(partition);

	if (partition->disabled)
		return partition->state[0] ? SEE_HEALTH : "the driver is disabled";
	if (partition->oom_freed_kb)
		return "see OOM relief";
	if (partition->target_kb >= beyond(assigned_kb, floor_kb(partition, SETTING_min_mem_mb)))
		return "min_mem_mb is never loaned";
	return partition->state[0] && strcmp(partition->state, "running") ? SEE_HEALTH : NULL;
}

/*
 * Prints the cost of a missing amount: the page faults for memory that the hypervisor had paged
 * out, and the time that the partition waited for them. Prints nothing if the hypervisor is
 * simulated, because its request has nothing to do with these page faults.
 */
static void print_paged_out(const struct screen *screen)
{
	const struct lparcfg *lparcfg = &screen->facts->lparcfg;
	char text[TEXT_MAX] = "";
	long faults, fault_us;

	if (screen->facts->partition.simulated ||
	    !lparcfg_number(lparcfg, LPARCFG_cmo_faults, &faults) ||
	    !lparcfg_number(lparcfg, LPARCFG_cmo_fault_time_usec, &fault_us))
		return;
	add(text, "%ld page-ins since boot took %.1f s: ", faults, fault_us / USEC_PER_SEC);
	add(text, "the hypervisor may page out memory that is not loaned");
	print(screen, "Paged out:", text);
}

static void print_missing(const struct screen *screen)
{
	const struct facts *facts = screen->facts;
	const struct cmm_partition *partition = &facts->partition;
	unsigned long loan_kb = beyond(partition->target_kb, partition->loaned_kb);
	unsigned long target_kb =
		facts->request_known ? beyond(facts->request_kb, partition->target_kb) : 0;
	const char *reason = reason_of_target(partition);
	char text[TEXT_MAX] = "";

	/*
	 * While a loan is under way, the hypervisor has already counted pages that the driver has
	 * not counted yet. So the request seems to exceed the target.
	 */
	if (loan_kb && !reason)
		target_kb = 0;
	if (loan_kb) {
		add(text, "%s of the target: %s", amount(screen, loan_kb).text,
		    reason_of_loan(partition));
		print(screen, "Missing:", text);
	}
	text[0] = '\0';
	if (target_kb) {
		add(text, "%s of the request: %s", amount(screen, target_kb).text,
		    reason ? reason : "the driver has not polled the request yet");
		print(screen, loan_kb ? "" : "Missing:", text);
	}
	if (loan_kb || target_kb)
		print_paged_out(screen);
	else
		print(screen, "Missing:", "nothing");
}

/*
 * Writes to @text each counter of unusual events that is not 0. A counter is unknown if the driver
 * lacks it, or if the user may not read it.
 */
static void events_text(const struct cmm_partition *partition, char text[TEXT_MAX])
{
	static const struct {
		const char *name;
		const char *words;
	} events[] = {
		{ "oom_events", "out-of-memory events" },
		{ "pressure_events", "memory pressure" },
		{ "hv_errors", "failed hypervisor calls" },
	};
	const char *value;
	size_t i;
	int stat;

	text[0] = '\0';
	for (i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		for (stat = 0; stat < CMM_STAT_COUNT; stat++) {
			value = partition->stats[stat];
			if (!strcmp(cmm_stats[stat].name, events[i].name) && strcmp(value, "0"))
				add(text, "%s%s %s", text[0] ? ", " : "", events[i].words,
				    value[0] ? value : "unknown");
		}
	add(text, text[0] ? " (since the driver was loaded)" : "none since the driver was loaded");
}

static void print_events(const struct screen *screen)
{
	const struct cmm_partition *partition = &screen->facts->partition;
	char text[TEXT_MAX];

	events_text(partition, text);
	print(screen,
	      "Events:", screen->facts->driver.ours ? text : "this driver does not count them");

	text[0] = '\0';
	add(text, "%s returned; lowers the target until cmm-admin reset-oom",
	    amount(screen, partition->oom_freed_kb).text);
	if (partition->oom_freed_kb)
		print(screen, "OOM relief:", text);
}

static bool is_changed(const struct cmm_partition *partition, int parameter)
{
	const char *value = partition->values[parameter];

	return value[0] && strcmp(value, cmm_settings[parameter].initial);
}

/* Writes the first @count changed parameters to @text, and how many more there are. */
static void settings_text(const struct cmm_partition *partition, int count, char text[TEXT_MAX])
{
	char value[CMM_VALUE_MAX], initial[CMM_VALUE_MAX];
	const struct cmm_setting *setting;
	int i, changed = 0;

	text[0] = '\0';
	for (i = 0; i < CMM_PARAMETER_COUNT; i++) {
		if (!is_changed(partition, i) || changed++ >= count)
			continue;
		setting = &cmm_settings[i];
		setting_text(setting, partition->values[i], value);
		setting_text(setting, setting->initial, initial);
		add(text, "%s%s %s (default %s)", text[0] ? ", " : "", setting->name, value,
		    initial);
	}
	if (changed > count)
		add(text, ", and %d more (cmm-admin get)", changed - count);
}

/* Prints the changed parameters, or as many of them as fit on SETTINGS_LINES, but at least one. */
static void print_settings(const struct screen *screen)
{
	int count = CMM_PARAMETER_COUNT;
	char text[TEXT_MAX];

	do
		settings_text(&screen->facts->partition, count, text);
	while (paragraph_lines(text, screen->columns) > SETTINGS_LINES && --count);
	print(screen, "Settings:", text[0] ? text : "all at their defaults");
}

void report_screen(const struct facts *facts, bool bytes)
{
	const struct screen screen = {
		.facts = facts,
		.bytes = bytes,
		.columns = terminal_width(STDOUT_FILENO),
	};

	print_health(&screen);
	print_machine(&screen);
	print_driver(&screen);
	putchar('\n');
	print_memory(&screen);
	putchar('\n');
	print_loan(&screen);
	print_missing(&screen);
	print_events(&screen);
	print_settings(&screen);
}
