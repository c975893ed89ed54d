/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Settings and programs that manage the system's memory, and are affected by loans */
#ifndef CMM_SYSTEM_MEMORY_H
#define CMM_SYSTEM_MEMORY_H

#include <stdbool.h>

#include "answer.h"
#include "parse.h"

/**
 * struct system_memory - facts about the system's handling of memory
 * @strict: the kernel limits the sum of all allocations (vm.overcommit_memory is 2)
 * @loans_lower_limit: that limit is a share of MemTotal (vm.overcommit_kbytes is 0)
 * @limit_kb: CommitLimit of /proc/meminfo
 * @committed_kb: Committed_AS of /proc/meminfo
 * @oom_daemon: a program runs that kills other programs before the kernel's OOM killer does
 * @oom_daemon_name: the name of that program
 * @fadump_in_cma: the area reserved for firmware-assisted dump is in CMA, so that movable pages
 *	can use it
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
 * Reads all members. If a file cannot be read, prints one line on stderr, and the fact stays
 * ANSWER_UNKNOWN. If a file does not exist, the fact also stays ANSWER_UNKNOWN, except
 * @fadump_in_cma: a kernel without the file of fadump has no fadump, so it becomes ANSWER_NO.
 */
void system_memory_read(struct system_memory *memory);

#endif
