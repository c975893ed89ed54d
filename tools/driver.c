// SPDX-License-Identifier: GPL-2.0-or-later
/* The running driver, and the module file for a kernel, read through libkmod */

#include <elf.h>
#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <libkmod.h>

#include "attribute.h"
#include "complain.h"
#include "deadline.h"
#include "directory.h"
#include "driver.h"
#include "file.h"

/* The longest time for reading a module file. It normally takes milliseconds. */
#define READ_MAX_MS 10000UL

/*
 * The names that the module can have. The first one that exists counts. Our driver has the name
 * cmm_dkms on kernels with a built-in driver, because that driver has the name cmm.
 */
static const char *const names[] = { "cmm_dkms", "cmm" };

static void take_info(struct driver_file *file, const char *key, const char *value)
{
	if (!strcmp(key, "version"))
		snprintf(file->version, sizeof(file->version), "%s", value);
	else if (!strcmp(key, "srcversion"))
		snprintf(file->srcversion, sizeof(file->srcversion), "%s", value);
	else if (!strcmp(key, "intree"))
		file->in_tree = true;
	else if (!strcmp(key, "supported"))
		file->is_supported = strcmp(value, "no");
	else if (!strcmp(key, "vermagic"))
		snprintf(file->vermagic, sizeof(file->vermagic), "%s", value);
	else if (!strcmp(key, "sig_id"))
		file->is_signed = true;
	else if (!strcmp(key, "signer"))
		snprintf(file->signer, sizeof(file->signer), "%s", value);
	else if (!strcmp(key, "sig_key"))
		snprintf(file->key, sizeof(file->key), "%s", value);
}

/* If a file modules.* is a pipe, libkmod would wait for a writer. */
static int refuse_irregular(void *data, const char *name)
{
	return strncmp(name, "modules.", strlen("modules.")) ? CMM_EXIT_OK
							     : root_refuse_irregular(data, name);
}

/*
 * Reads the ELF header of @path. Returns false if @path is not an ELF file, for example because it
 * is compressed.
 */
static bool read_header(const char *path, Elf64_Ehdr *header)
{
	FILE *file = file_open(path);
	bool good;

	if (!file)
		return false;
	good = fread(header, sizeof(*header), 1, file) == 1 &&
	       !memcmp(header->e_ident, ELFMAG, SELFMAG);
	fclose(file);
	if (!good)
		return false;
	if (header->e_ident[EI_DATA] == ELFDATA2MSB) {
		header->e_type = be16toh(header->e_type);
		header->e_machine = be16toh(header->e_machine);
	} else {
		header->e_type = le16toh(header->e_type);
		header->e_machine = le16toh(header->e_machine);
	}
	return true;
}

static bool is_same_machine(const Elf64_Ehdr *a, const Elf64_Ehdr *b)
{
	return a->e_machine == b->e_machine && a->e_ident[EI_DATA] == b->e_ident[EI_DATA];
}

/*
 * Whether kernels refuse a module file because its type or its machine is wrong. The machine must
 * be little-endian POWER, or the machine that cmm-admin is built for. Kernels compare type, machine
 * and byte order (elf_validity_check()). Returns false for a compressed file, because its header
 * cannot be read.
 */
static bool is_foreign(const char *path)
{
	static const Elf64_Ehdr power = { .e_ident[EI_DATA] = ELFDATA2LSB, .e_machine = EM_PPC64 };
	Elf64_Ehdr module, own;

	if (!read_header(path, &module))
		return false;
	if (module.e_type != ET_REL)
		return true;
	return !is_same_machine(&module, &power) && read_header("/proc/self/exe", &own) &&
	       !is_same_machine(&module, &own);
}

/* Whether the user lacks the permission to read @path */
static bool is_forbidden(const char *path)
{
	return access(path, R_OK) && errno == EACCES;
}

static enum module_fault find_fault(const struct driver_file *file,
				    const struct kmod_module *module)
{
	const char *path = kmod_module_get_path(module);

	if (access(path, R_OK) && errno == ENOENT)
		return MODULE_MISSING;
	if (is_forbidden(path))
		return MODULE_UNREADABLE;
	if (kmod_module_get_initstate(module) == KMOD_MODULE_BUILTIN)
		return MODULE_NAME_TAKEN;
	return !root_has_file("", file->path) || is_foreign(path) ? MODULE_DAMAGED : MODULE_GOOD;
}

/*
 * Reads the information in a module file, unless the file has a fault. A module without a file is
 * built into the kernel, and dkms builds our driver as the module cmm_dkms for such a kernel. The
 * index may have absolute paths, because depmod.d can name directories outside of MODULES. Returns
 * 0, or prints one line on stderr and returns an enum cmm_exit.
 */
static int read_module(struct driver_file *file, const struct kmod_module *module)
{
	const char *path = kmod_module_get_path(module);
	struct kmod_list *list = NULL, *versions = NULL, *entry;
	size_t root_length = strlen(root_dir());

	if (!path) {
		file->is_built_in = true;
		file->module = names[0];
		return CMM_EXIT_OK;
	}
	if (strncmp(path, root_dir(), root_length) || path[root_length] != '/')
		return complain(CMM_EXIT_FAILURE, "the module file %s is outside of --sysroot %s",
				path, root_dir());
	snprintf(file->path, sizeof(file->path), "%s", path + root_length);
	file->fault = find_fault(file, module);
	if (!file->fault && kmod_module_get_info(module, &list) < 0)
		file->fault = MODULE_DAMAGED;
	if (file->fault)
		goto out;
	for (entry = list; entry; entry = kmod_list_next(list, entry))
		take_info(file, kmod_module_info_get_key(entry), kmod_module_info_get_value(entry));
	file->has_versions = kmod_module_get_versions(module, &versions) > 0;
	kmod_module_versions_free_list(versions);
out:
	kmod_module_info_free_list(list);
	return CMM_EXIT_OK;
}

