/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

/*
 * Memory that lives and dies together: a result's strings and lists. Nothing
 * is freed alone. Failure is sticky, as in struct text.
 */

#include <stdbool.h>
#include <stddef.h>

struct arena_block;
struct catalogue; /* base/catalogue.h */

struct arena {
	struct arena_block *blocks;
	bool failed; /* an allocation failed; the owner must not use the result */
	const struct catalogue *catalogue; /* the language of arena_say(); NULL: English */
};

/* Marks a text that a table or a condition holds; whoever shows it gives it to arena_word(). */
#define N_(text) text

/* Zeroed memory, aligned for any type; NULL (and failed) when there is none. */
void *arena_alloc(struct arena *a, size_t bytes);

/* A copy of the string; "" when there is no memory. */
const char *arena_copy(struct arena *a, const char *s);
const char *arena_printf(struct arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * The same in the arena's language, sentence by sentence: what its catalogue lacks stays English.
 * scripts/words gathers these sentences, and those of N_(), for the catalogues.
 */
const char *arena_say(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* A sentence about a count, which is among the values as well: `one` is said of 1. */
const char *arena_count(struct arena *a, unsigned long count, const char *one, const char *many,
			...) __attribute__((format(printf, 3, 5), format(printf, 4, 5)));

/* A text without values. */
const char *arena_word(const struct arena *a, const char *text);

void arena_free(struct arena *a);

#endif
