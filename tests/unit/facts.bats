#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Tests which features src/Kbuild detects in the headers of a kernel, and whether src/compat.h accepts these features.
# src/Kbuild defines a macro CMM_HAS_... for each feature. Each test writes headers that have only the declarations that
# src/Kbuild looks for. docs/kernels.md says which kernels have which declarations. Then src/compat.c is compiled with
# stand-in.h instead of the kernel's headers. So a compiler checks even those combinations of features that none of the
# booted kernels has.

bats_require_minimum_version 1.5.0

HERE=$BATS_TEST_DIRNAME

setup() {
	LINUX=$BATS_TEST_TMPDIR/include/linux
	mkdir -p "$LINUX"
}

# has HEADER LINE...: adds each LINE to HEADER
has() {
	printf '%s\n' "${@:2}" >>"$LINUX/$1"
}

list_calls() {
	has "$1" 'extern size_t balloon_page_list_enqueue(struct balloon_dev_info *b_dev_info,'
}

# Adds declarations that all kernels since 5.9 have
two_working_sets() {
	has mmzone.h $'\tWORKINGSET_ACTIVATE_BASE,' $'\tWORKINGSET_ACTIVATE_ANON = WORKINGSET_ACTIVATE_BASE,'
}

# until_6_0 delete|finalize: writes the headers of a kernel before 6.0. They declare balloon_page_delete() or
# balloon_page_finalize()
until_6_0() {
	list_calls balloon_compaction.h
	two_working_sets
	has balloon_compaction.h $'\tspinlock_t pages_lock;\t\t/* Protection to pages list */' \
		$'\tstruct inode *inode;' "static inline void balloon_page_$1(struct page *page)"
}

from_6_0() {
	until_6_0 "$1"
	sed -i '/inode/d' "$LINUX/balloon_compaction.h"
}

balloon_count() {
	has mmzone.h $'\tNR_BALLOON_PAGES,'
}

from_6_17() {
	from_6_0 finalize
	balloon_count
	has page-flags.h $'\tPG_movable_ops = PG_uptodate,'
}

from_7_0() {
	list_calls balloon.h
	two_working_sets
	balloon_count
	has balloon.h $'\tbool adjust_managed_page_count;'
	has page-flags.h $'\tPG_movable_ops = PG_uptodate,'
}

facts() {
	make -s -C "$HERE" -f facts.mk srctree="$BATS_TEST_TMPDIR" src=.
}

# found FEATURE...: checks that src/Kbuild detects exactly these features, and that src/compat.h and src/compat.c compile
# with these features
found() {
	local wanted
	wanted=$(printf '%s\n' "${@/#/-DCMM_HAS_}" | sort)
	[ "$(facts | tr ' ' '\n' | sort)" = "$wanted" ]
	run ! grep '#error' <(errors_of_compat)
	compiles
	compiles NUMA CRASH_DUMP VM_EVENT_COUNTERS "$([ -e "$LINUX/balloon.h" ] && echo BALLOON_MIGRATION || echo BALLOON_COMPACTION)"
}

# compiles [OPTION...]: compiles src/compat.c with the features that src/Kbuild detects, for a kernel with each OPTION in
# its configuration
compiles() {
	local facts options=(PPC64 CPU_LITTLE_ENDIAN "$@") headers=$BATS_TEST_TMPDIR/stand-in header
	while read -r header; do
		mkdir -p "$headers/${header%/*}"
		ln -sf "$(realpath "$HERE/stand-in.h")" "$headers/$header"
	done < <(sed -n 's/^#include <\(.*\)>/\1/p' "$HERE"/../../src/compat.[ch])
	read -r -a facts < <(facts)
	gcc -fsyntax-only -std=gnu11 -nostdinc -ffreestanding -Wall -Wextra -Wno-unused-parameter -Werror \
		-I"$headers" "${facts[@]}" "${options[@]/#/-DCONFIG_}" "$HERE/../../src/compat.c"
}

