// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The checks of cmm-admin doctor: for which kernels the module is built, and whether these kernels
 * accept the module
 */

#include <stdio.h>
#include <string.h>

#include "attribute.h"
#include "doctor.h"

#define SPACE " \t"

/* Sets the remedy: how to build the module for a @kernel that has no module yet. */
static void suggest_build(const struct kernel *kernel, struct diagnosis *diagnosis)
{
	if (!doctor_has_source())
		diagnosis_remedy(diagnosis, "install cmm-dkms, and the headers of kernel %s",
				 kernel->release);
	else if (kernel->has_headers)
		diagnosis_remedy(diagnosis, "dkms autoinstall -k %s", kernel->release);
	else
		diagnosis_remedy(
			diagnosis,
			"install the headers of kernel %s, then run: dkms autoinstall -k %s",
			kernel->release, kernel->release);
}

/*
 * Sets the remedy: how to replace the module of @kernel. For a module that is installed already,
 * dkms autoinstall does nothing.
 */
static void suggest_rebuild(const struct kernel *kernel, struct diagnosis *diagnosis)
{
	diagnosis_remedy(diagnosis,
			 "%sdkms build --force -m cmm -v VERSION -k %s, then dkms install --force "
			 "with the same options; dkms status shows VERSION",
			 kernel->has_headers ? ""
					     : "install the headers of this kernel, then run: ",
			 kernel->release);
}

/* Whether @vermagic, such as "6.1.0 SMP mod_unload ", has @word after the release */
static bool vermagic_has(const char *vermagic, const char *word)
{
	const char *rest = strchr(vermagic, ' ');

	return rest && list_has(rest, " ", word);
}

/*
 * The option of the kernel's configuration that differs between @kernel and the kernel for which
 * the module is built; NULL if none differs, or if no configuration is installed. The words that
 * depend on the architecture are not compared (include/linux/vermagic.h).
 */
static const char *find_difference(const struct kernel *kernel)
{
	const struct kernel_config *config = &kernel->config;
	const char *vermagic = kernel->file.vermagic;

	if (!config->there)
		return NULL;
	if (vermagic_has(vermagic, "SMP") != config->smp)
		return "CONFIG_SMP";
	if ((vermagic_has(vermagic, "preempt") || vermagic_has(vermagic, "preempt_rt")) !=
	    config->preemption)
		return "CONFIG_PREEMPTION";
	if (vermagic_has(vermagic, "mod_unload") != config->module_unload)
		return "CONFIG_MODULE_UNLOAD";
	return vermagic_has(vermagic, "modversions") == config->modversions ? NULL
									    : "CONFIG_MODVERSIONS";
}

/*
 * Checks the release and the options of the kernel for which the module is built. The kernel always
 * compares the options, but it compares the release only if the module has no versions of symbols
 * (same_magic() in kernel/module).
 */
static void check_vermagic(const struct kernel *kernel, struct diagnosis *diagnosis)
{
	const struct driver_file *file = &kernel->file;
	int length = strcspn(file->vermagic, " ");
	const char *option = find_difference(kernel);
	bool is_same =
		!strncmp(file->vermagic, kernel->release, length) && !kernel->release[length];

	if (!length) {
		diagnosis_set(diagnosis, FINDING_UNKNOWN,
			      "%s does not say for which kernel it is built", file->path);
		return;
	}
	if (is_same && !option) {
		diagnosis_set(diagnosis, FINDING_PASS, "built for kernel %s", kernel->release);
		return;
	}
	if (!is_same && !file->has_versions)
		diagnosis_set(diagnosis, FINDING_FAIL,
			      "%s is built for kernel %.*s, and kernel %s refuses it", file->path,
			      length, file->vermagic, kernel->release);
	else if (option)
		diagnosis_set(diagnosis, FINDING_FAIL,
			      "%s is built for a kernel in which %s differs from that of kernel "
			      "%s, which refuses it",
			      file->path, option, kernel->release);
	else
		diagnosis_set(diagnosis, FINDING_UNKNOWN,
			      "%s is built for kernel %.*s; kernel %s accepts it if the symbols "
			      "that it needs are the same in both kernels",
			      file->path, length, file->vermagic, kernel->release);
	suggest_rebuild(kernel, diagnosis);
}

