/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the system handles memory, as far as loans change it */
#ifndef CMM_SYSTEM_MEMORY_H
#define CMM_SYSTEM_MEMORY_H

#include <stdbool.h>

#include "answer.h"
#include "parse.h"

/**
 * struct system_memory - how the system handles memory
 * @strict: a limit for all allocations is enforced (vm.overcommit_memory is 2)
 * @loans_lower_limit: the limit is a share of MemTotal (vm.overcommit_kbytes is 0)
 * @limit_kb: CommitLimit of /proc/meminfo
 * @committed_kb: Committed_AS
 * @oom_daemon: a program runs that ends others before the kernel's OOM killer does
 * @oom_daemon_name: of that program
 * @fadump_in_cma: the area that firmware-assisted dump reserves can be used by others meanwhile
 */
struct system_memory {
	enum answer strict;
	bool loans_lower_limit;
	unsigned long limit_kb;
	unsigned long committed_kb;
	enum answer oom_daemon;
	char oom_daemon_name[CMM_VALUE_MAX];
	enum answer fadump_in_cma;
};

/*
 * Reads everything. A file that does not exist leaves ANSWER_UNKNOWN; so does one that cannot be
 * read, after one line on stderr.
 */
void system_memory_read(struct system_memory *memory);

#endif
