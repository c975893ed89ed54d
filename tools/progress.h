/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A progress bar on stderr, if stderr is a terminal. It is visible even if stdout is a file. */
#ifndef CMM_PROGRESS_H
#define CMM_PROGRESS_H

/* Draws the progress of a loan of @loaned_kb, which began at @start_kb and will end at @end_kb. */
void progress_show(unsigned long start_kb, unsigned long loaned_kb, unsigned long end_kb);

/* Ends the bar's line. */
void progress_end(void);

#endif