/*
 * The end of the message "not built for kernel RELEASE, which ...": it says which other cmm driver
 * the kernel of @file has
 */
static const char *other_driver(const struct driver_file *file)
{
	if (file->is_built_in)
		return "has its own driver built in";
	return file->path[0] ? "would load its own in-tree driver" : "has no other cmm driver";
}

/* Sets the diagnosis for the fault that kept the module file from being examined. */
static void report_fault(const struct kernel *kernel, struct diagnosis *diagnosis)
{
	const struct driver_file *file = &kernel->file;

	switch (file->fault) {
	case MODULE_GOOD:
		return;
	case MODULE_MISSING:
		diagnosis_set(diagnosis, FINDING_FAIL,
			      "the module index of kernel %s names %s, which does not exist",
			      kernel->release, file->path);
		diagnosis_remedy(diagnosis, "depmod %s", kernel->release);
		return;
	case MODULE_UNREADABLE:
		diagnosis_set(diagnosis, FINDING_UNKNOWN,
			      "this user may not read the module of kernel %s", kernel->release);
		diagnosis_remedy(diagnosis, "run cmm-admin doctor as root");
		return;
	case MODULE_NAME_TAKEN:
		diagnosis_set(diagnosis, FINDING_FAIL,
			      "modprobe does not load %s: kernel %s has its own driver of this "
			      "name built in",
			      file->path, kernel->release);
		diagnosis_remedy(diagnosis,
				 "remove this file, and install cmm-dkms again, which then "
				 "builds the module cmm_dkms");
		return;
	case MODULE_DAMAGED:
		diagnosis_set(diagnosis, FINDING_FAIL,
			      "%s, for kernel %s, is damaged or for another machine", file->path,
			      kernel->release);
		suggest_rebuild(kernel, diagnosis);
		return;
	case MODULE_UNPARSABLE:
		diagnosis_set(diagnosis, FINDING_FAIL,
			      "the module index or the module of kernel %s is damaged",
			      kernel->release);
		diagnosis_remedy(diagnosis,
				 "depmod %s; if that is not enough, install cmm-dkms again",
				 kernel->release);
		return;
	}
}

/* Sets the diagnosis: modprobe finds no module of ours for @kernel. */
static void report_missing(const struct kernel *kernel, struct diagnosis *diagnosis)
{
	char path[PATH_MAX];

	if (driver_find_installed(kernel->release, path) && strcmp(path, kernel->file.path)) {
		diagnosis_set(diagnosis, FINDING_FAIL,
			      "%s is not in the module index of kernel %s, so modprobe does not "
			      "find it",
			      path, kernel->release);
		diagnosis_remedy(diagnosis, "depmod %s", kernel->release);
		return;
	}
	if (kernel->config.there && !kernel->config.balloon) {
		diagnosis_set(
			diagnosis, FINDING_FAIL,
			"not built for kernel %s, which has neither MEMORY_BALLOON nor BALLOON",
			kernel->release);
		diagnosis_remedy(diagnosis,
				 "boot a distribution kernel that has MEMORY_BALLOON or BALLOON");
		return;
	}
	if (kernel->log[0]) {
		diagnosis_set(diagnosis, FINDING_FAIL, "the build for kernel %s failed: see %s",
			      kernel->release, kernel->log);
		diagnosis_remedy(
			diagnosis,
			"fix the error that the log shows, then run: dkms autoinstall -k %s",
			kernel->release);
		return;
	}
	diagnosis_set(diagnosis, FINDING_FAIL, "not built for kernel %s, which %s", kernel->release,
		      other_driver(&kernel->file));
	suggest_build(kernel, diagnosis);
}

