// SPDX-License-Identifier: GPL-2.0-or-later
/* The machine that the partition runs on */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attribute.h"
#include "complain.h"
#include "machine.h"
#include "proc.h"
#include "root.h"
#include "size.h"

#define DEVICE_TREE "/proc/device-tree"

/* Pool number of a partition with dedicated memory (lparcfg(5) of powerpc-utils) */
#define POOL_OF_DEDICATED "65535"

/* Processor versions, the upper half of the PVR (the kernel's arch/powerpc/include/asm/reg.h) */
static const struct {
	unsigned long version;
	unsigned int generation;
} processors[] = {
	{ 0x3e, 6 }, { 0x3f, 7 }, { 0x4a, 7 },	{ 0x4b, 8 },  { 0x4c, 8 },
	{ 0x4d, 8 }, { 0x4e, 9 }, { 0x80, 10 }, { 0x82, 11 },
};

/* The processor generation, such as 9 for the revision "2.2 (pvr 004e 0202)"; 0 if not known */
static unsigned int generation_of(const char *revision)
{
	static const char before[] = "(pvr ";
	const char *pvr = strstr(revision, before);
	unsigned long version;
	size_t i;

	if (!pvr)
		return 0;
	version = strtoul(pvr + strlen(before), NULL, 16);
	for (i = 0; i < sizeof(processors) / sizeof(processors[0]); i++)
		if (processors[i].version == version)
			return processors[i].generation;
	return 0;
}

/* Splits a line such as "cpu\t\t: POWER9 (architected)" at the colon; false without a colon */
static bool split(char *line, char **value)
{
	char *colon = strchr(line, ':');

	if (!colon)
		return false;
	*value = colon + 1 + strspn(colon + 1, " \t");
	(*value)[strcspn(*value, "\n")] = '\0';
	while (colon > line && (colon[-1] == ' ' || colon[-1] == '\t'))
		colon--;
	*colon = '\0';
	return true;
}

/* Parses a line of /proc/cpuinfo (arch/powerpc's setup-common.c and pSeries_show_cpuinfo()). */
static void take_cpuinfo(void *data, char *line)
{
	struct machine *machine = data;
	char *value;

	if (!split(line, &value))
		return;
	if (!strcmp(line, "cpu"))
		snprintf(machine->mode, sizeof(machine->mode), "%.*s", (int)strcspn(value, ","),
			 value);
	else if (!strcmp(line, "revision"))
		machine->generation = generation_of(value);
	else if (!strcmp(line, "model"))
		snprintf(machine->model, sizeof(machine->model), "%.*s", CMM_VALUE_MAX - 1, value);
	else if (!strcmp(line, "MMU"))
		machine->mmu = strcmp(value, "Radix") ? MMU_HASH : MMU_RADIX;
}

/*
 * The /proc/cpuinfo of an old kernel has no line "MMU". Machines before POWER9 have only hash page
 * tables.
 */
static void complete_mmu(struct machine *machine)
{
	if (machine->mmu == MMU_UNKNOWN && machine->generation && machine->generation < 9)
		machine->mmu = MMU_HASH;
}

/*
 * The number of the memory pool says whether the partition's memory is shared or dedicated. If
 * H_GET_MPP fails, lparcfg lacks this number. The memory is then shared if the firmware offers CMO.
 */
static enum machine_memory memory_of(const struct machine *machine, const struct lparcfg *lparcfg)
{
	const char *pool = lparcfg->values[LPARCFG_entitled_memory_pool_number];

	if (machine_lacks_ams(machine))
		return MEMORY_DEDICATED;
	if (pool[0])
		return strcmp(pool, POOL_OF_DEDICATED) ? MEMORY_SHARED : MEMORY_DEDICATED;
	return machine->cmo ? MEMORY_SHARED : MEMORY_UNKNOWN;
}

/*
 * Sets @machine->hint, by the rules of cmo_free_hint() and arch_free_page() in the kernel's
 * arch/powerpc/platforms/pseries/lpar.c.
 */
static int read_hint(struct machine *machine, const struct lparcfg *lparcfg)
{
	char value[CMM_VALUE_MAX];
	bool known;
	int status;

	if (machine->mmu == MMU_RADIX || (lparcfg->there && !machine->cmo) ||
	    (machine->kernel.there && !machine->kernel.smlpar)) {
		machine->hint = HINT_NONE;
		return CMM_EXIT_OK;
	}
	status = proc_boot_parameter("cmo_free_hint", value, &known);
	if (status || !known || !lparcfg->there || machine->mmu == MMU_UNKNOWN ||
	    !machine->kernel.there)
		return status;
	machine->hint = strcasecmp(value, "no") && strcasecmp(value, "off") ? HINT_ON : HINT_OFF;
	return CMM_EXIT_OK;
}

