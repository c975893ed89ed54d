/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The attachment of a bug report */
#ifndef CMM_BUNDLE_H
#define CMM_BUNDLE_H

/*
 * Writes the file @path, a text with all that a bug report needs: the output of our commands and of
 * dkms and systemd, the driver's files, the configuration, and logs of builds. The machine's serial
 * number and words of the kernel's command line on other things are left out. A file that cannot
 * be read is noted in the text. 0, or an enum cmm_exit after one line on stderr.
 */
int bundle_write(const char *path);

#endif