/* If the modules of @kernel were removed: sets a diagnosis that says so, and returns true. */
static bool is_removed(const struct kernel *kernel, enum finding finding,
		       struct diagnosis *diagnosis)
{
	if (!kernel->is_removed)
		return false;
	diagnosis_set(diagnosis, finding,
		      "the running kernel %s is no longer installed, so it cannot load modules",
		      kernel->release);
	diagnosis_remedy(diagnosis, "reboot into an installed kernel");
	return true;
}

static void check_build(const struct kernel *kernel, struct diagnosis *diagnosis)
{
	const struct driver_file *file = &kernel->file;

	if (!kernel->file_good) {
		diagnosis_set(diagnosis, FINDING_UNKNOWN, "the modules of kernel %s cannot be read",
			      kernel->release);
		diagnosis_remedy(diagnosis,
				 "correct the file or directory that standard error names, or run "
				 "cmm-admin doctor as root");
		return;
	}
	if (is_removed(kernel, FINDING_FAIL, diagnosis))
		return;
	if (file->fault)
		report_fault(kernel, diagnosis);
	else if (file->path[0] && !file->in_tree)
		check_vermagic(kernel, diagnosis);
	else
		report_missing(kernel, diagnosis);
}

void check_running_build(const struct doctor_facts *facts, struct diagnosis *diagnosis)
{
	if (!diagnosis_without_use(facts, diagnosis))
		check_build(&facts->kernels[0], diagnosis);
}

/* Appends how many kernels have this finding besides the one in the text, unless @count is 0. */
static void add_count(struct diagnosis *diagnosis, int count)
{
	size_t length = strlen(diagnosis->text);

	if (count)
		snprintf(diagnosis->text + length, sizeof(diagnosis->text) - length,
			 "; %d more kernel%s this finding", count, count == 1 ? " has" : "s have");
}

/*
 * Checks all kernels except the running one, because any of them may boot next: the release numbers
 * do not show which one the boot loader will choose, as its rule differs between distributions. If
 * one kernel gives FAIL and another gives UNKNOWN, the result is FAIL.
 */
void check_other_builds(const struct doctor_facts *facts, struct diagnosis *diagnosis)
{
	struct diagnosis one;
	int i, faults = 0;

	if (diagnosis_without_use(facts, diagnosis))
		return;
	for (i = 1; i < facts->kernels_count; i++) {
		memset(&one, 0, sizeof(one));
		check_build(&facts->kernels[i], &one);
		if (one.finding == FINDING_PASS ||
		    (diagnosis->finding == FINDING_FAIL && one.finding == FINDING_UNKNOWN))
			continue;
		if (one.finding != diagnosis->finding) {
			*diagnosis = one;
			faults = 0;
		}
		faults++;
	}
	if (faults)
		add_count(diagnosis, faults - 1);
	else if (!facts->kernels_good)
		diagnosis_set(diagnosis, FINDING_UNKNOWN, "%s cannot be read", MODULES);
	else if (facts->kernels_count == 1)
		diagnosis_set(diagnosis, FINDING_PASS, "no other kernel is installed");
	else
		diagnosis_set(diagnosis, FINDING_PASS, "built for all other installed kernels (%d)",
			      facts->kernels_count - 1);
}

void check_headers(const struct doctor_facts *facts, struct diagnosis *diagnosis)
{
	const struct kernel *running = &facts->kernels[0];

	if (diagnosis_without_use(facts, diagnosis))
		return;
	if (!running->has_headers && !running->file_good) {
		diagnosis_set(diagnosis, FINDING_UNKNOWN, "the modules of kernel %s cannot be read",
			      running->release);
		return;
	}
	if (is_removed(running, FINDING_WARN, diagnosis))
		return;
	if (running->headers_forbidden) {
		diagnosis_set(diagnosis, FINDING_UNKNOWN,
			      "this user may not look for the headers of kernel %s",
			      running->release);
		diagnosis_remedy(diagnosis, "run cmm-admin doctor as root");
		return;
	}
	if (running->has_headers) {
		diagnosis_set(diagnosis, FINDING_PASS, "the headers of kernel %s are installed",
			      running->release);
		return;
	}
	diagnosis_set(diagnosis, FINDING_WARN, "the headers of kernel %s are not installed",
		      running->release);
	diagnosis_remedy(
		diagnosis,
		"install linux-headers-%s (Debian, Ubuntu), kernel-devel-%s (Fedora, RHEL) or "
		"kernel-default-devel of the same version (SLES)",
		running->release, running->release);
}

