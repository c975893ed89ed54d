/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The JSON documents of all commands, by json-c; tools/cmm-admin.schema.json.in describes them. A
 * key ends with the unit of its number, and a value that is not known is absent.
 */
#ifndef CMM_DOCUMENT_H
#define CMM_DOCUMENT_H

#include "settings.h"

struct json_object;

struct document {
	struct json_object *root;
	struct json_object *object; /* the object that values are added to */
	const char *key; /* the next values go to this member of @root; if NULL, to @object */
	bool failed; /* out of memory; document_end() reports that */
};

/*
 * Begins a document with the member "format", the version of the document's structure. The values
 * that follow are members of the document.
 */
void document_begin(struct document *document);

/*
 * The values that follow are members of the object @key, until the next call of document_object()
 * or document_item(). If no values follow, the document does not get this object.
 */
void document_object(struct document *document, const char *key);

/* The values that follow are members of a new object at the end of the array @key. */
void document_item(struct document *document, const char *key);

/* Adds an array @key of the words in @words, which @separator separates; "" gives an empty array */
void document_words(struct document *document, const char *key, const char *words, char separator);

/* Adds a text. "" is an unknown text, and adds nothing. Bytes that are not UTF-8 become \xNN. */
void document_text(struct document *document, const char *key, const char *text);

void document_number(struct document *document, const char *key, unsigned long number);

void document_signed(struct document *document, const char *key, long number);

/* Adds the whole number in @text: decimal, maybe negative. Any other @text adds nothing. */
void document_parsed(struct document *document, const char *key, const char *text);

void document_flag(struct document *document, const char *key, bool flag);

/*
 * Adds a member with the name of @setting. Its value is made from @value, the text that was read: a
 * number, a flag or a word, as the setting's kind says.
 */
void document_setting(struct document *document, const struct cmm_setting *setting,
		      const char *value);

/* Frees the document without printing it. */
void document_drop(struct document *document);

/*
 * Prints the document, on one line if @in_a_line, and frees it. Returns 0, or prints one line on
 * stderr and returns an enum cmm_exit.
 */
int document_end(struct document *document, bool in_a_line);

#endif
