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

struct arena {
	struct arena_block *blocks;
	bool failed; /* an allocation failed; the owner must not use the result */
};

/* Zeroed memory, aligned for any type; NULL (and failed) when there is none. */
void *arena_alloc(struct arena *a, size_t bytes);

/* A copy of the string; "" when there is no memory. */
const char *arena_copy(struct arena *a, const char *s);
const char *arena_printf(struct arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

void arena_free(struct arena *a);

#endif
