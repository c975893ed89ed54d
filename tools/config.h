/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The configuration that outlives a restart: cmm.conf and its drop-ins. */
#ifndef CMM_CONFIG_H
#define CMM_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "change.h"
#include "settings.h"

/* Room for the name of a file, in messages */
#define CONFIG_PATH_MAX 256

/* Bytes that a file may have; the sample configuration has a hundred lines. */
#define CONFIG_SIZE_MAX (1024 * 1024)

/* Sections: for any driver, and settings that only another driver than ours gets */
enum config_part { CONFIG_PARAMETERS, CONFIG_OTHER_DRIVER, CONFIG_PARTS };

struct config_value {
	bool given;
	unsigned long value; /* in the setting's unit; or in percent */
	bool is_percent; /* of the assigned memory */
	unsigned int line; /* the last place that gives the value */
	char file[CONFIG_PATH_MAX];
};

struct config {
	struct config_value values[CONFIG_PARTS][CMM_PARAMETER_COUNT]; /* as cmm_settings */
};

/*
 * Reads the vendor's and the administrator's files. The last value counts:
 *
 *	/usr/lib/cmm/cmm.conf, /etc/cmm/cmm.conf, and then the drop-ins *.conf of
 *	/usr/lib/cmm/cmm.conf.d and /etc/cmm/cmm.conf.d in the order of their names. A drop-in
 *	in /etc hides one of the same name in /usr/lib.
 *
 * A file that does not exist is no error, and a link to /dev/null is an empty file. A file with a
 * fault counts as empty, after one line on stderr that names the file, the line and the fault.
 * Returns 0, CMM_EXIT_PARTLY if the other files give values, or another enum cmm_exit.
 */
int config_read(struct config *config);

/* The same with one file, which must be there. */
int config_read_file(struct config *config, const char *path);

/* The same with a text of @length bytes that came from @path. */
int config_parse(struct config *config, const char *path, const char *text, size_t length);

/* The value for cmm_settings[@parameter], of our driver or another; NULL if not given */
const struct config_value *config_value_for(const struct config *config, int parameter, bool ours);

/*
 * Checks that config_keep() will be able to write, and makes the directory. 0, or an enum cmm_exit
 * after one line on stderr.
 */
int config_prepare(void);

/*
 * Keeps the changes, which must be of parameters, in a drop-in of our own:
 * /etc/cmm/cmm.conf.d/50-cmm-admin.conf. Prints a line on stderr if another file overrules it. 0,
 * or an enum cmm_exit after one line on stderr.
 */
int config_keep(const struct change *changes, int count);

#endif
