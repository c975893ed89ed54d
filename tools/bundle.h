/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What goes with a bug report. */
#ifndef CMM_BUNDLE_H
#define CMM_BUNDLE_H

/*
 * Makes the file @path hold, as text, all that tells how this partition and its
 * driver are: what the commands of ours and of dkms and systemd say, the driver's
 * files, the configuration, and the logs of builds. The machine's serial number
 * and what the kernel's command line says of other things are left out. 0, or an enum
 * cmm_exit after one line on stderr; what isn't there is said in the file.
 */
int bundle_write(const char *path);

#endif
