/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text file that cmm-admin doctor --report writes for a bug report */
#ifndef CMM_BUNDLE_H
#define CMM_BUNDLE_H

/*
 * Writes to the file @path all that a bug report needs:
 *
 * - the output of commands of cmm-admin, dkms and systemd
 * - the driver's attributes
 * - the configuration
 * - the logs of failed builds
 *
 * Leaves out the machine's serial number, and those words of the kernel's command line that do not
 * concern the driver. If a file cannot be read, the text says so. Returns 0, or prints one line on
 * stderr and returns an enum cmm_exit.
 */
int bundle_write(const char *path);

#endif
