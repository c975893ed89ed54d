// SPDX-License-Identifier: GPL-2.0-or-later
/* The checks of cmm-admin doctor for the driver and its settings, and the list of all checks */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "attribute.h"
#include "complain.h"
#include "doctor.h"
#include "size.h"

#define KIB 1024UL

/* If the driver's figures cannot be read: sets a diagnosis that says so, and returns true. */
static bool lacks_figures(const struct doctor_facts *facts, struct diagnosis *diagnosis)
{
	if (facts->partition_good)
		return false;
	diagnosis_set(diagnosis, FINDING_UNKNOWN, "the driver's figures cannot be read");
	return true;
}

/*
 * Sets the remedy if no driver is loaded. Without CMO, or with large pages, the driver does not
 * load, except to simulate loans.
 */
static void suggest_loading(const struct doctor_facts *facts, struct diagnosis *diagnosis)
{
	const char *obstacle = module_obstacle(facts);

	if (!obstacle && ((facts->lparcfg.there && !facts->machine.cmo) ||
			  machine_has_large_pages(&facts->machine)))
		obstacle = "firmware";
	if (obstacle)
		diagnosis_remedy(diagnosis,
				 "first see the check %s: modprobe might not load our driver",
				 obstacle);
	else
		diagnosis_remedy(diagnosis, "modprobe %s", facts->driver.file.module);
}

static void check_driver(const struct doctor_facts *facts, struct diagnosis *diagnosis)
{
	const struct driver *driver = &facts->driver;

	if (diagnosis_without_use(facts, diagnosis))
		return;
	if (!driver->there) {
		diagnosis_set(diagnosis, FINDING_FAIL, "no cmm driver is loaded");
		suggest_loading(facts, diagnosis);
		return;
	}
	if (facts->partition_forbidden) {
		diagnosis_set(diagnosis, FINDING_UNKNOWN,
			      "this user may not read the driver's figures");
		diagnosis_remedy(diagnosis, "run cmm-admin doctor as root");
		return;
	}
	if (!facts->partition_good) {
		diagnosis_set(diagnosis, FINDING_FAIL, "the driver's figures cannot be read");
		diagnosis_remedy(diagnosis, "run cmm-admin report, which names the file at fault");
		return;
	}
	if (driver->ours) {
		diagnosis_set(diagnosis, FINDING_PASS, "the cmm-dkms driver runs, version %s",
			      facts->partition.version);
		return;
	}
	diagnosis_set(
		diagnosis, FINDING_FAIL,
		"the %s driver runs, with all its known defects: it can hang or crash the machine at "
		"unload, disable, reboot and out-of-memory events",
		driver_origin(driver));
	if (driver->built_in)
		diagnosis_remedy(diagnosis,
				 "install cmm-dkms and boot with initcall_blacklist=cmm_init");
	else
		diagnosis_remedy(diagnosis,
				 "install cmm-dkms and reboot, so that its module is loaded");
}

static void check_leftovers(const struct doctor_facts *facts, struct diagnosis *diagnosis)
{
	(void)facts;
	if (!root_has_leftovers()) {
		diagnosis_set(diagnosis, FINDING_PASS,
			      "all parameters in sysfs belong to a running driver");
		return;
	}
	diagnosis_set(
		diagnosis, FINDING_WARN,
		"the built-in driver was kept from starting, but its parameters are still there: writing "
		"/sys/module/cmm/parameters/disable would start a driver that was never initialized");
	diagnosis_remedy(diagnosis, "use cmm-admin, or /sys/module/cmm_dkms/parameters");
}

