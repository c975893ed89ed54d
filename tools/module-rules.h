/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules by which modprobe and the running kernel accept or refuse a module */
#ifndef CMM_MODULE_RULES_H
#define CMM_MODULE_RULES_H

#include "answer.h"
#include "driver.h"
#include "modprobe-config.h"

/**
 * struct module_rules - the rules
 * @disabled: the kernel loads no module until the next boot
 * @blacklist: the modules that the kernel refuses to load, such as "nouveau,cmm"
 * @blacklist_good: the kernel's command line was read, and @blacklist is complete
 * @init_blocked: initcall_blacklist on the kernel's command line has the driver's init function
 * @modprobe: the configuration of modprobe for the module
 * @modprobe_good: @modprobe was read
 * @signed_only: the kernel refuses a module without a signature by a trusted key
 * @reason: the kernel's setting that causes @signed_only: "sig_enforce" or "lockdown"
 * @ima: the policy of the Integrity Measurement Architecture (IMA) also verifies modules
 */
struct module_rules {
	enum answer disabled;
	char blacklist[CMM_VALUE_MAX];
	bool blacklist_good;
	bool init_blocked;
	struct modprobe_config modprobe;
	bool modprobe_good;
	enum answer signed_only;
	const char *reason;
	enum answer ima;
};

/*
 * Reads the rules for @module. If a file cannot be read, prints one line on stderr. The fact from
 * this file is then ANSWER_UNKNOWN, or the fact's member ..._good is false.
 */
void module_rules_read(struct module_rules *rules, const char *module);

/* Whether @list has @name. Each character of @separators can separate two names of @list. */
bool list_has(const char *list, const char *separators, const char *name);

/*
 * Result of a search for a signature's key among the kernel's keys:
 *
 * KEYS_UNSEEN: no key of the kernel can be seen
 *
 * KEY_MISSING: no key matches
 *
 * KEY_NAMESAKE: a key has the same name, but its serial number is not known to be the same
 *
 * KEY_OF_USER: a key that a program added has the same serial number
 *
 * KEY_SOMEWHERE: a key that the kernel loaded has the same serial number, but its keyring may be
 * one whose keys do not verify modules
 *
 * KEY_THERE: a key that the kernel loaded to verify modules has the same serial number
 */
enum module_key {
	KEYS_UNSEEN,
	KEY_MISSING,
	KEY_NAMESAKE,
	KEY_OF_USER,
	KEY_SOMEWHERE,
	KEY_THERE,
};

/*
 * Searches /proc/keys for the key that signed @file. The signature has the serial number of the
 * key's certificate. If a certificate has a key identifier, /proc/keys shows the identifier, and
 * not the serial number. In this case only the key's name can be compared. If /proc/keys cannot be
 * read, prints one line on stderr and returns KEYS_UNSEEN.
 */
enum module_key module_key_find(const struct driver_file *file);

#endif
