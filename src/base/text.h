/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

/*
 * A growing string with a sticky failure: append freely, check `failed` once.
 * The escaping functions make text from the network safe to show.
 */

#include <stdbool.h>
#include <stddef.h>

struct text {
	char *s; /* NUL-terminated once anything was added; NULL before */
	size_t len;
	size_t cap;
	bool failed; /* no memory: later additions do nothing */
};

void text_free(struct text *t);
void text_add(struct text *t, const char *s);
void text_add_bytes(struct text *t, const char *s, size_t n);
void text_add_spaces(struct text *t, size_t n);
void text_addf(struct text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The string so far, never NULL. Valid until the next addition. */
const char *text_str(const struct text *t);

/*
 * Appends bytes of unknown origin so that a terminal shows them harmlessly:
 * printable ASCII as it is, valid UTF-8 of printable characters as it is, and
 * everything else (controls, bidirectional marks, broken UTF-8) as \xNN.
 */
void text_add_untrusted(struct text *t, const char *s, size_t n);

#endif
