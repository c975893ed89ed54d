/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A progress bar on stderr, so that it is seen if stdout is a file; nothing without a terminal. */
#ifndef CMM_PROGRESS_H
#define CMM_PROGRESS_H

/* Draws the loan on its way from @start_kb to @end_kb. */
void progress_show(unsigned long start_kb, unsigned long loaned_kb, unsigned long end_kb);

/* Ends the bar's line. */
void progress_end(void);

#endif