/* Whether the first word of @command is the program @name, in any directory */
static bool runs_program(const char *command, const char *name)
{
	size_t end = strcspn(command, SPACE), length = strlen(name);

	return end >= length && !strncmp(command + end - length, name, length) &&
	       (end == length || command[end - length - 1] == '/');
}

/*
 * Whether @command only runs the program "true" or "false". Such a command keeps a module from
 * being loaded.
 */
static bool does_nothing(const char *command)
{
	return !strpbrk(command, ";&|") &&
	       (runs_program(command, "true") || runs_program(command, "false"));
}

static void blank_out(char *text, const char *part)
{
	char *found = strstr(text, part);

	if (found)
		memset(found, ' ', strlen(part));
}

/*
 * Copies the first command of @command to @text, without the two insertions that our package's
 * modprobe.d file uses. These insert only options from modprobe.d and from the caller of modprobe.
 * Returns false if the shell changes other words too, or if @command may be cut off.
 */
static bool take_plain_words(const char *command, char text[CMM_VALUE_MAX])
{
	if (strlen(command) >= CMM_VALUE_MAX - 1)
		return false;
	strcpy(text, command);
	blank_out(text, "$(/sbin/modprobe -c | sed -n 's/^options cmm //p')");
	blank_out(text, "$CMDLINE_OPTS");
	text[strcspn(text, ";&|#")] = '\0';
	return !strpbrk(text, "$`'\"\\");
}

static bool ignores_install(const char *option)
{
	return !strcmp(option, "-i") || !strcmp(option, "--ignore-install");
}

/* Whether modprobe still loads a module if it has the option @option */
static bool is_harmless(const char *option)
{
	static const char *const known[] = { "-q", "--quiet", "-s", "--syslog", "-v", "--verbose" };
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(option, known[i]))
			return true;
	return ignores_install(option);
}

/*
 * Whether @command is "modprobe --ignore-install MODULE [OPTION...]", with @search->module as
 * MODULE. Examines each OPTION for the module. modprobe also accepts its own options after MODULE.
 */
static bool loads_module(const char *command, struct option_search *search)
{
	char text[CMM_VALUE_MAX], *rest = text, *word;
	bool ignores = false, is_named = false;

	if (!runs_program(command, "modprobe") || !take_plain_words(command, text))
		return false;
	strsep(&rest, SPACE);
	while ((word = strsep(&rest, SPACE))) {
		if (word[0] == '-' && !is_harmless(word))
			return false;
		if (word[0] == '-')
			ignores |= ignores_install(word);
		else if (is_named)
			options_examine(search, word);
		else if (word[0] && !parameter_is(word, search->module))
			return false;
		else
			is_named = word[0];
	}
	return ignores && is_named;
}

/* Sets the remedy: remove the line "@keyword @module" from the configuration of modprobe. */
static void suggest_removal(const char *keyword, const char *module, struct diagnosis *diagnosis)
{
	diagnosis_remedy(diagnosis,
			 "remove the line '%s %s' from the configuration of modprobe; grep -rs "
			 "'^[[:space:]]*%s' /etc/modprobe.d /run/modprobe.d "
			 "/usr/local/lib/modprobe.d /usr/lib/modprobe.d /lib/modprobe.d "
			 "finds its file",
			 keyword, module, keyword);
}

