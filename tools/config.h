/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The configuration that outlives a restart: cmm.conf and its drop-ins. */
#ifndef CMM_CONFIG_H
#define CMM_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "change.h"
#include "settings.h"

/* Of a file's name, in messages */
#define CONFIG_PATH_MAX 256

/* Of a file; a configuration of ours is a hundred lines. */
#define CONFIG_SIZE_MAX (1024 * 1024)

/* What applies to our driver, and what besides to a driver that isn't ours */
enum config_part { CONFIG_PARAMETERS, CONFIG_OTHER_DRIVER, CONFIG_PARTS };

struct config_value {
	bool given;
	unsigned long value;
	unsigned int line; /* where it was given, the last time */
	char file[CONFIG_PATH_MAX];
};

struct config {
	struct config_value values[CONFIG_PARTS][CMM_PARAMETER_COUNT]; /* as cmm_settings */
};

/*
 * Reads the vendor's and the administrator's files, what comes later counts:
 *
 *	/usr/lib/cmm/cmm.conf, /etc/cmm/cmm.conf, and then the drop-ins *.conf of
 *	/usr/lib/cmm/cmm.conf.d and /etc/cmm/cmm.conf.d in the order of their names,
 *	of which those in /etc hide those of the same name in /usr/lib
 *
 * Files that aren't there are no error. 0, or an enum cmm_exit after one line
 * on stderr that names file, line and what is wrong.
 */
int config_read(struct config *config);

/* The same with one file, which must be there. */
int config_read_file(struct config *config, const char *path);

/* The same with a text of @length bytes that came from @path. */
int config_parse(struct config *config, const char *path, const char *text, size_t length);

/*
 * What the configuration says of the parameter cmm_settings[@parameter], for
 * our driver or another; NULL where it says nothing.
 */
const struct config_value *config_value_for(const struct config *config, int parameter, bool ours);

/*
 * Whether config_keep() will be able to write; makes the folder. 0, or an enum
 * cmm_exit after one line on stderr.
 */
int config_prepare(void);

/*
 * Keeps the changes, which must be of parameters, in a drop-in of our own:
 * /etc/cmm/cmm.conf.d/50-cmm-admin.conf. Says where another file overrules it.
 */
int config_keep(const struct change *changes, int count);

#endif
