/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules by which the running kernel takes or refuses a module */
#ifndef CMM_MODULE_RULES_H
#define CMM_MODULE_RULES_H

#include "answer.h"
#include "driver.h"

/**
 * struct module_rules - the rules
 * @disabled: no module is loaded until the next boot
 * @signed_only: a module without a signature by a trusted key is refused
 * @reason: for @signed_only: "sig_enforce", "lockdown"
 */
struct module_rules {
	enum answer disabled;
	enum answer signed_only;
	const char *reason;
};

/* Reads the rules. A file that cannot be read leaves ANSWER_UNKNOWN, after one line on stderr. */
void module_rules_read(struct module_rules *rules);

/* The kernel's keys, beside the key of a signature; KEYS_UNSEEN: none can be seen */
enum module_key { KEYS_UNSEEN, KEY_MISSING, KEY_NAMESAKE, KEY_THERE };

/*
 * Looks in /proc/keys for the key that signed @file. A certificate with a key identifier of its own
 * is listed without the number that the signature has; then only the name can be compared. A file
 * that cannot be read leaves KEYS_UNSEEN, after one line on stderr.
 */
enum module_key module_key_find(const struct driver_file *file);

#endif
