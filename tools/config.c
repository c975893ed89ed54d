// SPDX-License-Identifier: GPL-2.0-or-later
/* The configuration: cmm.conf and its drop-ins, parsed by inih */

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ini.h>

#include "attribute.h"
#include "complain.h"
#include "config.h"
#include "file.h"
#include "names.h"
#include "root.h"

#define VENDOR_DIR "/usr/lib/cmm"
#define ADMIN_DIR  "/etc/cmm"
#define MAIN_FILE  "/cmm.conf"
#define DROP_IN	   "/cmm.conf.d"
#define OWN_DIR	   ADMIN_DIR DROP_IN
#define OWN_FILE   OWN_DIR "/50-cmm-admin.conf"
#define LOCK_FILE  OWN_FILE ".lock"
/*
 * The longest wait for the lock, and the pause between two tries. A process has the lock for
 * milliseconds, but it may be suspended meanwhile (SIGSTOP).
 */
#define LOCK_MAX_S    10
#define LOCK_PAUSE_US 100000
#define LOCK_TRIES    (LOCK_MAX_S * 1000000 / LOCK_PAUSE_US)

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

static const char *const parts[CONFIG_PARTS] = { "parameters", "other-driver" };

/* A text that inih parses, and the position in it */
struct reading {
	struct config *config;
	const char *path;
	const char *text;
	size_t left;
	unsigned int line;
	int status;
};

static int fault(struct reading *reading, const char *what)
{
	reading->status =
		complain(CMM_EXIT_FAILURE, "%s:%u: %s", reading->path, reading->line, what);
	return 0;
}

static bool is_space(char c)
{
	return isspace((unsigned char)c);
}

/* The amount of whitespace at the beginning of @text */
static size_t leading_space(const char *text, size_t length)
{
	size_t spaces = 0;

	while (spaces < length && is_space(text[spaces]))
		spaces++;
	return spaces;
}

/* The length of @text without whitespace at its end */
static size_t without_trailing_space(const char *text, size_t length)
{
	while (length && is_space(text[length - 1]))
		length--;
	return length;
}

/*
 * The length of @text without a comment, and without whitespace before the comment. inih never sees
 * comments, because a comment could exceed the 200 bytes that inih has room for in a line. Also,
 * after a value inih recognizes only comments that begin with ';'.
 */
static size_t length_of_content(const char *text, size_t length)
{
	size_t end;

	for (end = 0; end < length; end++)
		if ((text[end] == '#' || text[end] == ';') && (!end || is_space(text[end - 1])))
			break;
	return without_trailing_space(text, end);
}

static int find_part(const char *section)
{
	int i;

	for (i = 0; i < CONFIG_PARTS; i++)
		if (!strcmp(parts[i], section))
			return i;
	return -1;
}

/* Returns NULL if @name is a known section; otherwise the reason for refusing @name. */
static const char *name_refusal(const char *name)
{
	static char why[NAMES_MAX + CMM_VALUE_MAX];
	struct names names = { .word = name };
	int i;

	if (find_part(name) >= 0)
		return NULL;
	for (i = 0; i < CONFIG_PARTS; i++)
		names_add(&names, parts[i]);
	snprintf(why, sizeof(why), "unknown section '%.64s'; %s", name, names_hint(&names));
	return why;
}

/*
 * Checks @text, a line with @content bytes before its comment. Returns NULL if inih can parse the
 * line; otherwise the reason for refusing it. The checks of inih are not enough: after a fault it
 * still passes on the values that follow, and it ignores text after the "]".
 */
static const char *form_refusal(const char *text, size_t content)
{
	char name[CMM_VALUE_MAX];
	const char *end;

	if (!content)
		return NULL;
	if (*text != '[')
		return memchr(text, '=', content) || memchr(text, ':', content)
			       ? NULL
			       : "the line is neither NAME = VALUE nor [SECTION]";
	end = memchr(text, ']', content);
	if (!end)
		return "the line lacks the ] of [SECTION]";
	if (end != text + content - 1)
		return "the line has text after [SECTION]";
	snprintf(name, sizeof(name), "%.*s", (int)content - 2, text + 1);
	return name_refusal(name);
}

/*
 * Like form_refusal(), but first checks that all @length bytes of the line are allowed, and that
 * the content fits into the @size bytes of inih's buffer.
 */
static const char *line_refusal(const char *text, size_t length, size_t content, int size)
{
	if (memchr(text, '\0', length))
		return "the line contains a zero byte";
	if (memchr(text, '\r', without_trailing_space(text, length)))
		return "the line contains a carriage return; lines must end with a line feed";
	if (content >= (size_t)size)
		return "the line is too long";
	return form_refusal(text, content);
}

