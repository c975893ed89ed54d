/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses sizes such as 256M, 1.5GiB or 12 kB, and prints sizes such as 256 MiB */
#ifndef CMM_SIZE_H
#define CMM_SIZE_H

#include <stdbool.h>

/* Room for an unsigned long in decimal */
#define NUMBER_MAX 24

/* Room for @why of size_parse(): a phrase on the fault, to be printed after the size */
#define SIZE_WHY_MAX 80

/*
 * Parses @text into a number of units of @unit_bytes (1024 for KiB). Digits alone are a number of
 * units. A number with a unit (K, M, G, T, KiB, ... of 1024; kB, MB, ... of 1000; B) may have a
 * fraction, but must be a whole number of units. Returns false, with the reason in @why, if @text
 * is not a size, is negative, or has more bytes than an unsigned long can hold.
 */
bool size_parse(const char *text, unsigned long unit_bytes, unsigned long *units,
		char why[SIZE_WHY_MAX]);

/* Returns @units * @unit_bytes, or ULONG_MAX on overflow. */
unsigned long size_bytes(unsigned long units, unsigned long unit_bytes);

/* Room for a size with its unit */
#define SIZE_TEXT_MAX 32

/* Returned by value, so that it can be an argument of printf(): size_kb(loaned_kb).text */
struct size_text {
	char text[SIZE_TEXT_MAX];
};

/*
 * A size with one decimal, such as "1.3 GiB". The unit is the largest in which the number is at
 * least 1, or KiB.
 */
struct size_text size_human(unsigned long units, unsigned long unit_bytes);

/* Like size_human(), for a size in KiB */
struct size_text size_kb(unsigned long kb);

/*
 * The size in bytes is @units * @unit_bytes; @unit_bytes is 1024 or 1024 * 1024. Prints it without
 * rounding, in the largest unit that gives a whole number, such as "1536 MiB".
 */
struct size_text size_exact(unsigned long units, unsigned long unit_bytes);

/* The size in bytes of the unit "B", "KiB" or "MiB"; 0 for any other @unit */
unsigned long size_unit_bytes(const char *unit);

/* Parses a whole percentage from "0%" to "100%"; returns false if @text is something else. */
bool percent_parse(const char *text, unsigned long *percent);

/* @percent of @whole, rounded down; does not overflow */
unsigned long percent_of(unsigned long whole, unsigned long percent);

/*
 * Parses decimal digits. Returns false for anything else, or a number that is too large. strtoul()
 * alone would also accept whitespace, signs and other bases.
 */
bool number_parse(const char *text, unsigned long *value);

#endif
