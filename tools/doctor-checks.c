// SPDX-License-Identifier: GPL-2.0-or-later
/* The doctor's checks: those of the driver and its settings, and the list of all. */

#include <stdio.h>
#include <string.h>

#include "attribute.h"
#include "complain.h"
#include "doctor.h"
#include "size.h"

#define KIB 1024UL

/* Whether there are no figures of the driver; diagnoses it. */
static bool lacks_figures(const struct patient *patient, struct diagnosis *diagnosis)
{
	if (patient->partition_good)
		return false;
	diagnosis_set(diagnosis, FINDING_UNKNOWN, "the driver's figures cannot be read");
	return true;
}

static void look_at_driver(const struct patient *patient, struct diagnosis *diagnosis)
{
	const struct driver *driver = &patient->driver;

	if (diagnosis_without_use(patient, diagnosis))
		return;
	if (!driver->there) {
		diagnosis_set(diagnosis, FINDING_FAIL, "no cmm driver is loaded");
		diagnosis_remedy(diagnosis, "modprobe %s", driver->file.module);
		return;
	}
	if (!patient->partition_good) {
		diagnosis_set(diagnosis, FINDING_FAIL, "the driver's figures cannot be read");
		diagnosis_remedy(diagnosis, "cmm-admin report, which says what it is");
		return;
	}
	if (driver->ours) {
		diagnosis_set(diagnosis, FINDING_PASS, "our driver runs, version %s",
			      patient->partition.version);
		return;
	}
	diagnosis_set(
		diagnosis, FINDING_FAIL,
		"the %s driver runs, with all its known defects: it can hang or crash the machine at "
		"unload, disable, restart and out-of-memory events",
		driver_origin(driver));
	if (driver->built_in)
		diagnosis_remedy(diagnosis,
				 "install cmm-dkms and boot with initcall_blacklist=cmm_init");
	else
		diagnosis_remedy(diagnosis,
				 "install cmm-dkms, and load its module at the next start");
}

static void look_at_leftovers(const struct patient *patient, struct diagnosis *diagnosis)
{
	(void)patient;
	if (!root_has_leftovers()) {
		diagnosis_set(diagnosis, FINDING_PASS,
			      "no parameters of a driver that doesn't run");
		return;
	}
	diagnosis_set(
		diagnosis, FINDING_WARN,
		"the built-in driver was kept from starting, but its parameters are still there: writing "
		"/sys/module/cmm/parameters/disable would start what was never initialised");
	diagnosis_remedy(diagnosis, "use cmm-admin, or /sys/module/cmm_dkms/parameters");
}

static void look_at_oom(const struct patient *patient, struct diagnosis *diagnosis)
{
	const struct cmm_partition *partition = &patient->partition;

	if (!patient->driver.there || patient->driver.ours) {
		diagnosis_set(diagnosis, FINDING_PASS,
			      "no driver that stops the machine when memory runs out");
		return;
	}
	if (lacks_figures(patient, diagnosis))
		return;
	if (!partition->oom_kb) {
		diagnosis_set(
			diagnosis, FINDING_PASS,
			"oom_kb=0 keeps this driver from stopping the machine when memory runs out, "
			"and from helping then");
		return;
	}
	diagnosis_set(diagnosis, FINDING_FAIL,
		      "an out-of-memory event with less than %s on loan (now %s) kills the machine",
		      size_exact(partition->oom_kb, KIB).text, size_kb(partition->loaned_kb).text);
	diagnosis_remedy(diagnosis,
			 "cmm-admin set oom_kb=0 (nothing is taken back at such events then)");
}

/* The number for cmm_settings[@parameter] that @value stands for now */
static unsigned long number_for(const struct cmm_partition *partition, int parameter,
				const struct config_value *value)
{
	if (!value->is_percent)
		return value->value;
	return setting_share(&cmm_settings[parameter], value->value,
			     partition->total_kb + partition->loaned_kb);
}