/*
 * Reads a line for inih, like fgets(), without whitespace at its beginning: inih treats a line that
 * begins with whitespace as a continuation of the previous line. Reading ends at the first fault.
 */
static char *read_line(char *line, int size, void *data)
{
	struct reading *reading = data;
	const char *text = reading->text, *end, *why;
	size_t length, spaces, content;

	if (!reading->left || reading->status)
		return NULL;
	end = memchr(text, '\n', reading->left);
	length = end ? (size_t)(end - text) + 1 : reading->left;
	reading->line++;
	reading->text += length;
	reading->left -= length;

	spaces = leading_space(text, length);
	text += spaces;
	length -= spaces;
	content = length_of_content(text, length);
	why = line_refusal(text, length, content, size);
	if (why) {
		fault(reading, why);
		return NULL;
	}
	memcpy(line, text, content);
	line[content] = '\0';
	return line;
}

/* inih calls this function with each value. Returns 0 on error. */
static int take_value(void *data, const char *section, const char *name, const char *value)
{
	struct reading *reading = data;
	const struct cmm_setting *setting;
	struct config_value *place;
	char why[SETTING_WHY_MAX];
	unsigned long number;
	bool is_percent;
	int part;

	part = find_part(section);
	if (part < 0)
		return fault(reading,
			     "a value above the first line [parameters] or [other-driver]");
	setting = setting_find(name, SETTING_CONFIGURE, why);
	if (!setting || !setting_parse(setting, value ? value : "", &number, &is_percent, why))
		return fault(reading, why);
	if (!setting_is_parameter(setting)) {
		snprintf(why, sizeof(why), "%s is not a parameter and cannot be configured",
			 setting->name);
		return fault(reading, why);
	}

	place = &reading->config->values[part][setting - cmm_settings];
	place->given = true;
	place->value = number;
	place->is_percent = is_percent;
	place->line = reading->line;
	snprintf(place->file, sizeof(place->file), "%.*s", CONFIG_PATH_MAX - 1, reading->path);
	return 1;
}

int config_parse(struct config *config, const char *path, const char *text, size_t length)
{
	struct reading reading = {
		.config = config,
		.path = path,
		.text = text,
		.left = length,
	};
	int bad_line;

	if (length >= strlen(BYTE_ORDER_MARK) &&
	    !memcmp(text, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK))) {
		reading.text += strlen(BYTE_ORDER_MARK);
		reading.left -= strlen(BYTE_ORDER_MARK);
	}
	bad_line = ini_parse_stream(read_line, &reading, take_value, &reading);
	if (reading.status)
		return reading.status;
	if (bad_line > 0) {
		reading.line = bad_line;
		fault(&reading, "the line is neither NAME = VALUE nor [SECTION]");
	} else if (bad_line < 0) {
		fault(&reading, strerror(ENOMEM));
	}
	return reading.status;
}

static int cannot_read(const char *path, int error)
{
	return complain_errno(error, "cannot read %s", path);
}

/* Returns NULL if a file is accepted; otherwise the reason for refusing the file. */
static const char *refusal(const struct stat *stat)
{
	if (!S_ISREG(stat->st_mode))
		return "it is not a regular file";
	if (stat->st_mode & S_IWOTH)
		return "all users may write to it (chmod o-w)";
	if (stat->st_size > CONFIG_SIZE_MAX)
		return "it is larger than 1 MiB";
	return NULL;
}

/* Adds the settings in @text to @config; adds none if a line is wrong: @text may be cut off. */
static int take_text(struct config *config, const char *path, const char *text, size_t length)
{
	struct config taken = *config;
	int status = config_parse(&taken, path, text, length);

	if (!status)
		*config = taken;
	return status;
}

static int read_open_file(struct config *config, const char *path, int fd)
{
	const char *why;
	struct stat stat;
	ssize_t length;
	char *text;
	int status;

	if (fstat(fd, &stat))
		return cannot_read(path, errno);
	/* A link to /dev/null masks a file of the vendor, as with systemd and udev. */
	if (file_is_null_device(&stat))
		return CMM_EXIT_OK;
	why = refusal(&stat);
	if (why)
		return complain(CMM_EXIT_FAILURE, "cannot read %s: %s", path, why);
	text = malloc(stat.st_size + 1);
	if (!text)
		return cannot_read(path, ENOMEM);
	length = read(fd, text, stat.st_size);
	if (length < 0)
		status = cannot_read(path, errno);
	else
		status = take_text(config, path, text, length);
	free(text);
	return status;
}