# errors_of_compat [OPTION...]: preprocesses src/compat.h with the features that src/Kbuild detects, for a kernel with
# each OPTION in its configuration. Prints the errors
errors_of_compat() {
	local facts options=("$@")
	[ $# -gt 0 ] || options=(PPC64 CPU_LITTLE_ENDIAN)
	read -r -a facts < <(facts)
	gcc -E "${facts[@]}" "${options[@]/#/-DCONFIG_}" "$HERE/../../src/compat.h" 2>&1 >/dev/null | grep 'error:'
}

# unknown TEXT: checks that src/compat.h stops the build with the error "cmm: not recognized: TEXT"
unknown() {
	errors_of_compat | grep -F "#error cmm: not recognized: $1"
}

@test "Kbuild detects the features of 5.10 and of RHEL 8.5" {
	until_6_0 delete
	has mempolicy.h $'\t} v;'
	found TWO_WORKING_SETS LIST_CALLS INODE PAGES_LOCK PAGE_DELETE POLICY_UNION
}

@test "Kbuild detects features of 5.14, RHEL 9.1, SLES 15 SP5, Ubuntu 22.04" {
	until_6_0 delete
	found TWO_WORKING_SETS LIST_CALLS INODE PAGES_LOCK PAGE_DELETE
}

@test "Kbuild detects the features of 5.15.198, which Ubuntu 22.04 may get" {
	until_6_0 finalize
	found TWO_WORKING_SETS LIST_CALLS INODE PAGES_LOCK PAGE_FINALIZE
}

@test "Kbuild detects the features of 6.0, SLES 15 SP6 and RHEL 9.4" {
	from_6_0 delete
	found TWO_WORKING_SETS LIST_CALLS PAGES_LOCK PAGE_DELETE
}

@test "Kbuild detects the features of Debian's 6.1, and 6.12 from 6.12.64 on" {
	from_6_0 finalize
	found TWO_WORKING_SETS LIST_CALLS PAGES_LOCK PAGE_FINALIZE
}

@test "Kbuild detects the features of 6.16, which counts balloon pages" {
	from_6_0 delete
	balloon_count
	found TWO_WORKING_SETS BALLOON_COUNT LIST_CALLS PAGES_LOCK PAGE_DELETE
}

@test "Kbuild detects that a kernel before 5.9 has one working-set counter" {
	from_6_0 delete
	sed -i '/WORKINGSET/d' "$LINUX/mmzone.h"
	found LIST_CALLS PAGES_LOCK PAGE_DELETE
}

@test "Kbuild detects the features of 6.17 to 6.19" {
	from_6_17
	found TWO_WORKING_SETS BALLOON_COUNT LIST_CALLS PAGES_LOCK PAGE_FINALIZE PG_MOVABLE_OPS
}

@test "Kbuild detects the features of 7.0 to 7.3" {
	from_7_0
	found TWO_WORKING_SETS BALLOON_COUNT BALLOON_H LIST_CALLS ADJUST_FLAG PG_MOVABLE_OPS
}

@test "build error: headers lack balloon_page_list_enqueue() (RHEL 8.4)" {
	until_6_0 delete
	sed -i '/list_enqueue/d' "$LINUX/balloon_compaction.h"
	unknown 'a balloon without balloon_page_list_enqueue()'
}

@test "Kbuild does not take a name in a comment for a declaration" {
	from_7_0
	has balloon.h ' * struct inode *inode; spinlock_t pages_lock;' ' * balloon_page_finalize - prepare'
	found TWO_WORKING_SETS BALLOON_COUNT BALLOON_H LIST_CALLS ADJUST_FLAG PG_MOVABLE_OPS
}

@test "headers with both pages_lock and adjust_managed_page_count: build fails" {
	from_7_0
	has balloon.h $'\tspinlock_t pages_lock;'
	unknown 'a balloon_dev_info with both pages_lock and adjust_managed_page_count'
}

@test "build error: the kernel is big-endian or has 32 bits" {
	from_6_0 finalize
	errors_of_compat PPC64 CPU_BIG_ENDIAN | grep 'for little-endian 64-bit Power only'
	errors_of_compat PPC32 CPU_LITTLE_ENDIAN | grep 'for little-endian 64-bit Power only'
}

@test "build error: neither pages_lock nor adjust_managed_page_count in headers" {
	from_7_0
	sed -i '/adjust/d' "$LINUX/balloon.h"
	unknown 'a balloon_dev_info with neither pages_lock nor adjust_managed_page_count'
}

@test "build error: neither balloon_page_delete() nor _finalize() in headers" {
	from_6_0 delete
	sed -i '/delete/d' "$LINUX/balloon_compaction.h"
	unknown 'neither balloon_page_delete() nor balloon_page_finalize()'
}

@test "build error: adjust_managed_page_count without PG_movable_ops in headers" {
	from_7_0
	rm "$LINUX/page-flags.h"
	unknown 'adjust_managed_page_count without PG_movable_ops'
}

@test "build error: headers have both inode and adjust_managed_page_count" {
	from_7_0
	has balloon.h $'\tstruct inode *inode;'
	unknown 'a balloon_dev_info with both inode and adjust_managed_page_count'
}