static void check_oom(const struct doctor_facts *facts, struct diagnosis *diagnosis)
{
	const struct cmm_partition *partition = &facts->partition;

	if (!facts->driver.there || facts->driver.ours) {
		diagnosis_set(
			diagnosis, FINDING_PASS,
			"the in-tree driver, which can crash when memory runs out, does not run");
		return;
	}
	if (lacks_figures(facts, diagnosis))
		return;
	if (!partition->oom_kb) {
		diagnosis_set(
			diagnosis, FINDING_PASS,
			"with oom_kb=0 this driver does not crash the machine when memory runs out, "
			"but it does not return memory either");
		return;
	}
	diagnosis_set(diagnosis, FINDING_FAIL,
		      "an out-of-memory event with less than %s on loan (now %s) kills the machine",
		      size_exact(partition->oom_kb, KIB).text, size_kb(partition->loaned_kb).text);
	diagnosis_remedy(diagnosis,
			 "cmm-admin set --persist oom_kb=0 (then such events return no memory)");
}

/*
 * The number that @value configures for cmm_settings[@parameter]. For a percentage, the number is
 * computed from the memory that is assigned now.
 */
static unsigned long number_for(const struct cmm_partition *partition, int parameter,
				const struct config_value *value)
{
	if (!value->is_percent)
		return value->value;
	return setting_share(&cmm_settings[parameter], value->value,
			     partition_assigned_kb(partition));
}

/*
 * Whether two values differ by one unit. For a percentage, such a difference is no fault. The value
 * is computed from the sum of MemTotal and the loan. These are read one after the other, and may
 * change in between.
 */
static bool differs_by_one(unsigned long a, unsigned long b)
{
	return a > b ? a - b == 1 : b - a == 1;
}

static void check_configuration(const struct doctor_facts *facts, struct diagnosis *diagnosis)
{
	char live_text[CMM_VALUE_MAX], text[CMM_VALUE_MAX];
	const struct config_value *value;
	unsigned long live, configured;
	int i;

	if (facts->config.fault == CMM_EXIT_NOT_PERMITTED) {
		diagnosis_set(diagnosis, FINDING_UNKNOWN,
			      "this user may not read a file of the configuration");
		diagnosis_remedy(diagnosis, "run cmm-admin doctor as root");
		return;
	}
	if (facts->config.fault) {
		diagnosis_set(diagnosis, FINDING_FAIL,
			      "a file of the configuration has a fault, and is ignored");
		diagnosis_remedy(diagnosis,
				 "fix the fault that standard error names; see cmm.conf(5)");
		return;
	}
	if (lacks_figures(facts, diagnosis))
		return;
	for (i = 0; i < CMM_PARAMETER_COUNT; i++) {
		value = config_value_for(&facts->config, i, facts->driver.ours);
		if (!value || !number_parse(facts->partition.values[i], &live))
			continue;
		configured = number_for(&facts->partition, i, value);
		if (live == configured || (value->is_percent && differs_by_one(live, configured)))
			continue;
		setting_number_text(&cmm_settings[i], live, live_text);
		setting_number_text(&cmm_settings[i], configured, text);
		diagnosis_set(diagnosis, FINDING_WARN,
			      "%s is %s, and should be %s according to %s:%u", cmm_settings[i].name,
			      live_text, text, value->file, value->line);
		diagnosis_remedy(diagnosis, "cmm-admin apply");
		return;
	}
	diagnosis_set(diagnosis, FINDING_PASS, "the driver is set as the configuration says");
}

static void check_oom_freed(const struct doctor_facts *facts, struct diagnosis *diagnosis)
{
	if (lacks_figures(facts, diagnosis))
		return;
	if (!facts->partition.oom_freed_kb) {
		diagnosis_set(diagnosis, FINDING_PASS,
			      "oom_freed_kb is 0: the target is not lowered for past "
			      "out-of-memory events");
		return;
	}
	diagnosis_set(diagnosis, FINDING_WARN, "out-of-memory events lower the target by %s",
		      size_kb(facts->partition.oom_freed_kb).text);
	diagnosis_remedy(diagnosis, "cmm-admin reset-oom, when memory is no longer short");
}

/*
 * The value of @parameter is a floor: an amount of memory that is not loaned. If the floor is
 * @limit_kb or more, nothing can be loaned: then sets a diagnosis that says so and has the @reason,
 * and returns true.
 */
static bool is_floor_too_high(const struct doctor_facts *facts, int parameter,
			      unsigned long limit_kb, const char *reason,
			      struct diagnosis *diagnosis)
{
	unsigned long floor_mb;