/*
 * Whether @path does not exist. Returns false for a dangling link at the end or in the middle of
 * @path, because such a link is a fault.
 */
static bool is_missing(const char *path)
{
	char part[PATH_MAX], *slash;
	struct stat found;

	snprintf(part, sizeof(part), "%s", path);
	if (!lstat(part, &found))
		return false;
	while (errno == ENOENT) {
		slash = strrchr(part, '/');
		if (!slash || slash == part)
			return true;
		*slash = '\0';
		if (!lstat(part, &found))
			return !stat(part, &found);
	}
	return false;
}

/* Without O_NONBLOCK, opening a FIFO would block until it has a writer. */
static int read_file(struct config *config, const char *path, bool must_exist)
{
	int fd, status;

	if (!must_exist && is_missing(path))
		return CMM_EXIT_OK;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return cannot_read(path, errno);
	status = read_open_file(config, path, fd);
	close(fd);
	return status;
}

const struct config_value *config_value_for(const struct config *config, int parameter, bool ours)
{
	const struct config_value *value = &config->values[CONFIG_OTHER_DRIVER][parameter];

	if (!ours && value->given)
		return value;
	value = &config->values[CONFIG_PARAMETERS][parameter];
	return value->given ? value : NULL;
}

int config_read_file(struct config *config, const char *path)
{
	memset(config, 0, sizeof(*config));
	return read_file(config, path, true);
}

static int is_drop_in(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return entry->d_name[0] != '.' && length > 5 &&
	       !strcmp(entry->d_name + length - 5, ".conf");
}

/* The drop-ins of a directory; a directory that does not exist counts as empty. */
static int list(const char *dir, struct dirent ***entries, int *count)
{
	char path[PATH_MAX];

	*count = 0;
	*entries = NULL;
	root_path(path, "%s%s", dir, DROP_IN);
	if (is_missing(path))
		return CMM_EXIT_OK;
	*count = scandir(path, entries, is_drop_in, alphasort);
	if (*count >= 0)
		return CMM_EXIT_OK;
	*count = 0;
	return cannot_read(path, errno);
}

static int read_drop_in(struct config *config, const char *dir, const struct dirent *entry)
{
	char path[PATH_MAX];

	root_path(path, "%s%s/%s", dir, DROP_IN, entry->d_name);
	return read_file(config, path, true);
}

static void free_list(struct dirent **entries, int count)
{
	while (count--)
		free(entries[count]);
	free(entries);
}

/* Sets @status to the status @another, unless @status already has a fault. */
static void keep_first(int *status, int another)
{
	if (!*status)
		*status = another;
}

/*
 * Reads the drop-ins of both directories, sorted by name. If both directories have a file of the
 * same name, reads only the admin's file.
 */
static int read_drop_ins(struct config *config)
{
	struct dirent **vendor = NULL, **admin = NULL;
	int vendors = 0, admins = 0, v = 0, a = 0, order, status;

	status = list(VENDOR_DIR, &vendor, &vendors);
	keep_first(&status, list(ADMIN_DIR, &admin, &admins));
	while (v < vendors || a < admins) {
		if (v == vendors)
			order = 1;
		else if (a == admins)
			order = -1;
		else
			order = strcmp(vendor[v]->d_name, admin[a]->d_name);
		if (order < 0) {
			keep_first(&status, read_drop_in(config, VENDOR_DIR, vendor[v++]));
			continue;
		}
		if (!order)
			v++;
		keep_first(&status, read_drop_in(config, ADMIN_DIR, admin[a++]));
	}
	free_list(vendor, vendors);
	free_list(admin, admins);
	return status;
}

static bool is_empty(const struct config *config)
{
	int part, i;

	for (part = 0; part < CONFIG_PARTS; part++)
		for (i = 0; i < CMM_PARAMETER_COUNT; i++)
			if (config->values[part][i].given)
				return false;
	return true;
}

int config_read(struct config *config)
{
	char path[PATH_MAX];
	int status;

	memset(config, 0, sizeof(*config));
	root_path(path, VENDOR_DIR MAIN_FILE);
	status = read_file(config, path, false);
	root_path(path, ADMIN_DIR MAIN_FILE);
	keep_first(&status, read_file(config, path, false));
	keep_first(&status, read_drop_ins(config));
	config->fault = status;
	return status && !is_empty(config) ? CMM_EXIT_PARTLY : status;
}

static int read_own(struct config *config)
{
	char path[PATH_MAX];

	memset(config, 0, sizeof(*config));
	root_path(path, OWN_FILE);
	return read_file(config, path, false);
}

