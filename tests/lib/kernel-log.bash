# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Finds warnings and errors in a kernel's log. Guests and the host use this file.

# Regular expressions for warnings and errors, including those of a debug kernel
FAULTS_SAID=('WARNING:' '\bBUG\b' Oops 'Kernel panic' 'Unable to handle' 'rcu: INFO:' 'soft lockup' '[Hh]ard LOCKUP' hung_task
	'blocked for more than' 'Bad page state' refcount_t: UBSAN: KASAN: ODEBUG: corruption 'workqueue lockup'
	'possible (circular|recursive)' 'suspicious RCU' 'sleeping function called' 'lock held' 'held lock freed'
	'(lockdep|locking correctness validator)' 'kmemleak: [0-9]' 'kmemleak: .*([Cc]annot|disabled)')

# kernel_faults FILE: prints the warnings and errors in the file FILE, a kernel's log. The first grep removes lines that
# are known to be harmless:
# - The NVRAM of an emulated machine is empty.
# - The kernel's command line has words such as hung_task_panic.
# - The kernel detects CMO only after feature-fixups.c has patched the kernel's code, and warns of that.
# - lockdep and its checks say that they run.
kernel_faults() {
	[ -e "$1" ] || echo "no log: $1"
	grep -vE 'nvram corruption detected: 0-length partition|Kernel command line:|WARNING: .*arch/powerpc/lib/feature-fixups.c|RCU lockdep checking is enabled|Lock dependency validator:' \
		"$1" | grep -E "$(IFS='|' && echo "${FAULTS_SAID[*]}")" || true
}
