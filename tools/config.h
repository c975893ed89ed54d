/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The configuration that persists over a reboot: cmm.conf and its drop-ins */
#ifndef CMM_CONFIG_H
#define CMM_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "change.h"
#include "settings.h"

/* The size of a buffer for a file's path that is shown in a message */
#define CONFIG_PATH_MAX 256

/* The largest file that is accepted; the sample configuration has about 2 KiB. */
#define CONFIG_SIZE_MAX (1024 * 1024)

/* Sections of cmm.conf: [parameters] for any driver, [other-driver] for any driver except ours */
enum config_part { CONFIG_PARAMETERS, CONFIG_OTHER_DRIVER, CONFIG_PARTS };

struct config_value {
	bool given;
	unsigned long value; /* in the setting's unit, or in percent */
	bool is_percent; /* the value is a share of the assigned memory */
	unsigned int line; /* the line of the assignment that takes effect: the last one */
	char file[CONFIG_PATH_MAX]; /* the file with this assignment */
};

struct config {
	struct config_value values[CONFIG_PARTS][CMM_PARAMETER_COUNT]; /* by SETTING_* */
	int fault; /* from config_read(): enum cmm_exit of the first file with a fault, or 0 */
};

/*
 * Reads the vendor's files in /usr/lib and the administrator's files in /etc, in this order:
 *
 * - /usr/lib/cmm/cmm.conf
 * - /etc/cmm/cmm.conf
 * - the drop-ins *.conf in /usr/lib/cmm/cmm.conf.d and /etc/cmm/cmm.conf.d, sorted by name
 *
 * If several files set a parameter, the last file takes precedence. A drop-in in /etc hides the
 * drop-in with the same name in /usr/lib.
 *
 * A file that does not exist, or a link to /dev/null, counts as empty. If a file has a fault, this
 * function prints one line on stderr that names the file, the line and the fault, and treats the
 * file as empty. Returns 0 if no file has a fault. Otherwise returns CMM_EXIT_PARTLY if other files
 * give values, or the enum cmm_exit of the first fault if no file gives a value.
 */
int config_read(struct config *config);

/* Like config_read(), but reads only the file @path. It is an error if this file does not exist. */
int config_read_file(struct config *config, const char *path);

/* Parses @text of @length bytes; messages name @path as its file. */
int config_parse(struct config *config, const char *path, const char *text, size_t length);

/*
 * The value for cmm_settings[@parameter], or NULL if no file gives one. If @ours is false, the
 * section [other-driver] takes precedence.
 */
const struct config_value *config_value_for(const struct config *config, int parameter, bool ours);

/*
 * Makes the directory of the drop-ins, and checks that config_keep() will be able to write there.
 * Returns 0, or prints one line on stderr and returns an enum cmm_exit: CMM_EXIT_TIMED_OUT if
 * another process has the lock for 10 s.
 */
int config_prepare(void);

/*
 * Saves the @changes, all of which must be changes of parameters, in
 * /etc/cmm/cmm.conf.d/50-cmm-admin.conf. The section is [parameters] if our driver runs, or else
 * [other-driver]. Prints a line on stderr for each value that another file overrides. Returns 0, or
 * prints one line on stderr and returns an enum cmm_exit, as config_prepare() does.
 */
int config_keep(const struct change *changes, int count);

#endif
