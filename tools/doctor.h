/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The checks of cmm-admin doctor, the facts that they use, and their results */
#ifndef CMM_DOCTOR_H
#define CMM_DOCTOR_H

#include <limits.h>
#include <stdbool.h>

#include "config.h"
#include "driver.h"
#include "fault-rate.h"
#include "kernel-config.h"
#include "lparcfg.h"
#include "machine.h"
#include "module-rules.h"
#include "partition.h"
#include "system-memory.h"

enum finding { FINDING_PASS, FINDING_WARN, FINDING_FAIL, FINDING_UNKNOWN };

/* Room for a message or a remedy */
#define FINDING_TEXT_MAX 400

/* An installed kernel */
struct kernel {
	char release[CMM_VALUE_MAX];
	struct kernel_config config;
	struct driver_file file; /* the module that modprobe would load with this kernel */
	bool file_good; /* @file is valid: driver_file_read() returned 0 */
	bool is_removed; /* the kernel runs, but its modules are no longer installed */
	bool has_headers;
	bool headers_forbidden; /* the user may not look for the headers */
	char log[PATH_MAX]; /* log of a failed build for this kernel; "" without one */
};

/* Facts about the system, which are read once for all checks */
struct doctor_facts {
	struct driver driver; /* @there is also true if the user may not look for the device */
	struct cmm_partition partition; /* valid if partition_good */
	bool partition_good;
	bool partition_forbidden; /* the user may not read @partition */
	struct lparcfg lparcfg;
	struct fault_rate fault_rate; /* measured only if loan_policy holds the loan back */
	struct machine machine;
	struct module_rules rules;
	struct system_memory memory;
	struct kernel *kernels; /* first the running kernel, then the other installed ones */
	int kernels_count;
	bool kernels_good; /* no kernel is missing in @kernels: /lib/modules could be read */
	struct config config;
};

/**
 * struct diagnosis - the result of a check
 * @finding: the verdict
 * @text: what the check found, in one line
 * @remedy: the command or step that fixes the fault; "" if there is none
 */
struct diagnosis {
	enum finding finding;
	char text[FINDING_TEXT_MAX];
	char remedy[FINDING_TEXT_MAX];
};

/* The remedy if H_GET_MPP fails, the hypercall that reads how much the hypervisor requests */
#define NO_ANSWER_REMEDY                                                                                \
	"journalctl -k --grep cmm shows the error code. POWER10 and later don't answer H_GET_MPP: the " \
	"partition may have migrated to such a machine, or have lost its shared memory"

/* Sets the verdict, and formats the text. */
__attribute__((format(printf, 3, 4))) void
diagnosis_set(struct diagnosis *diagnosis, enum finding finding, const char *format, ...);

/* Formats the remedy. */
__attribute__((format(printf, 2, 3))) void diagnosis_remedy(struct diagnosis *diagnosis,
							    const char *format, ...);

/*
 * Returns true if the machine has no Active Memory Sharing. In that case a fault that the check
 * looks for has no effect, and this function sets the diagnosis "does not matter here".
 */
bool diagnosis_without_ams(const struct doctor_facts *facts, struct diagnosis *diagnosis);

/*
 * Like diagnosis_without_ams(), but returns false if a driver is loaded, because this driver could
 * at least simulate.
 */
bool diagnosis_without_use(const struct doctor_facts *facts, struct diagnosis *diagnosis);

struct doctor_check {
	const char *name;
	void (*run)(const struct doctor_facts *facts, struct diagnosis *diagnosis);
};

/* All checks; a check without a name ends them. */
extern const struct doctor_check doctor_checks[];

/* Checks in doctor-machine.c: the machine, its firmware and the kernel */
void check_machine(const struct doctor_facts *facts, struct diagnosis *diagnosis);
void check_balloon(const struct doctor_facts *facts, struct diagnosis *diagnosis);
void check_smlpar(const struct doctor_facts *facts, struct diagnosis *diagnosis);
void check_firmware(const struct doctor_facts *facts, struct diagnosis *diagnosis);
void check_free_hint(const struct doctor_facts *facts, struct diagnosis *diagnosis);

/* Checks in doctor-module.c: the module, for each kernel */
void check_module_file(const struct doctor_facts *facts, struct diagnosis *diagnosis);
void check_running_build(const struct doctor_facts *facts, struct diagnosis *diagnosis);
void check_other_builds(const struct doctor_facts *facts, struct diagnosis *diagnosis);
void check_headers(const struct doctor_facts *facts, struct diagnosis *diagnosis);
void check_loading(const struct doctor_facts *facts, struct diagnosis *diagnosis);
void check_signature(const struct doctor_facts *facts, struct diagnosis *diagnosis);

/*
 * The name of the first check that finds a reason why modprobe might not load our driver; NULL if
 * no check finds one
 */
const char *module_obstacle(const struct doctor_facts *facts);

/* Checks in doctor-memory.c: the effects of loans on the rest of the system */
void check_overcommit(const struct doctor_facts *facts, struct diagnosis *diagnosis);
void check_oom_daemon(const struct doctor_facts *facts, struct diagnosis *diagnosis);
void check_fadump(const struct doctor_facts *facts, struct diagnosis *diagnosis);

/*
 * Reads all facts. If a fact cannot be read, prints one line on stderr and leaves the fact unknown.
 * Returns 0, except if the release of the running kernel cannot be read or memory runs out: then
 * prints one line on stderr and returns an enum cmm_exit. The caller always frees the facts.
 */
int doctor_facts_read(struct doctor_facts *facts);
void doctor_facts_free(struct doctor_facts *facts);

/*
 * Whether dkms has our driver's source, so that dkms autoinstall can build a module: cmm-dkms is
 * installed. True if the user may not see that.
 */
bool doctor_has_source(void);

/*
 * Calls @take for each log of a failed build that dkms left, with the path of the log and the
 * release of the kernel that dkms built for. Ends and returns like directory_list().
 */
int doctor_failed_builds(int (*take)(void *data, const char *path, const char *release),
			 void *data);

#endif
