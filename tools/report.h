/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The output formats of a report: a table, a JSON document, one screen. @section is an enum
 * report_section, or REPORT_SECTIONS for all sections. The functions that return an int return 0,
 * or print one line on stderr and return an enum cmm_exit.
 */
#ifndef CMM_REPORT_H
#define CMM_REPORT_H

#include "document.h"
#include "facts.h"
#include "rows.h"

/* Adds rows to a table, or members to a document. */
int report_rows(struct rows *rows, const struct facts *facts, int section);
int report_document(struct document *document, const struct facts *facts, int section);

/* Prints one screen for a person; sizes in bytes if @bytes. */
void report_screen(const struct facts *facts, bool bytes);

#endif