/* MemTotal and the loan are read one after the other, and their sum can be a little off. */
static bool is_next_to(unsigned long a, unsigned long b)
{
	return a > b ? a - b == 1 : b - a == 1;
}

static void look_at_configuration(const struct patient *patient, struct diagnosis *diagnosis)
{
	char live_text[CMM_VALUE_MAX], text[CMM_VALUE_MAX];
	const struct config_value *value;
	unsigned long live, wanted;
	int i;

	if (!patient->config_good) {
		diagnosis_set(diagnosis, FINDING_FAIL,
			      "the configuration cannot be read, and isn't applied");
		diagnosis_remedy(diagnosis, "fix the fault named above; see cmm.conf(5)");
		return;
	}
	if (lacks_figures(patient, diagnosis))
		return;
	for (i = 0; i < CMM_PARAMETER_COUNT; i++) {
		value = config_value_for(&patient->config, i, patient->driver.ours);
		if (!value || !number_parse(patient->partition.values[i], &live))
			continue;
		wanted = number_for(&patient->partition, i, value);
		if (live == wanted || (value->is_percent && is_next_to(live, wanted)))
			continue;
		setting_number_text(&cmm_settings[i], live, live_text);
		setting_number_text(&cmm_settings[i], wanted, text);
		diagnosis_set(diagnosis, FINDING_WARN, "%s is %s, and should be %s by %s:%u",
			      cmm_settings[i].name, live_text, text, value->file, value->line);
		diagnosis_remedy(diagnosis, "cmm-admin apply");
		return;
	}
	diagnosis_set(diagnosis, FINDING_PASS, "the driver is set as the configuration says");
}

static void look_at_oom_freed(const struct patient *patient, struct diagnosis *diagnosis)
{
	if (lacks_figures(patient, diagnosis))
		return;
	if (!patient->partition.oom_freed_kb) {
		diagnosis_set(diagnosis, FINDING_PASS, "no out-of-memory event lowers the target");
		return;
	}
	diagnosis_set(diagnosis, FINDING_WARN, "out-of-memory events lower the target by %s",
		      size_kb(patient->partition.oom_freed_kb).text);
	diagnosis_remedy(diagnosis, "cmm-admin reset-oom, when memory is no longer short");
}

/* Whether @parameter, a floor, leaves nothing of @most_kb to be loaned; diagnoses it. */
static bool is_floor_too_high(const struct patient *patient, int parameter, unsigned long most_kb,
			      struct diagnosis *diagnosis)
{
	unsigned long floor_mb;

	if (!number_parse(patient->partition.values[parameter], &floor_mb) ||
	    floor_mb < most_kb / 1024)
		return false;
	diagnosis_set(diagnosis, FINDING_WARN, "%s, %s, leaves nothing of %s to be loaned",
		      cmm_settings[parameter].name, size_exact(floor_mb, KIB * KIB).text,
		      size_kb(most_kb).text);
	diagnosis_remedy(diagnosis, "cmm-admin set %s=...", cmm_settings[parameter].name);
	return true;
}

static void look_at_floors(const struct patient *patient, struct diagnosis *diagnosis)
{
	const struct cmm_partition *partition = &patient->partition;
	unsigned long assigned_kb = partition->total_kb + partition->loaned_kb;

	if (lacks_figures(patient, diagnosis))
		return;
	if (is_floor_too_high(patient, SETTING_min_mem_mb, assigned_kb, diagnosis) ||
	    is_floor_too_high(patient, SETTING_min_avail_mb, assigned_kb, diagnosis))
		return;
	diagnosis_set(diagnosis, FINDING_PASS, "the floors leave something to be loaned");
}

/*
 * Under pressure the guest keeps memory that the hypervisor wants, and the hypervisor may page it
 * out by itself. Totals of one look do not tell whether it does so now.
 */