static int read_file(struct driver_file *file, const char *release)
{
	const char *no_config = NULL;
	struct kmod_list *list = NULL;
	struct kmod_module *module;
	char place[sizeof(MODULES) + CMM_VALUE_MAX], dir[PATH_MAX];
	struct kmod_ctx *ctx;
	int ret = 0, status;
	size_t i;

	memset(file, 0, sizeof(*file));
	file->module = "cmm";
	snprintf(place, sizeof(place), MODULES "/%s", release);
	status = directory_list(place, refuse_irregular, place);
	if (status)
		return status;
	/* If the user may not read the index, libkmod treats the index as empty. So check first. */
	root_path(dir, "%s/modules.dep.bin", place);
	if (is_forbidden(dir)) {
		file->fault = MODULE_UNREADABLE;
		return CMM_EXIT_OK;
	}
	root_path(dir, "%s", place);
	ctx = kmod_new(dir, &no_config);
	if (!ctx)
		return complain_errno(ENOMEM, "libkmod");
	for (i = 0; i < sizeof(names) / sizeof(names[0]) && !list && (!ret || ret == -ENOENT); i++)
		ret = kmod_module_new_from_lookup(ctx, names[i], &list);
	if (list)
		file->module = names[i - 1];
	if (ret < 0 && ret != -ENOENT)
		status = complain_errno(-ret, "%s", dir);
	if (list) {
		module = kmod_module_get_module(list);
		status = read_module(file, module);
		kmod_module_unref(module);
		kmod_module_unref_list(list);
	}
	kmod_unref(ctx);
	return status;
}

static void ignore_message(const char *message)
{
	(void)message;
}

/* The kernel whose module file try_read() reads */
static const char *tried_release;

static int try_read(void)
{
	struct driver_file file;

	complain_to(ignore_message);
	read_file(&file, tried_release);
	return CMM_EXIT_OK;
}

/* A damaged index or module file can crash libkmod, or keep it in an endless loop. */
int driver_file_read(struct driver_file *file, const char *release)
{
	int status;

	tried_release = release;
	if (deadline_run(try_read, READ_MAX_MS, &status) == DEADLINE_DONE && !status)
		return read_file(file, release);
	memset(file, 0, sizeof(*file));
	file->module = "cmm";
	file->fault = MODULE_UNPARSABLE;
	return CMM_EXIT_OK;
}

/* dkms uses updates/dkms on Debian and Ubuntu, updates on SUSE, and extra on Fedora and RHEL. */
bool driver_find_installed(const char *release, char path[PATH_MAX])
{
	static const char *const dirs[] = { "updates/dkms", "updates", "extra" };
	static const char *const ends[] = { "", ".xz", ".zst", ".gz" };
	size_t dir, name, end;

	for (dir = 0; dir < sizeof(dirs) / sizeof(dirs[0]); dir++)
		for (name = 0; name < sizeof(names) / sizeof(names[0]); name++)
			for (end = 0; end < sizeof(ends) / sizeof(ends[0]); end++) {
				snprintf(path, PATH_MAX, MODULES "/%s/%s/%s.ko%s", release,
					 dirs[dir], names[name], ends[end]);
				if (root_has_file("", path))
					return true;
			}
	return false;
}

/* In sysfs, a built-in driver has parameters, but no initstate. */
int driver_read(struct driver *driver)
{
	int status = CMM_EXIT_OK, file_status;

	memset(driver, 0, sizeof(*driver));
	driver->there = root_exists(CMM_SUBSYSTEM, "cmm0");
	driver->ours = driver->there && our_driver_runs();
	driver->built_in =
		root_exists(CMM_MODULE, "parameters") && !root_exists(CMM_MODULE, "initstate");
	file_status = attribute_read("/proc/sys/kernel", "osrelease", driver->release);
	if (!file_status && !driver->release[0])
		file_status = complain(CMM_EXIT_FAILURE, "%s/proc/sys/kernel/osrelease is empty",
				       root_dir());
	if (file_status)
		return file_status;
	if (driver->there && root_exists(CMM_MODULE, "srcversion"))
		status = attribute_read(CMM_MODULE, "srcversion", driver->srcversion);
	file_status = driver_file_read(&driver->file, driver->release);
	driver->file_good = !file_status;
	return status ? status : file_status;
}

const char *driver_origin(const struct driver *driver)
{
	if (driver->built_in)
		return "built in";
	return driver->ours ? "DKMS or by hand" : "in-tree";
}

bool driver_can_tell(const struct driver *driver)
{
	return driver->there && !driver->built_in && driver->srcversion[0] &&
	       driver->file.srcversion[0];
}

bool driver_is_file(const struct driver *driver)
{
	return driver_can_tell(driver) && !strcmp(driver->srcversion, driver->file.srcversion);
}
