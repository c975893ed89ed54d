/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hypervisor's figures for the partition: /proc/powerpc/lparcfg (arch/powerpc's lparcfg.c) */
#ifndef CMM_LPARCFG_H
#define CMM_LPARCFG_H

#include <stdbool.h>

#include "parse.h"

/* The section of the report in which a field is shown */
enum lparcfg_section { LPARCFG_PARTITION, LPARCFG_MEMORY, LPARCFG_ENTITLEMENT };

/* Fields: F(name, unit, section, meaning) */
/* clang-format off */
#define LPARCFG_TABLE(F)									\
	F(system_type, "", PARTITION, "model of the machine")					\
	F(serial_number, "", PARTITION, "serial number of the machine")				\
	F(partition_id, "", PARTITION, "ID of this partition")					\
	F(DesMem, "MiB", MEMORY, "desired memory, in the partition's profile")			\
	F(cmo_enabled, "", ENTITLEMENT, "1: the partition shares memory")			\
	F(entitled_memory, "B", ENTITLEMENT, "memory that is guaranteed for I/O")		\
	F(mapped_entitled_memory, "B", ENTITLEMENT, "entitled memory in use by I/O")			\
	F(entitled_memory_group_number, "", ENTITLEMENT, "ID of the partition's group")		\
	F(entitled_memory_pool_number, "", ENTITLEMENT, "ID of the shared memory pool")		\
	F(entitled_memory_pool_size, "B", ENTITLEMENT, "size of the shared memory pool")	\
	F(entitled_memory_weight, "", ENTITLEMENT,						\
	  "weight of this partition in the pool, 0 to 255")					\
	F(unallocated_entitled_memory_weight, "", ENTITLEMENT,					\
	  "unassigned part of the memory weight of the partition's group")			\
	F(unallocated_io_mapping_entitlement, "B", ENTITLEMENT,					\
	  "unassigned part of the entitled memory of the partition's group")			\
	F(entitled_memory_loan_request, "B", ENTITLEMENT,					\
	  "requested growth of the loan; negative if the loan should shrink")			\
	F(backing_memory, "B", ENTITLEMENT, "physical memory behind the partition's memory")		\
	F(cmo_faults, "", ENTITLEMENT, "page faults that the hypervisor served")		\
	F(cmo_fault_time_usec, "us", ENTITLEMENT,						\
	  "time that the partition waited for page faults that the hypervisor served")		\
	F(cmo_primary_psp, "", ENTITLEMENT, "ID of the paging partition")			\
	F(cmo_secondary_psp, "", ENTITLEMENT, "ID of the second paging partition; -1: none")	\
	F(cmo_page_size, "B", ENTITLEMENT, "size of a page that is loaned with one hypercall")	\
	F(coalesced_bytes, "B", ENTITLEMENT,							\
	  "memory that deduplication saves in this partition")					\
	F(pool_coalesced_bytes, "B", ENTITLEMENT, "memory that deduplication saves in the pool")

/* LPARCFG_cmo_enabled and so on: indexes of lparcfg_fields */
#define LPARCFG_INDEX(name, ...) LPARCFG_##name,

enum { LPARCFG_TABLE(LPARCFG_INDEX) LPARCFG_FIELDS };
/* clang-format on */

struct lparcfg_field {
	const char *name;
	const char *unit;
	enum lparcfg_section section;
	const char *meaning;
};

extern const struct lparcfg_field lparcfg_fields[LPARCFG_FIELDS];

struct lparcfg {
	bool there; /* the file exists (the kernel has CONFIG_LPARCFG), and can be read */
	char values[LPARCFG_FIELDS]
		   [CMM_VALUE_MAX]; /* in the order of lparcfg_fields; "" if a field is absent */
};

/*
 * Reads the file. Returns 0, or prints one line on stderr and returns an enum cmm_exit. A file that
 * does not exist, or that the user may not read, is no error.
 */
int lparcfg_read(struct lparcfg *lparcfg);

/*
 * Sets @value to the number in @field, an index such as LPARCFG_cmo_faults. Returns false if the
 * field is absent or is not a decimal number.
 */
bool lparcfg_number(const struct lparcfg *lparcfg, int field, long *value);

#endif
