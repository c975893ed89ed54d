// SPDX-License-Identifier: GPL-2.0-or-later
/* The checks of cmm-admin doctor: the machine, its firmware and the running kernel */

#include <stdio.h>
#include <string.h>

#include "doctor.h"

/* The page size of the kernels of RHEL and SLES */
#define KERNEL_PAGE_BYTES 65536UL

/* The page size of CMO, unless the firmware reports another (PAPR, ibm,get-system-parameter 44) */
#define CMO_PAGE_BYTES 4096UL

void check_machine(const struct doctor_facts *facts, struct diagnosis *diagnosis)
{
	const struct machine *machine = &facts->machine;
	char description[MACHINE_MAX], pages[64] = "";

	machine_describe(machine, description);
	if (machine->cmo && machine->cmo_page_bytes)
		snprintf(pages, sizeof(pages), ", CMO pages of %lu KiB",
			 machine->cmo_page_bytes / 1024);
	if (!machine->generation) {
		diagnosis_set(diagnosis, FINDING_UNKNOWN,
			      "%s: /proc/cpuinfo names no POWER processor that this tool knows",
			      description);
		return;
	}
	if (!machine_lacks_ams(machine)) {
		diagnosis_set(diagnosis, FINDING_PASS, "%s%s", description, pages);
		return;
	}
	diagnosis_set(diagnosis, FINDING_WARN,
		      "%s: POWER%d and later have no Active Memory Sharing, so this driver has "
		      "nothing to do here",
		      description, POWER_WITHOUT_AMS);
	diagnosis_remedy(diagnosis,
			 "none on this machine; the driver is for shared memory on POWER9 and "
			 "earlier, and can simulate anywhere (modprobe %s simulate=1)",
			 facts->driver.file.module);
}

void check_balloon(const struct doctor_facts *facts, struct diagnosis *diagnosis)
{
	if (!facts->machine.kernel.there) {
		diagnosis_set(diagnosis, FINDING_UNKNOWN,
			      "the configuration of kernel %s is missing, empty or unreadable",
			      facts->driver.release);
		return;
	}
	if (facts->machine.kernel.balloon) {
		diagnosis_set(diagnosis, FINDING_PASS,
			      "the kernel has the balloon that the driver needs");
		return;
	}
	diagnosis_set(diagnosis, FINDING_FAIL, "kernel %s has neither MEMORY_BALLOON nor BALLOON",
		      facts->driver.release);
	diagnosis_remedy(diagnosis,
			 "boot a distribution kernel that has MEMORY_BALLOON or BALLOON");
}

void check_smlpar(const struct doctor_facts *facts, struct diagnosis *diagnosis)
{
	if (diagnosis_without_ams(facts, diagnosis))
		return;
	if (!facts->machine.kernel.there) {
		diagnosis_set(diagnosis, FINDING_UNKNOWN,
			      "the configuration of kernel %s is missing, empty or unreadable",
			      facts->driver.release);
		return;
	}
	if (facts->machine.kernel.smlpar) {
		diagnosis_set(diagnosis, FINDING_PASS,
			      "the kernel announces memory sharing to the firmware");
		return;
	}
	diagnosis_set(
		diagnosis, FINDING_WARN,
		"kernel %s lacks PPC_SMLPAR: it does not announce memory sharing to the firmware, which "
		"then does not offer it. The driver can only simulate",
		facts->driver.release);
	diagnosis_remedy(diagnosis, "boot a kernel with CONFIG_PPC_SMLPAR=y");
}

/* lparcfg has figures of the shared memory only if the hypervisor answers H_GET_MPP. */
static bool has_mpp_figures(const struct lparcfg *lparcfg)
{
	return lparcfg->values[LPARCFG_entitled_memory][0];
}

static void check_figures(const struct doctor_facts *facts, struct diagnosis *diagnosis)
{
	if (facts->driver.ours || has_mpp_figures(&facts->lparcfg)) {
		diagnosis_set(diagnosis, FINDING_PASS, "the firmware offers memory sharing (CMO)");
		return;
	}
	diagnosis_set(diagnosis, FINDING_WARN,
		      "the firmware offers memory sharing (CMO), but lparcfg has no figures of it: "
		      "H_GET_MPP fails");
	diagnosis_remedy(diagnosis, NO_ANSWER_REMEDY);
}

static void report_large_pages(const struct machine *machine, struct diagnosis *diagnosis)
{
	diagnosis_set(diagnosis, FINDING_FAIL,
		      "the hypervisor's pages of %lu KiB are larger than the kernel's, of %lu KiB, "
		      "so the cmm-dkms driver can only simulate",
		      machine->cmo_page_bytes / 1024, machine->kernel.page_bytes / 1024);
	diagnosis_remedy(diagnosis, "boot a kernel with CONFIG_PPC_64K_PAGES=y");
}

void check_firmware(const struct doctor_facts *facts, struct diagnosis *diagnosis)
{
	if (diagnosis_without_ams(facts, diagnosis))
		return;
	if (!facts->lparcfg.there) {
		diagnosis_set(diagnosis, FINDING_UNKNOWN,
			      "/proc/powerpc/lparcfg does not exist or cannot be read");
		return;
	}
	if (machine_has_large_pages(&facts->machine)) {
		report_large_pages(&facts->machine, diagnosis);
		return;
	}
	if (facts->machine.cmo) {
		check_figures(facts, diagnosis);
		return;
	}
	diagnosis_set(diagnosis, FINDING_WARN,
		      "the firmware offers no memory sharing (CMO) to this partition%s",
		      facts->machine.memory == MEMORY_DEDICATED ? ", which has dedicated memory"
								: "");
	diagnosis_remedy(
		diagnosis,
		"give the partition shared memory in its profile, and a kernel with PPC_SMLPAR");
}

void check_free_hint(const struct doctor_facts *facts, struct diagnosis *diagnosis)
{
	const struct machine *machine = &facts->machine;

	switch (machine->hint) {
	case HINT_UNKNOWN:
		diagnosis_set(
			diagnosis, FINDING_UNKNOWN,
			"it is unknown whether cmo_free_hint is on: that depends on the page "
			"tables, the kernel's configuration, its command line and the firmware");
		return;
	case HINT_NONE:
		diagnosis_set(diagnosis, FINDING_PASS,
			      "this kernel makes no hypercalls when it frees pages");
		return;
	case HINT_OFF:
		diagnosis_set(diagnosis, FINDING_PASS,
			      "cmo_free_hint is off: freed pages cost no hypercalls");
		return;
	case HINT_ON:
		break;
	}
	diagnosis_set(diagnosis, FINDING_WARN,
		      "cmo_free_hint is on: the kernel makes %lu hypercalls for each 64 KiB that "
		      "is freed, by the driver or by anything else in the system. IBM tried this "
		      "hint as an aid to partition migration, and processes crashed after a "
		      "migration (linuxppc-dev, 2024-02-19, "
		      "<877cj0hz1o.fsf@li-e15d104c-2135-11b2-a85c-d7ef17e56be6.ibm.com>)",
		      KERNEL_PAGE_BYTES /
			      (machine->cmo_page_bytes ? machine->cmo_page_bytes : CMO_PAGE_BYTES));
	diagnosis_remedy(diagnosis,
			 "boot with cmo_free_hint=off, above all if the partition migrates");
}