static void report_install(const struct doctor_facts *facts, struct diagnosis *diagnosis)
{
	const char *module = facts->driver.file.module, *command = facts->rules.modprobe.install;

	if (does_nothing(command))
		diagnosis_set(diagnosis, FINDING_FAIL, "modprobe runs '%s' instead of loading %s",
			      command, module);
	else
		diagnosis_set(diagnosis, FINDING_UNKNOWN,
			      "modprobe runs '%s', which may load %s or not", command, module);
	suggest_removal("install", module, diagnosis);
}

/* Checks whether modprobe.d, or an option of the module, keeps the module from being loaded. */
static void check_modprobe(const struct doctor_facts *facts, struct diagnosis *diagnosis)
{
	const struct modprobe_config *config = &facts->rules.modprobe;
	struct option_search options = config->options;
	const char *module = facts->driver.file.module;

	if (config->alias[0]) {
		diagnosis_set(diagnosis, FINDING_FAIL,
			      "modprobe looks for the module %s instead of %s, because modprobe.d "
			      "has an alias",
			      config->alias, module);
		suggest_removal("alias", module, diagnosis);
	} else if (config->install[0] && !loads_module(config->install, &options)) {
		report_install(facts, diagnosis);
	} else if (config->unsupported[0] && !facts->driver.file.is_supported) {
		diagnosis_set(diagnosis, FINDING_FAIL,
			      "modprobe refuses modules that SUSE does not support, such as this "
			      "one: %s in modprobe.d has 'allow_unsupported_modules 0'",
			      config->unsupported);
		diagnosis_remedy(diagnosis,
				 "write 'allow_unsupported_modules 1' to /etc/modprobe.d/%s",
				 config->unsupported);
	} else if (options.refused[0]) {
		diagnosis_set(
			diagnosis, FINDING_FAIL,
			"the driver refuses the option %s, from modprobe.d or the kernel's command "
			"line, so it is not loaded; allowed is 0 to %lu",
			options.refused, options.most);
		diagnosis_remedy(diagnosis,
				 "modprobe --showconfig | grep -E '^(options|install) cmm' shows "
				 "the option: write a number without a unit, or use cmm.conf(5) "
				 "instead");
	} else {
		diagnosis_set(diagnosis, FINDING_PASS, "the kernel loads modules");
	}
}

/*
 * Checks whether the kernel's parameter module_blacklist has the module (blacklisted() in
 * kernel/module/main.c), or initcall_blacklist has its init function (do_one_initcall() in
 * init/main.c), and what modprobe does for the module.
 */
static void check_blacklist(const struct doctor_facts *facts, struct diagnosis *diagnosis)
{
	const char *module = facts->driver.file.module;

	if (list_has(facts->rules.blacklist, ",", module)) {
		diagnosis_set(diagnosis, FINDING_FAIL,
			      "module_blacklist on the kernel's command line has %s: the kernel "
			      "refuses this module",
			      module);
		diagnosis_remedy(diagnosis, "remove %s from module_blacklist, and reboot", module);
		return;
	}
	if (facts->rules.init_blocked) {
		diagnosis_set(diagnosis, FINDING_FAIL,
			      "initcall_blacklist on the kernel's command line has "
			      "cmm_module_init: the kernel does not start this module");
		diagnosis_remedy(diagnosis,
				 "remove cmm_module_init from initcall_blacklist, and reboot");
		return;
	}
	if (!facts->rules.blacklist_good)
		diagnosis_set(diagnosis, FINDING_UNKNOWN,
			      "module_blacklist on the kernel's command line cannot be read, or is "
			      "too long for this check");
	else if (!facts->rules.modprobe_good)
		diagnosis_set(diagnosis, FINDING_UNKNOWN, "modprobe.d cannot be read");
	else
		check_modprobe(facts, diagnosis);
}