/* If /proc/cpuinfo has no model, takes it from lparcfg, or else from the device tree. */
static int complete_model(struct machine *machine, const struct lparcfg *lparcfg)
{
	const char *system_type = lparcfg->values[LPARCFG_system_type];

	if (machine->model[0])
		return CMM_EXIT_OK;
	snprintf(machine->model, sizeof(machine->model), "%s", system_type);
	return !system_type[0] && root_exists(DEVICE_TREE, "model")
		       ? attribute_read(DEVICE_TREE, "model", machine->model)
		       : CMM_EXIT_OK;
}

int machine_read(struct machine *machine, const struct lparcfg *lparcfg,
		 const struct kernel_config *kernel)
{
	int status, hint_status;

	memset(machine, 0, sizeof(*machine));
	machine->kernel = *kernel;
	status = proc_lines("/proc", "cpuinfo", take_cpuinfo, machine);
	if (!status)
		status = complete_model(machine, lparcfg);
	complete_mmu(machine);
	machine->cmo = !strcmp(lparcfg->values[LPARCFG_cmo_enabled], "1");
	number_parse(lparcfg->values[LPARCFG_cmo_page_size], &machine->cmo_page_bytes);
	machine->memory = memory_of(machine, lparcfg);
	hint_status = read_hint(machine, lparcfg);
	return status ? status : hint_status;
}

bool machine_lacks_ams(const struct machine *machine)
{
	return machine->generation >= POWER_WITHOUT_AMS && !machine->cmo;
}

bool machine_has_large_pages(const struct machine *machine)
{
	return machine->cmo && machine->kernel.page_bytes &&
	       machine->cmo_page_bytes > machine->kernel.page_bytes;
}

/* The generation in a mode such as "POWER9 (architected)" or "Power11 (raw)"; 0 if unknown */
static unsigned int generation_seen(const struct machine *machine)
{
	return strncasecmp(machine->mode, "POWER", 5) ? 0 : strtoul(machine->mode + 5, NULL, 10);
}

void machine_processor(const struct machine *machine, char processor[CMM_VALUE_MAX])
{
	processor[0] = '\0';
	if (machine->generation)
		snprintf(processor, CMM_VALUE_MAX, "POWER%u", machine->generation);
}

const char *machine_page_tables(const struct machine *machine)
{
	static const char *const names[] = {
		[MMU_UNKNOWN] = "",
		[MMU_HASH] = "hash",
		[MMU_RADIX] = "radix",
	};

	return names[machine->mmu];
}

const char *machine_memory_mode(const struct machine *machine)
{
	static const char *const names[] = {
		[MEMORY_UNKNOWN] = "",
		[MEMORY_DEDICATED] = "dedicated",
		[MEMORY_SHARED] = "shared",
	};

	return names[machine->memory];
}

/*
 * Prints a space, and the model in parentheses. If the model ends with a remark in parentheses,
 * such as "IBM pSeries (emulated by qemu)", prints only the space and the remark.
 */
static void describe_model(const char *model, char text[CMM_VALUE_MAX + 4])
{
	size_t length = strlen(model);
	const char *remark = length && model[length - 1] == ')' ? strchr(model, '(') : NULL;

	text[0] = '\0';
	if (remark)
		snprintf(text, CMM_VALUE_MAX + 4, " %s", remark);
	else if (length)
		snprintf(text, CMM_VALUE_MAX + 4, " (%s)", model);
}

void machine_describe(const struct machine *machine, char line[MACHINE_MAX])
{
	static const char *const mmus[] = { "", ", hash MMU", ", radix MMU" };
	static const char *const memories[] = { "", ", dedicated memory", ", shared memory" };
	unsigned int seen = generation_seen(machine);
	char power[CMM_VALUE_MAX], model[CMM_VALUE_MAX + 4], mode[32] = "";

	machine_processor(machine, power);
	if (!power[0])
		snprintf(power, sizeof(power), "%s",
			 machine->mode[0] ? machine->mode : "unknown processor");
	if (machine->generation && seen && seen != machine->generation)
		snprintf(mode, sizeof(mode), " in POWER%u mode", seen);
	describe_model(machine->model, model);
	snprintf(line, MACHINE_MAX, "%s%s%s%s%s", power, model, mode, mmus[machine->mmu],
		 memories[machine->memory]);
}
