// SPDX-License-Identifier: GPL-2.0-or-later
/* The JSON documents that commands print */

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "complain.h"
#include "document.h"
#include "size.h"
#include "text.h"

/* The format's version. It increases if a member is removed or changes its meaning. */
#define JSON_FORMAT 2

/*
 * Adds @value to @object. @value or @object is NULL if there was no memory for it. text_clean()
 * cleans the key, because a key may be the name of a file.
 */
static void add(struct document *document, struct json_object *object, const char *key,
		struct json_object *value)
{
	char *clean = text_clean(key);

	if (!clean || !value || !object || json_object_object_add(object, clean, value)) {
		json_object_put(value);
		document->failed = true;
	}
	free(clean);
}

/* The object to which values are added. It is added to the document if it is not there yet. */
static struct json_object *current(struct document *document)
{
	const char *key = document->key;

	if (!key)
		return document->object;
	document->key = NULL;
	if (json_object_object_get_ex(document->root, key, &document->object))
		return document->object;
	document->object = json_object_new_object();
	add(document, document->root, key, document->object);
	if (document->failed)
		document->object = NULL;
	return document->object;
}

void document_begin(struct document *document)
{
	memset(document, 0, sizeof(*document));
	document->root = json_object_new_object();
	document->object = document->root;
	document_number(document, "format", JSON_FORMAT);
}

void document_object(struct document *document, const char *key)
{
	document->key = key;
}

/* The array @key of @object; an empty array is added if the key is new. */
static struct json_object *array_of(struct document *document, struct json_object *object,
				    const char *key)
{
	struct json_object *array;

	if (json_object_object_get_ex(object, key, &array))
		return array;
	array = json_object_new_array();
	add(document, object, key, array);
	return document->failed ? NULL : array;
}

/* Adds @value to the end of @array. @value or @array is NULL if there was no memory for it. */
static void append(struct document *document, struct json_object *array, struct json_object *value)
{
	if (value && array && !json_object_array_add(array, value))
		return;
	json_object_put(value);
	document->failed = true;
}

void document_item(struct document *document, const char *key)
{
	struct json_object *array = array_of(document, document->root, key);

	document->key = NULL;
	document->object = json_object_new_object();
	append(document, array, document->object);
	if (document->failed)
		document->object = NULL;
}

static struct json_object *new_text(const char *text)
{
	char *clean = text_clean(text);
	struct json_object *value = clean ? json_object_new_string(clean) : NULL;

	free(clean);
	return value;
}

void document_words(struct document *document, const char *key, const char *words, char separator)
{
	const char separators[] = { separator, '\0' };
	struct json_object *array = array_of(document, current(document), key);
	char *copy = strdup(words), *rest = copy;
	const char *word;

	if (!copy)
		document->failed = true;
	while (copy && (word = strsep(&rest, separators)))
		if (word[0])
			append(document, array, new_text(word));
	free(copy);
}

void document_text(struct document *document, const char *key, const char *text)
{
	if (text[0])
		add(document, current(document), key, new_text(text));
}

void document_number(struct document *document, const char *key, unsigned long number)
{
	add(document, current(document), key, json_object_new_uint64(number));
}

void document_signed(struct document *document, const char *key, long number)
{
	add(document, current(document), key, json_object_new_int64(number));
}

void document_parsed(struct document *document, const char *key, const char *text)
{
	unsigned long number;

	if (number_parse(text, &number))
		document_number(document, key, number);
	else if (text[0] == '-' && number_parse(text + 1, &number) && number <= LONG_MAX)
		document_signed(document, key, -(long)number);
}

void document_flag(struct document *document, const char *key, bool flag)
{
	add(document, current(document), key, json_object_new_boolean(flag));
}

void document_setting(struct document *document, const struct cmm_setting *setting,
		      const char *value)
{
	switch (setting->kind) {
	case SETTING_NUMBER:
		document_parsed(document, setting->name, value);
		break;
	case SETTING_FLAG:
		document_flag(document, setting->name, !strcmp(value, "Y"));
		break;
	case SETTING_WORD:
		document_text(document, setting->name, value);
		break;
	}
}

void document_drop(struct document *document)
{
	json_object_put(document->root);
}

int document_end(struct document *document, bool in_a_line)
{
	int flags = JSON_C_TO_STRING_NOSLASHESCAPE;
	const char *text = NULL;

	if (!in_a_line)
		flags |= JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED;
	if (!document->failed)
		text = json_object_to_json_string_ext(document->root, flags);
	if (text)
		puts(text);
	document_drop(document);
	return text ? CMM_EXIT_OK : complain_errno(ENOMEM, "cannot print the JSON document");
}