void check_loading(const struct doctor_facts *facts, struct diagnosis *diagnosis)
{
	if (diagnosis_without_use(facts, diagnosis))
		return;
	switch (facts->rules.disabled) {
	case ANSWER_UNKNOWN:
		diagnosis_set(diagnosis, FINDING_UNKNOWN,
			      "/proc/sys/kernel/modules_disabled cannot be read");
		return;
	case ANSWER_NO:
		check_blacklist(facts, diagnosis);
		return;
	case ANSWER_YES:
		break;
	}
	if (facts->driver.ours) {
		diagnosis_set(
			diagnosis, FINDING_PASS,
			"kernel.modules_disabled is set: no module is loaded until the next boot, "
			"but the cmm-dkms driver is already loaded");
		return;
	}
	diagnosis_set(diagnosis, FINDING_FAIL,
		      "kernel.modules_disabled is set: no module is loaded until the next boot");
	diagnosis_remedy(diagnosis,
			 "reboot, and set kernel.modules_disabled after the driver is loaded");
}

/*
 * Whether the kernel has verified the signature of a running module with the source of the module
 * file. The file itself may have another signature, for example because it was built again. The
 * kernel sets the taint E for a module without a valid signature.
 */
static bool is_source_verified(const struct driver *driver)
{
	char taint[CMM_VALUE_MAX];

	return driver->ours && driver_is_file(driver) && root_exists(CMM_MODULE, "taint") &&
	       !attribute_read(CMM_MODULE, "taint", taint) && !strchr(taint, 'E');
}

/* Reports that it is unknown whether the kernel accepts the module's signature. */
static void report_doubt(const struct driver *driver, const char *signer, const char *doubt,
			 struct diagnosis *diagnosis)
{
	diagnosis_set(diagnosis, FINDING_UNKNOWN, "%s is signed by %s; %s%s", driver->file.path,
		      signer, doubt,
		      is_source_verified(driver) ? ". The running module, of the same source, has "
						   "a signature that the kernel trusts"
						 : "");
}

/*
 * Checks whether the kernel has the key that signed the module. Called only if the kernel requires
 * a signature.
 */
static void check_key(const struct driver *driver, struct diagnosis *diagnosis)
{
	static const char *const doubts[] = {
		[KEYS_UNSEEN] = "/proc/keys shows no key to compare it with",
		[KEY_NAMESAKE] = "the kernel has a key of this name, but it is unknown whether it "
				 "is the same key",
		[KEY_OF_USER] = "a program added this key, and it is unknown whether the kernel "
				"trusts it",
		[KEY_SOMEWHERE] = "the kernel has this key, but it is unknown whether it trusts it "
				  "for modules",
	};
	const struct driver_file *file = &driver->file;
	const char *signer = file->signer[0] ? file->signer : "an unnamed key";
	enum module_key found;

	if (!file->signer[0] && !file->key[0]) {
		report_doubt(driver, signer, "the installed libkmod does not show the key",
			     diagnosis);
		return;
	}
	found = module_key_find(file);
	if (found == KEY_THERE) {
		diagnosis_set(diagnosis, FINDING_PASS,
			      "%s is signed by %s, a key that the kernel has", file->path, signer);
	} else if (found == KEY_MISSING) {
		diagnosis_set(diagnosis, FINDING_FAIL,
			      "%s is signed by %s, a key that the kernel does not have", file->path,
			      signer);
		diagnosis_remedy(diagnosis,
				 "sign the module with a key that this kernel trusts, or make the "
				 "kernel trust the key of the present signature");
	} else {
		report_doubt(driver, signer, doubts[found], diagnosis);
		diagnosis_remedy(diagnosis,
				 found == KEYS_UNSEEN
					 ? "run cmm-admin doctor as root"
					 : "keyctl show %%:.secondary_trusted_keys, as root, lists "
					   "the keys that the kernel trusts for modules");
	}
}

