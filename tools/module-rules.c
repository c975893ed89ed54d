// SPDX-License-Identifier: GPL-2.0-or-later
/* The rules by which modprobe and the running kernel accept or refuse a module */

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "attribute.h"
#include "file.h"
#include "module-rules.h"
#include "proc.h"

#define PARAMETERS "/sys/module/module/parameters"
#define SECURITY   "/sys/kernel/security"

/* If neither @yes nor @no is true, the text has an unexpected form: the answer is unknown. */
static enum answer answer_of(bool yes, bool no)
{
	if (yes)
		return ANSWER_YES;
	return no ? ANSWER_NO : ANSWER_UNKNOWN;
}

static enum answer read_disabled(void)
{
	char value[CMM_VALUE_MAX];

	if (!root_exists("/proc/sys/kernel", "modules_disabled") ||
	    attribute_read("/proc/sys/kernel", "modules_disabled", value))
		return ANSWER_UNKNOWN;
	return answer_of(!strcmp(value, "1"), !strcmp(value, "0"));
}

/*
 * A kernel without the parameter, that is without CONFIG_MODULE_SIG, requires no signature. If the
 * user may not look into the directory, the answer is unknown.
 */
static enum answer read_sig_enforce(void)
{
	char value[CMM_VALUE_MAX];

	if (!root_exists(PARAMETERS, "sig_enforce"))
		return errno == ENOENT ? ANSWER_NO : ANSWER_UNKNOWN;
	if (attribute_read(PARAMETERS, "sig_enforce", value))
		return ANSWER_UNKNOWN;
	return answer_of(!strcmp(value, "Y"), !strcmp(value, "N"));
}

/*
 * Parses a text such as "none [integrity] confidentiality". If securityfs has a file lsm but no
 * file lockdown, then the kernel has no lockdown. If both files are missing, securityfs may be
 * unmounted, and the answer is unknown.
 */
static enum answer read_lockdown(void)
{
	char value[CMM_VALUE_MAX];

	if (!root_exists(SECURITY, "lockdown"))
		return root_exists(SECURITY, "lsm") ? ANSWER_NO : ANSWER_UNKNOWN;
	if (attribute_read(SECURITY, "lockdown", value))
		return ANSWER_UNKNOWN;
	return answer_of(strstr(value, "[integrity]") || strstr(value, "[confidentiality]"),
			 strstr(value, "[none]"));
}

static void take_command_line(void *data, char *line)
{
	options_examine_boot(data, line);
}

bool list_has(const char *list, const char *separators, const char *name)
{
	size_t length;

	for (; *list; list += length + !!list[length]) {
		length = strcspn(list, separators);
		if (length == strlen(name) && !strncmp(list, name, length))
			return true;
	}
	return false;
}

/*
 * initcall_blacklist has names of init functions, of built-in drivers and of modules (init/main.c).
 * ima_policy has names of policies, of which only secure_boot has a rule for modules
 * (policy_setup() in ima_policy.c). If one of these parameters is given more than once, all its
 * lists count.
 */
static void take_parameter(void *data, const char *name, const char *value)
{
	struct module_rules *rules = data;

	if (!value)
		return;
	if (parameter_is(name, "initcall_blacklist") && list_has(value, ",", "cmm_module_init"))
		rules->init_blocked = true;
	if (parameter_is(name, "ima_policy") && list_has(value, " |", "secure_boot"))
		rules->ima = ANSWER_YES;
}

static void take_parameters(void *data, char *line)
{
	parameters_parse(line, take_parameter, data);
}

/* Takes a rule such as "appraise func=MODULE_CHECK appraise_type=imasig". */
static void take_ima_rule(void *data, char *line)
{
	struct module_rules *rules = data;

	if (!strncmp(line, "appraise ", strlen("appraise ")) && strstr(line, "func=MODULE_CHECK"))
		rules->ima = ANSWER_YES;
}

/*
 * Reads IMA's policy, which user space may have replaced after the boot. Many kernels let nobody
 * read it (CONFIG_IMA_READ_POLICY), and the others only root. So a failure is no error.
 */
static void read_ima_policy(struct module_rules *rules)
{
	char path[PATH_MAX];
	FILE *file;

	root_path(path, "%s/ima/policy", SECURITY);
	file = file_open(path);
	if (!file)
		return;
	fclose(file);
	proc_lines(SECURITY "/ima", "policy", take_ima_rule, rules);
}

