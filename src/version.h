/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The version is set here. make lint checks that dkms.conf and CHANGELOG have the same version. */
#ifndef CMM_VERSION_H
#define CMM_VERSION_H

#define CMM_VERSION "2.0.0"

#endif