/* Makes a directory that all users can read, under any umask. */
static int make_dir(const char *path)
{
	if (!mkdir(path, 0755))
		return chmod(path, 0755);
	return errno == EEXIST ? 0 : -1;
}

/*
 * Locks out other processes that save settings, until the caller closes *@lock. Only root can open
 * the lock file. If all users could open it, any user could lock it, and so block root.
 */
static int lock_own_file(int *lock)
{
	char path[PATH_MAX];
	int tries = 0, status;

	root_path(path, LOCK_FILE);
	*lock = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (*lock < 0)
		return complain_errno(errno, "cannot lock %s", path);
	while (flock(*lock, LOCK_EX | LOCK_NB)) {
		if (errno == EWOULDBLOCK && tries++ < LOCK_TRIES) {
			usleep(LOCK_PAUSE_US);
			continue;
		}
		if (errno == EWOULDBLOCK)
			status = complain(CMM_EXIT_TIMED_OUT,
					  "another process has locked %s for %d s", path,
					  LOCK_MAX_S);
		else
			status = complain_errno(errno, "cannot lock %s", path);
		close(*lock);
		return status;
	}
	return CMM_EXIT_OK;
}

int config_prepare(void)
{
	struct config config;
	char path[PATH_MAX];
	int lock, status;

	root_path(path, ADMIN_DIR);
	if (make_dir(path))
		goto failed;
	root_path(path, OWN_DIR);
	if (make_dir(path) || access(path, W_OK))
		goto failed;
	root_path(path, OWN_FILE);
	status = file_check(path);
	if (!status)
		status = lock_own_file(&lock);
	if (status)
		return status;
	/* The caller's change can take minutes. Other processes may lock the file meanwhile. */
	close(lock);
	return read_own(&config);
failed:
	return complain_errno(errno, "cannot write to %s", path);
}

static void print_config(FILE *file, const struct config *config)
{
	const struct config_value *value;
	int part, i;

	fprintf(file, "# Written by cmm-admin set --persist; see cmm.conf(5).\n");
	for (part = 0; part < CONFIG_PARTS; part++) {
		fprintf(file, "\n[%s]\n", parts[part]);
		for (i = 0; i < CMM_PARAMETER_COUNT; i++) {
			value = &config->values[part][i];
			if (value->given)
				fprintf(file, "%s = %lu%s\n", cmm_settings[i].name, value->value,
					value->is_percent ? "%" : "");
		}
	}
}

static int write_own(const char *path, const struct config *config)
{
	char *text = NULL;
	size_t length;
	FILE *file;
	int status;

	file = open_memstream(&text, &length);
	if (!file)
		goto out_memory;
	print_config(file, config);
	if (ferror(file) | fclose(file))
		goto out_memory;
	status = file_replace(path, text, length, 0644);
	free(text);
	return status;

out_memory:
	free(text);
	return complain_errno(ENOMEM, "cannot write %s", path);
}

/* Warns of changes that another file overrides. The other file's value applies at the next boot. */
static void print_overridden(const struct change *changes, int count)
{
	const struct config_value *value;
	char text[CMM_VALUE_MAX];
	struct config config;
	int i;

	config_read(&config);
	for (i = 0; i < count; i++) {
		value = config_value_for(&config, changes[i].setting - cmm_settings,
					 our_driver_runs());
		if (!value || (value->value == changes[i].value &&
			       value->is_percent == changes[i].is_percent))
			continue;
		if (value->is_percent)
			snprintf(text, sizeof(text), "%lu%%", value->value);
		else
			setting_number_text(changes[i].setting, value->value, text);
		complain(CMM_EXIT_OK, "saved %s, but %s:%u overrides it with %s",
			 changes[i].setting->name, value->file, value->line, text);
	}
}

static int keep(const struct change *changes, int count)
{
	int part = our_driver_runs() ? CONFIG_PARAMETERS : CONFIG_OTHER_DRIVER;
	struct config_value *value;
	char path[PATH_MAX];
	struct config config;
	int i, status;

	status = read_own(&config);
	if (status)
		return status;
	for (i = 0; i < count; i++) {
		value = &config.values[part][changes[i].setting - cmm_settings];
		value->given = true;
		value->value = changes[i].value;
		value->is_percent = changes[i].is_percent;
	}
	root_path(path, OWN_FILE);
	status = write_own(path, &config);
	if (!status)
		printf("saved in %s\n", path);
	return status;
}

int config_keep(const struct change *changes, int count)
{
	int lock, status;

	status = lock_own_file(&lock);
	if (status)
		return status;
	status = keep(changes, count);
	close(lock);
	if (!status)
		print_overridden(changes, count);
	return status;
}
