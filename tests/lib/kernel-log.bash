# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Finds complaints in a kernel's log, for guests and for the host.

# Complaints of a kernel, those of the debug kernel's watchers among them
FAULTS_SAID=('WARNING:' '\bBUG\b' Oops 'Kernel panic' 'Unable to handle' 'rcu: INFO:' 'soft lockup' '[Hh]ard LOCKUP' hung_task
	'blocked for more than' 'Bad page state' refcount_t: UBSAN: KASAN: ODEBUG: corruption 'workqueue lockup'
	'possible (circular|recursive)' 'suspicious RCU' 'sleeping function called' 'lock held' 'held lock freed'
	'(lockdep|locking correctness validator)' 'kmemleak: [0-9]' 'kmemleak: .*([Cc]annot|disabled)')

# kernel_faults FILE: the lines of a kernel's log that must not be there. Some are there before any driver:
# an emulated machine has an empty NVRAM, a kernel finds CMO late, and lockdep says that it is there.
kernel_faults() {
	[ -e "$1" ] || echo "no log: $1"
	grep -vE 'nvram corruption detected: 0-length partition|Kernel command line:|WARNING: .*arch/powerpc/lib/feature-fixups.c|RCU lockdep checking is enabled|Lock dependency validator:' \
		"$1" | grep -E "$(IFS='|' && echo "${FAULTS_SAID[*]}")" || true
}
