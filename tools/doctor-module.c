// SPDX-License-Identifier: GPL-2.0-or-later
/* The doctor's checks of the module: for which kernels it is built, and whether they take it. */

#include <stdio.h>
#include <string.h>

#include "attribute.h"
#include "complain.h"
#include "doctor.h"

void look_at_file(const struct patient *patient, struct diagnosis *diagnosis)
{
	const struct driver *driver = &patient->driver;

	if (!driver_can_tell(driver)) {
		diagnosis_set(diagnosis, FINDING_UNKNOWN, "nothing to compare what runs with");
		return;
	}
	if (driver_is_file(driver)) {
		diagnosis_set(diagnosis, FINDING_PASS, "what runs is %s", driver->file.path);
		return;
	}
	diagnosis_set(diagnosis, FINDING_WARN, "what runs isn't %s, which is version %s",
		      driver->file.path,
		      driver->file.version[0] ? driver->file.version : "unknown");
	if (driver->ours)
		diagnosis_remedy(diagnosis, "rmmod %s && modprobe %s", driver->file.module,
				 driver->file.module);
	else
		diagnosis_remedy(diagnosis, "restart: unloading this driver isn't safe");
}

/* How to build the module for @kernel */
static void prescribe_build(const struct kernel *kernel, struct diagnosis *diagnosis)
{
	if (kernel->has_headers)
		diagnosis_remedy(diagnosis, "dkms autoinstall -k %s", kernel->release);
	else
		diagnosis_remedy(diagnosis,
				 "install the headers of kernel %s, and dkms autoinstall -k %s",
				 kernel->release, kernel->release);
}

static void look_at_build(const struct kernel *kernel, struct diagnosis *diagnosis)
{
	const struct driver_file *file = &kernel->file;

	if (file->is_damaged) {
		diagnosis_set(diagnosis, FINDING_FAIL, "%s, for kernel %s, is damaged", file->path,
			      kernel->release);
		diagnosis_remedy(diagnosis,
				 "dkms build and install it again, with --force, for -k %s",
				 kernel->release);
		return;
	}
	if (file->path[0] && !file->in_tree) {
		diagnosis_set(diagnosis, FINDING_PASS, "built for kernel %s", kernel->release);
		return;
	}
	if (kernel->config.there && !kernel->config.balloon) {
		diagnosis_set(diagnosis, FINDING_FAIL,
			      "not built for kernel %s, which has no balloon for it",
			      kernel->release);
		diagnosis_remedy(diagnosis, "boot a kernel of the distribution that has it");
		return;
	}
	if (kernel->log[0]) {
		diagnosis_set(diagnosis, FINDING_FAIL, "the build for kernel %s failed: see %s",
			      kernel->release, kernel->log);
		diagnosis_remedy(diagnosis, "fix the fault in the log, then dkms autoinstall -k %s",
				 kernel->release);
		return;
	}
	diagnosis_set(diagnosis, FINDING_FAIL, "not built for kernel %s: %s", kernel->release,
		      file->path[0] ? "its own in-tree driver would be loaded"
				    : "no driver would be found");
	prescribe_build(kernel, diagnosis);
}

void look_at_running_build(const struct patient *patient, struct diagnosis *diagnosis)
{
	if (!diagnosis_without_use(patient, diagnosis))
		look_at_build(&patient->kernels[0], diagnosis);
}

/* Appends the number of faults that the text does not name. */
static void add_count(struct diagnosis *diagnosis, int count)
{
	size_t length = strlen(diagnosis->text);

	if (count)
		snprintf(diagnosis->text + length, sizeof(diagnosis->text) - length,
			 "; %d more kernel%s", count,
			 count == 1 ? " has a fault" : "s have faults");
}

/*
 * Any of the other kernels may be the next to boot: their order is the boot loader's, and no rule
 * for release numbers holds for all distributions.
 */
void look_at_other_builds(const struct patient *patient, struct diagnosis *diagnosis)
{
	struct diagnosis one;
	int i, faults = 0;

	if (diagnosis_without_use(patient, diagnosis))
		return;
	for (i = 1; i < patient->kernels_count; i++) {
		memset(&one, 0, sizeof(one));
		look_at_build(&patient->kernels[i], &one);
		if (one.finding == FINDING_PASS)
			continue;
		if (!faults++)
			*diagnosis = one;
	}
	if (faults)
		add_count(diagnosis, faults - 1);
	else if (patient->kernels_count == 1)
		diagnosis_set(diagnosis, FINDING_PASS, "no other kernel is installed");
	else
		diagnosis_set(diagnosis, FINDING_PASS,
			      "built for each of the other kernels, of which there are %d",
			      patient->kernels_count - 1);
}

void look_at_headers(const struct patient *patient, struct diagnosis *diagnosis)
{
	const struct kernel *running = &patient->kernels[0];

	if (diagnosis_without_use(patient, diagnosis))
		return;
	if (running->has_headers) {
		diagnosis_set(diagnosis, FINDING_PASS, "the headers of kernel %s are installed",
			      running->release);
		return;
	}
	diagnosis_set(diagnosis, FINDING_WARN, "the headers of kernel %s aren't installed",
		      running->release);
	diagnosis_remedy(diagnosis,
			 "install linux-headers-%s (Debian, Ubuntu) or kernel-devel (Fedora, RHEL)",
			 running->release);
}

/* "none [integrity] confidentiality" */
void look_at_signature(const struct patient *patient, struct diagnosis *diagnosis)
{
	char lockdown[CMM_VALUE_MAX] = "[none]";

	if (root_exists("/sys/kernel/security", "lockdown") &&
	    attribute_read("/sys/kernel/security", "lockdown", lockdown)) {
		diagnosis_set(diagnosis, FINDING_UNKNOWN,
			      "/sys/kernel/security/lockdown cannot be read");
		return;
	}
	if (strstr(lockdown, "[none]")) {
		diagnosis_set(diagnosis, FINDING_PASS, "the kernel isn't locked down");
		return;
	}
	if (!patient->driver.file.path[0]) {
		diagnosis_set(diagnosis, FINDING_UNKNOWN,
			      "the kernel is locked down; there is no module to look at");
		return;
	}
	if (patient->driver.file.is_signed) {
		diagnosis_set(diagnosis, FINDING_PASS,
			      "the kernel is locked down, and the module is signed");
		return;
	}
	diagnosis_set(diagnosis, FINDING_FAIL, "the kernel is locked down, and %s isn't signed",
		      patient->driver.file.path);
	diagnosis_remedy(diagnosis, "sign it with a key that this kernel trusts");
}
