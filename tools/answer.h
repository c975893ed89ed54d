/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The answer to a question about the system */
#ifndef CMM_ANSWER_H
#define CMM_ANSWER_H

enum answer { ANSWER_NO, ANSWER_YES, ANSWER_UNKNOWN };

#endif
