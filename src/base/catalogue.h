/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BASE_CATALOGUE_H
#define BASE_CATALOGUE_H

/*
 * A message catalogue as gettext's msgfmt writes it (.mo, little endian), in memory: what we say in
 * another language. The C library's own reader is not used: it says nothing where the language's
 * locale is not installed, and opens files where a program without rights may open none.
 */

#include <stddef.h>
#include <stdint.h>

struct catalogue {
	const unsigned char *bytes; /* a loan */
	size_t n;
	uint32_t strings, ids, texts;	       /* how many; where their tables begin */
	unsigned (*form)(unsigned long count); /* which plural form a count takes */
};

/* 0, or -1: it is none, is cut short, or counts in a way that we do not know. */
int catalogue_open(const unsigned char *bytes, size_t n, struct catalogue *out);

/* What the catalogue has for the text; the text itself where it has nothing, or `c` is NULL. */
const char *catalogue_say(const struct catalogue *c, const char *text)
	__attribute__((format_arg(2)));

/* The same for a count: English has `one` for 1 and `many` for all others. */
const char *catalogue_count(const struct catalogue *c, const char *one, const char *many,
			    unsigned long count) __attribute__((format_arg(2), format_arg(3)));

#endif
