/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A fact about the system that may be unknown, such as one in a file that cannot be read */
#ifndef CMM_ANSWER_H
#define CMM_ANSWER_H

enum answer { ANSWER_NO, ANSWER_YES, ANSWER_UNKNOWN };

#endif
