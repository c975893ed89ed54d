/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A progress bar on stderr, which is visible even if stdout is a file. Only drawn on a terminal. */
#ifndef CMM_PROGRESS_H
#define CMM_PROGRESS_H

/* Draws how far the loan, now @loaned_kb, has come from @start_kb to @end_kb. */
void progress_show(unsigned long start_kb, unsigned long loaned_kb, unsigned long end_kb);

/* Ends the bar's line. */
void progress_end(void);

#endif
