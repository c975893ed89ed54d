/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one place for the version; make lint holds dkms.conf and CHANGELOG to it. */
#ifndef CMM_VERSION_H
#define CMM_VERSION_H

#define CMM_VERSION "2.0.0"

#endif
