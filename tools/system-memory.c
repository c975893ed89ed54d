// SPDX-License-Identifier: GPL-2.0-or-later
/* Settings and programs that manage the system's memory */

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "attribute.h"
#include "complain.h"
#include "directory.h"
#include "proc.h"
#include "system-memory.h"

#define VM     "/proc/sys/vm"
#define FADUMP "/sys/kernel/fadump"

/* Names of OOM daemons in /proc/PID/comm, which is cut off after 15 bytes */
static const char *const daemons[] = { "systemd-oomd", "earlyoom", "nohang", "oomd",
				       "low-memory-moni" };

static void read_overcommit(struct system_memory *memory)
{
	struct meminfo_line lines[] = { { .name = "CommitLimit" }, { .name = "Committed_AS" } };
	unsigned long mode, fixed_kb = 0;

	memory->strict = ANSWER_UNKNOWN;
	if (!root_exists(VM, "overcommit_memory") ||
	    attribute_read_number(VM, "overcommit_memory", &mode))
		return;
	if (root_exists(VM, "overcommit_kbytes") &&
	    attribute_read_number(VM, "overcommit_kbytes", &fixed_kb))
		return;
	if (proc_meminfo(lines, sizeof(lines) / sizeof(lines[0])) || !lines[0].found ||
	    !lines[1].found)
		return;
	memory->strict = mode == 2 ? ANSWER_YES : ANSWER_NO;
	memory->loans_lower_limit = !fixed_kb;
	memory->limit_kb = lines[0].kb;
	memory->committed_kb = lines[1].kb;
}

static void take_command(void *data, char *line)
{
	struct system_memory *memory = data;
	size_t i;

	line[strcspn(line, "\n")] = '\0';
	for (i = 0; i < sizeof(daemons) / sizeof(daemons[0]); i++) {
		if (strcmp(line, daemons[i]))
			continue;
		memory->oom_daemon = ANSWER_YES;
		snprintf(memory->oom_daemon_name, sizeof(memory->oom_daemon_name), "%s", line);
	}
}

/* Reads the name of a process. Ignores a failure, because the process may have ended. */
static int take_process(void *data, const char *name)
{
	char dir[CMM_VALUE_MAX];

	if (!isdigit((unsigned char)name[0]))
		return CMM_EXIT_OK;
	snprintf(dir, sizeof(dir), "/proc/%s", name);
	proc_lines(dir, "comm", take_command, data);
	return CMM_EXIT_OK;
}

/* If process 1 cannot be seen, other processes may also be hidden (procfs option hidepid). */
static void read_processes(struct system_memory *memory)
{
	memory->oom_daemon = root_exists("/proc/1", "comm") ? ANSWER_NO : ANSWER_UNKNOWN;
	directory_list("/proc", take_process, memory);
}

/* In older kernels, the file is /sys/kernel/fadump_enabled. */
static enum answer read_fadump(void)
{
	bool new_name = root_exists(FADUMP, "enabled"), known;
	char value[CMM_VALUE_MAX];
	unsigned long enabled;
	int status;

	if (!new_name && errno == EACCES)
		return ANSWER_UNKNOWN;
	if (!new_name && !root_exists("/sys/kernel", "fadump_enabled"))
		return ANSWER_NO;
	status = new_name ? attribute_read_number(FADUMP, "enabled", &enabled)
			  : attribute_read_number("/sys/kernel", "fadump_enabled", &enabled);
	if (!status && !enabled)
		return ANSWER_NO;
	if (status || proc_boot_parameter("fadump", value, &known) || !known)
		return ANSWER_UNKNOWN;
	return strcmp(value, "nocma") ? ANSWER_YES : ANSWER_NO;
}

void system_memory_read(struct system_memory *memory)
{
	memset(memory, 0, sizeof(*memory));
	read_overcommit(memory);
	read_processes(memory);
	memory->fadump_in_cma = read_fadump();
}