	if (!number_parse(facts->partition.values[parameter], &floor_mb) ||
	    floor_mb < limit_kb / 1024)
		return false;
	diagnosis_set(diagnosis, FINDING_WARN,
		      "%s is %s%s, so none of the partition's %s can be loaned",
		      cmm_settings[parameter].name, size_exact(floor_mb, KIB * KIB).text, reason,
		      size_kb(partition_assigned_kb(&facts->partition)).text);
	diagnosis_remedy(diagnosis, "cmm-admin set %s=...", cmm_settings[parameter].name);
	return true;
}

/* Loans stop when the available memory is at 9/8 of min_avail_mb (see cmm_room_after()). */
static void check_floors(const struct doctor_facts *facts, struct diagnosis *diagnosis)
{
	unsigned long assigned_kb = partition_assigned_kb(&facts->partition);

	if (lacks_figures(facts, diagnosis))
		return;
	if (is_floor_too_high(facts, SETTING_min_mem_mb, assigned_kb, "", diagnosis) ||
	    is_floor_too_high(facts, SETTING_min_avail_mb, assigned_kb / 9 * 8,
			      ", and loans stop at 9/8 of it", diagnosis))
		return;
	diagnosis_set(diagnosis, FINDING_PASS,
		      "min_mem_mb and min_avail_mb leave memory to be loaned");
}

#define HELD_BACK "loan_policy holds %s back, because programs would lose memory that they use"

/*
 * Under pressure the guest keeps memory that the hypervisor requests. The hypervisor may then page
 * out some of the guest's memory. Totals since boot do not show whether it does so now. So the
 * finding depends on the present rate of page faults.
 */
static void check_pressure(const struct doctor_facts *facts, struct diagnosis *diagnosis)
{
	const struct cmm_partition *partition = &facts->partition;
	unsigned long rate = facts->fault_rate.hundredths;
	unsigned long faults = 0, fault_us = 0, short_kb = 0;

	if (partition->target_kb > partition->loaned_kb)
		short_kb = partition->target_kb - partition->loaned_kb;
	number_parse(facts->lparcfg.values[LPARCFG_cmo_faults], &faults);
	number_parse(facts->lparcfg.values[LPARCFG_cmo_fault_time_usec], &fault_us);
	if (!facts->fault_rate.is_known) {
		diagnosis_set(diagnosis, FINDING_PASS, HELD_BACK, size_kb(short_kb).text);
		return;
	}
	diagnosis_set(
		diagnosis, rate ? FINDING_WARN : FINDING_PASS,
		HELD_BACK
		". Since boot, %lu page faults were for memory that the hypervisor had "
		"paged out; the partition waited %lu ms for them. Now there are %lu.%02lu such "
		"page faults per second",
		size_kb(short_kb).text, faults, fault_us / 1000, rate / 100, rate % 100);
	if (rate)
		diagnosis_remedy(
			diagnosis,
			"if cmo_faults in cmm-admin report --all keeps rising, the hypervisor pages "
			"out memory without knowing which pages are idle; then loan_policy=2 may cost "
			"less");
}

/*
 * If the loan is below the target and the driver does not say why: sets a diagnosis that says so,
 * and returns true. The driver may be the in-tree driver, or newer than this program.
 */
static bool lacks_reason(const struct cmm_partition *partition, struct diagnosis *diagnosis)
{
	unsigned long short_kb;

	if (partition->disabled || partition->loaned_kb >= partition->target_kb ||
	    partition_state_is_known(partition))
		return false;
	short_kb = partition->target_kb - partition->loaned_kb;
	if (partition->state[0])
		diagnosis_set(diagnosis, FINDING_UNKNOWN,
			      "%s of the target is not on loan, and this version of cmm-admin does "
			      "not know the driver's state '%s'",
			      size_kb(short_kb).text, partition->state);
	else
		diagnosis_set(diagnosis, FINDING_UNKNOWN,
			      "%s of the target is not on loan, and this driver does not report "
			      "the reason",
			      size_kb(short_kb).text);
	return true;
}