static void look_at_pressure(const struct patient *patient, struct diagnosis *diagnosis)
{
	const struct cmm_partition *partition = &patient->partition;
	unsigned long faults = 0, fault_us = 0;

	number_parse(patient->lparcfg.values[LPARCFG_cmo_faults], &faults);
	number_parse(patient->lparcfg.values[LPARCFG_cmo_fault_time_usec], &fault_us);
	diagnosis_set(
		diagnosis, faults ? FINDING_WARN : FINDING_PASS,
		"loan_policy holds %lu KiB back, because programs would lose memory that they "
		"use. Since boot the hypervisor has paged in %lu times, in %lu ms",
		partition->target_kb > partition->loaned_kb
			? partition->target_kb - partition->loaned_kb
			: 0,
		faults, fault_us / 1000);
	if (faults)
		diagnosis_remedy(
			diagnosis,
			"if cmo_faults of cmm-admin report rises meanwhile, the hypervisor "
			"pages memory out without a choice; then loan_policy=2 may cost less");
}

static void look_at_hypervisor(const struct patient *patient, struct diagnosis *diagnosis)
{
	char health[HEALTH_MAX];

	if (lacks_figures(patient, diagnosis))
		return;
	if (!strcmp(patient->partition.state, "pressure")) {
		look_at_pressure(patient, diagnosis);
		return;
	}
	if (!patient->driver.ours ||
	    partition_health(&patient->partition, health, sizeof(health))) {
		diagnosis_set(diagnosis, FINDING_PASS,
			      "nothing keeps the driver from what it is asked");
		return;
	}
	if (!strcmp(patient->partition.state, "no-answer")) {
		diagnosis_set(diagnosis, FINDING_WARN,
			      "H_GET_MPP fails: the hypervisor does not say what it wants, and the "
			      "loan stays as it is");
		diagnosis_remedy(diagnosis, NO_ANSWER_REMEDY);
		return;
	}
	diagnosis_set(diagnosis, FINDING_WARN, "%s", health);
	diagnosis_remedy(diagnosis, "journalctl -k --grep cmm");
}

static bool is_installed(const char *name, const char *const *dirs)
{
	for (; *dirs; dirs++)
		if (root_has_file(*dirs, name))
			return true;
	return false;
}

static void look_at_udev(const struct patient *patient, struct diagnosis *diagnosis)
{
	static const char *const rules[] = { "/etc/udev/rules.d", "/usr/lib/udev/rules.d",
					     "/lib/udev/rules.d", NULL };
	static const char *const units[] = { "/etc/systemd/system", "/usr/lib/systemd/system",
					     "/lib/systemd/system", NULL };

	if (diagnosis_without_use(patient, diagnosis))
		return;
	if (is_installed("90-cmm.rules", rules) && is_installed("cmm-apply.service", units)) {
		diagnosis_set(diagnosis, FINDING_PASS,
			      "the udev rule and the systemd unit are installed");
		return;
	}
	diagnosis_set(
		diagnosis, FINDING_WARN,
		"no udev rule and unit: the configuration isn't applied when the driver is loaded");
	diagnosis_remedy(
		diagnosis,
		"install cmm-admin from its package, or run cmm-admin apply at each start");
}

const struct doctor_check doctor_checks[] = {
	{ "machine", look_at_machine },
	{ "kernel-balloon", look_at_balloon },
	{ "kernel-smlpar", look_at_smlpar },
	{ "firmware", look_at_firmware },
	{ "free-hint", look_at_free_hint },
	{ "driver", look_at_driver },
	{ "leftovers", look_at_leftovers },
	{ "oom", look_at_oom },
	{ "file", look_at_file },
	{ "build-running", look_at_running_build },
	{ "build-others", look_at_other_builds },
	{ "headers", look_at_headers },
	{ "loading", look_at_loading },
	{ "signature", look_at_signature },
	{ "configuration", look_at_configuration },
	{ "oom-freed", look_at_oom_freed },
	{ "floors", look_at_floors },
	{ "loan", look_at_hypervisor },
	{ "overcommit", look_at_overcommit },
	{ "oom-daemon", look_at_oom_daemon },
	{ "fadump", look_at_fadump },
	{ "udev", look_at_udev },
	{ NULL, NULL },
};
