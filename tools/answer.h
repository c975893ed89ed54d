/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The answer to a yes-or-no question about the system; unknown if, say, a file cannot be read */
#ifndef CMM_ANSWER_H
#define CMM_ANSWER_H

enum answer { ANSWER_NO, ANSWER_YES, ANSWER_UNKNOWN };

#endif
