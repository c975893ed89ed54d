/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sizes as people write and read them: 256M, 1.5GiB, 12 kB; 256 MiB. */
#ifndef CMM_SIZE_H
#define CMM_SIZE_H

#include <stdbool.h>

/* Room for an unsigned long in decimal */
#define NUMBER_MAX 24

/* Room for @why of size_parse(): the fault, a phrase that follows the size itself */
#define SIZE_WHY_MAX 80

/*
 * Takes @text as a number of units of @unit_bytes (1024 for KiB). Bare digits are a number of
 * units. A number with a unit (K, M, G, T, KiB, ... of 1024; kB, MB, ... of 1000; B) may have a
 * fraction, but must be whole units. False, and the reason in @why, if @text is no size, is
 * negative, or is more than an unsigned long of bytes.
 */
bool size_parse(const char *text, unsigned long unit_bytes, unsigned long *units,
		char why[SIZE_WHY_MAX]);

/* @units of @unit_bytes in bytes; the largest number if that doesn't fit */
unsigned long size_bytes(unsigned long units, unsigned long unit_bytes);

/* Room for a size with its unit */
#define SIZE_TEXT_MAX 32

/* Returned by value, so that it can be an argument of printf(): size_kb(loaned_kb).text */
struct size_text {
	char text[SIZE_TEXT_MAX];
};

/* @units of @unit_bytes, rounded to a tenth of the largest fitting unit from KiB on: "1.3 GiB" */
struct size_text size_human(unsigned long units, unsigned long unit_bytes);

/* The same with KiB */
struct size_text size_kb(unsigned long kb);

/* @units of @unit_bytes (1024, or 1024 * 1024), exact, in the largest unit that divides it: "1536
 * MiB" */
struct size_text size_exact(unsigned long units, unsigned long unit_bytes);

/* Bytes of "B", "KiB" or "MiB"; 0 if @unit is another */
unsigned long size_unit_bytes(const char *unit);

/* Takes the number in "25%", a whole one from 0% to 100%. */
bool percent_parse(const char *text, unsigned long *percent);

/* @percent of @whole, rounded down; does not overflow */
unsigned long percent_of(unsigned long whole, unsigned long percent);

/* Bare decimal digits; strtoul() alone would take whitespace, signs and other bases. */
bool number_parse(const char *text, unsigned long *value);

#endif