static void check_loan(const struct doctor_facts *facts, struct diagnosis *diagnosis)
{
	const struct cmm_partition *partition = &facts->partition;
	char health[HEALTH_MAX];

	if (lacks_figures(facts, diagnosis) || lacks_reason(partition, diagnosis))
		return;
	if (!strcmp(partition->state, "pressure")) {
		check_pressure(facts, diagnosis);
		return;
	}
	if (partition_loan_health(partition, health, sizeof(health))) {
		diagnosis_set(diagnosis, FINDING_PASS, "%s", health);
		return;
	}
	if (!strcmp(partition->state, "no-answer")) {
		diagnosis_set(
			diagnosis, FINDING_WARN,
			"H_GET_MPP fails: the hypervisor does not report its request, and the "
			"loan stays as it is");
		diagnosis_remedy(diagnosis, NO_ANSWER_REMEDY);
		return;
	}
	diagnosis_set(diagnosis, FINDING_WARN, "%s", health);
	diagnosis_remedy(diagnosis, "journalctl -k --grep cmm");
}

/*
 * Whether udev or systemd uses the file @name. It uses the file from the first directory that has
 * one. An empty file, or a link to /dev/null, masks @name (systemd.unit(5)).
 */
static enum answer is_installed(const char *name)
{
	static const char *const dirs[] = { "/etc", "/run", "/usr/local/lib", "/usr/lib", "/lib" };
	char path[PATH_MAX];
	struct stat file;
	size_t i;

	for (i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		root_path(path, "%s/%s", dirs[i], name);
		if (!stat(path, &file))
			return S_ISREG(file.st_mode) && file.st_size ? ANSWER_YES : ANSWER_NO;
		if (errno == EACCES)
			return ANSWER_UNKNOWN;
	}
	return ANSWER_NO;
}

static void check_udev(const struct doctor_facts *facts, struct diagnosis *diagnosis)
{
	enum answer rule, unit;

	if (diagnosis_without_use(facts, diagnosis))
		return;
	rule = is_installed("udev/rules.d/90-cmm.rules");
	unit = is_installed("systemd/system/cmm-apply.service");
	if (rule == ANSWER_UNKNOWN || unit == ANSWER_UNKNOWN) {
		diagnosis_set(diagnosis, FINDING_UNKNOWN,
			      "this user may not look into a directory of udev or systemd");
		diagnosis_remedy(diagnosis, "run cmm-admin doctor as root");
		return;
	}
	if (rule == ANSWER_YES && unit == ANSWER_YES) {
		diagnosis_set(diagnosis, FINDING_PASS,
			      "the udev rule and the systemd unit are installed");
		return;
	}
	diagnosis_set(
		diagnosis, FINDING_WARN,
		"the udev rule or the systemd unit is missing or masked: the driver gets no configuration when it is loaded");
	diagnosis_remedy(
		diagnosis,
		"install cmm-admin from its package; if 90-cmm.rules or cmm-apply.service is "
		"empty or a link to /dev/null, remove that file (systemctl unmask cmm-apply); or "
		"run cmm-admin apply at each boot");
}

const struct doctor_check doctor_checks[] = {
	{ "machine", check_machine },
	{ "kernel-balloon", check_balloon },
	{ "kernel-smlpar", check_smlpar },
	{ "firmware", check_firmware },
	{ "free-hint", check_free_hint },
	{ "driver", check_driver },
	{ "leftovers", check_leftovers },
	{ "oom", check_oom },
	{ "file", check_module_file },
	{ "build-running", check_running_build },
	{ "build-others", check_other_builds },
	{ "headers", check_headers },
	{ "loading", check_loading },
	{ "signature", check_signature },
	{ "configuration", check_configuration },
	{ "oom-freed", check_oom_freed },
	{ "floors", check_floors },
	{ "loan", check_loan },
	{ "overcommit", check_overcommit },
	{ "oom-daemon", check_oom_daemon },
	{ "fadump", check_fadump },
	{ "udev", check_udev },
	{ NULL, NULL },
};