void module_rules_read(struct module_rules *rules, const char *module)
{
	enum answer enforce = read_sig_enforce(), lockdown = read_lockdown();
	bool known;
	int status;

	memset(rules, 0, sizeof(*rules));
	status = proc_boot_parameter("module_blacklist", rules->blacklist, &known);
	/*
	 * proc_boot_parameter() cuts off a long list. So a list that fills the buffer may be
	 * incomplete.
	 */
	rules->blacklist_good = !status && strlen(rules->blacklist) < CMM_VALUE_MAX - 1;
	rules->modprobe_good = !modprobe_config_read(module, &rules->modprobe);
	rules->ima = status ? ANSWER_UNKNOWN : ANSWER_NO;
	if (!status) {
		proc_lines("/proc", "cmdline", take_command_line, &rules->modprobe.options);
		proc_lines("/proc", "cmdline", take_parameters, rules);
	}
	read_ima_policy(rules);
	rules->disabled = read_disabled();
	rules->signed_only = ANSWER_YES;
	if (enforce == ANSWER_YES)
		rules->reason = "sig_enforce";
	else if (lockdown == ANSWER_YES)
		rules->reason = "lockdown";
	else if (enforce == ANSWER_UNKNOWN || lockdown == ANSWER_UNKNOWN)
		rules->signed_only = ANSWER_UNKNOWN;
	else
		rules->signed_only = ANSWER_NO;
}

/* A search in /proc/keys */
struct key_search {
	char name[CMM_VALUE_MAX + 2]; /* such as "DKMS module signing key: "; "" if unknown */
	char number[CMM_VALUE_MAX +
		    4]; /* the certificate's serial number, such as ": 54adfa: "; "" if unknown */
	enum module_key found;
	bool has_others; /* there is a key in a keyring of is_other_keyring() */
};

/* Converts a number such as "54:AD:FA" to ": 54adfa: ", the form in a line of /proc/keys. */
static void take_number(struct key_search *search, const char *key)
{
	char digits[CMM_VALUE_MAX], *end = digits;

	for (; *key; key++)
		if (*key != ':')
			*end++ = tolower((unsigned char)*key);
	*end = '\0';
	if (digits[0])
		snprintf(search->number, sizeof(search->number), ": %s: ", digits);
}

/*
 * Whether @description, such as ".platform: 1" or ".ima: empty", is that of a keyring that has
 * keys, although these verify modules on no kernel, or only on some. A key in .blacklist makes the
 * kernel refuse modules.
 */
static bool is_other_keyring(const char *description)
{
	static const char *const names[] = {
		".platform: ", ".machine: ",   ".ima: ",
		".evm: ",      ".blacklist: ", ".builtin_regdb_keys: "
	};
	size_t i, length;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		length = strlen(names[i]);
		if (!strncmp(description, names[i], length))
			return isdigit((unsigned char)description[length]);
	}
	return false;
}

/*
 * Compares the key in a line of /proc/keys with the key that is searched for. The line has the form
 * "1f4cc1b8 I------ 1 perm 1f030000 0 0 asymmetri NAME: NUMBER: X509.rsa bb419ea1 []". NUMBER is
 * the certificate's key identifier if it has one, else its serial number (x509_key_preparse()). The
 * flags are I for a complete key, Q for a key that counts towards a user's quota, and other letters
 * for a key that cannot be used (proc_keys_show()). The kernel loads its own keys without a quota.
 * The file does not show in which keyring a key is, so the lines of keyrings count too.
 */
static void take_key(void *data, char *line)
{
	char flags[8], timeout[8], type[10];
	struct key_search *search = data;
	enum module_key found = KEY_MISSING;
	bool is_of_user, is_usable;
	const char *description;
	int length = 0;

	if (sscanf(line, "%*x %7s %*d %7s %*x %*d %*d %9s %n", flags, timeout, type, &length) != 3)
		return;
	description = line + length;
	if (!strcmp(type, "keyring"))
		search->has_others |= is_other_keyring(description);
	if (strcmp(type, "asymmetri"))
		return;
	is_of_user = strchr(flags, 'Q');
	is_usable = flags[0] == 'I' && !flags[strspn(flags, "IQ-")] && strcmp(timeout, "expd");
	if (is_usable && search->number[0] && strstr(description, search->number))
		found = is_of_user ? KEY_OF_USER : KEY_THERE;
	else if (is_usable && search->name[0] &&
		 !strncmp(description, search->name, strlen(search->name)))
		found = KEY_NAMESAKE;
	/* An ordinary user sees only users' keys. They say nothing about the kernel's own keys. */
	else if (is_of_user)
		return;
	if (found > search->found)
		search->found = found;
}

enum module_key module_key_find(const struct driver_file *file)
{
	struct key_search search = { .found = KEYS_UNSEEN };

	if (file->signer[0])
		snprintf(search.name, sizeof(search.name), "%s: ", file->signer);
	take_number(&search, file->key);
	if (proc_lines("/proc", "keys", take_key, &search))
		return KEYS_UNSEEN;
	if (search.found == KEY_THERE && search.has_others)
		return KEY_SOMEWHERE;
	return search.found;
}