/* Checks the signature that is appended to the module. */
static void check_appended(const struct doctor_facts *facts, struct diagnosis *diagnosis)
{
	const struct driver_file *file = &facts->driver.file;
	const struct module_rules *rules = &facts->rules;

	if (rules->signed_only == ANSWER_UNKNOWN) {
		diagnosis_set(
			diagnosis, FINDING_UNKNOWN,
			"it is unknown whether the kernel requires signed modules: sig_enforce or "
			"lockdown cannot be read");
		return;
	}
	if (rules->signed_only == ANSWER_NO) {
		diagnosis_set(diagnosis, FINDING_PASS, "the kernel requires no signature");
		return;
	}
	if (!file->path[0] || file->fault) {
		diagnosis_set(diagnosis, FINDING_UNKNOWN,
			      "the kernel requires signed modules (%s), and %s", rules->reason,
			      facts->driver.file_good && !file->fault
				      ? "there is no module file"
				      : "the module file cannot be read");
		return;
	}
	if (file->is_signed) {
		check_key(&facts->driver, diagnosis);
		return;
	}
	diagnosis_set(diagnosis, FINDING_FAIL,
		      "the kernel requires signed modules (%s), and %s is not signed",
		      rules->reason, file->path);
	diagnosis_remedy(diagnosis, "sign the module with a key that this kernel trusts");
}

/*
 * A policy of IMA can demand another signature, in the file's extended attribute security.ima.
 * Without it, loading fails with EACCES. This check does not verify that signature.
 */
void check_signature(const struct doctor_facts *facts, struct diagnosis *diagnosis)
{
	const char *path = facts->driver.file.path;

	if (diagnosis_without_use(facts, diagnosis))
		return;
	check_appended(facts, diagnosis);
	if (diagnosis->finding != FINDING_PASS || facts->rules.ima == ANSWER_NO)
		return;
	if (facts->rules.ima == ANSWER_UNKNOWN) {
		diagnosis_set(diagnosis, FINDING_UNKNOWN,
			      "it is unknown whether IMA verifies modules: the kernel's command "
			      "line cannot be read");
		return;
	}
	diagnosis_set(
		diagnosis, FINDING_UNKNOWN,
		"the kernel's IMA policy also verifies modules, and it is unknown whether IMA "
		"accepts this module");
	diagnosis_remedy(diagnosis,
			 "getfattr -d -m security.ima %s, as root, shows the module's signature "
			 "for IMA",
			 path[0] ? path : "FILE");
}

const char *module_obstacle(const struct doctor_facts *facts)
{
	static const struct doctor_check checks[] = {
		{ "build-running", check_running_build },
		{ "loading", check_loading },
		{ "signature", check_signature },
	};
	struct diagnosis diagnosis = { 0 };
	size_t i;

	/*
	 * With kernel.modules_disabled=1, the check "loading" passes if our driver is already
	 * loaded. But no other module can be loaded in its place.
	 */
	if (facts->rules.disabled == ANSWER_YES)
		return "loading";
	for (i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		checks[i].run(facts, &diagnosis);
		if (diagnosis.finding != FINDING_PASS)
			return checks[i].name;
	}
	return NULL;
}

void check_module_file(const struct doctor_facts *facts, struct diagnosis *diagnosis)
{
	const struct driver *driver = &facts->driver;
	const char *obstacle;

	if (!driver_can_tell(driver)) {
		diagnosis_set(diagnosis, FINDING_UNKNOWN,
			      "the running driver cannot be compared with a module file");
		return;
	}
	if (driver_is_file(driver)) {
		diagnosis_set(diagnosis, FINDING_PASS, "the running driver is %s",
			      driver->file.path);
		return;
	}
	diagnosis_set(diagnosis, FINDING_WARN, "the running driver is not %s, which has version %s",
		      driver->file.path,
		      driver->file.version[0] ? driver->file.version : "unknown");
	if (!driver->ours) {
		diagnosis_remedy(diagnosis, "reboot: unloading this driver is not safe");
		return;
	}
	obstacle = module_obstacle(facts);
	if (obstacle)
		diagnosis_remedy(diagnosis,
				 "first see the check %s: modprobe might not load this file",
				 obstacle);
	else
		diagnosis_remedy(diagnosis, "rmmod %s && modprobe %s", driver->file.module,
				 driver->file.module);
}
