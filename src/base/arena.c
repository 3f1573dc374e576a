/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/arena.h"
#include "base/catalogue.h"
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES 4096

struct arena_block {
	struct arena_block *next;
	size_t used;
	size_t cap;
	alignas(max_align_t) unsigned char bytes[];
};

static struct arena_block *block_new(size_t bytes)
{
	size_t cap = bytes > BLOCK_BYTES ? bytes : BLOCK_BYTES;
	struct arena_block *block = calloc(1, sizeof(*block) + cap);

	if (block)
		block->cap = cap;
	return block;
}

static struct arena_block *block_with_room(struct arena *a, size_t bytes)
{
	struct arena_block *block = a->blocks;

	if (block && block->cap - block->used >= bytes)
		return block;
	block = block_new(bytes);
	if (!block)
		return NULL;
	/* A block of its own for something big goes behind the current one, which has room left. */
	if (bytes > BLOCK_BYTES && a->blocks) {
		block->next = a->blocks->next;
		a->blocks->next = block;
	} else {
		block->next = a->blocks;
		a->blocks = block;
	}
	return block;
}

void *arena_alloc(struct arena *a, size_t bytes)
{
	const size_t align = alignof(max_align_t);
	struct arena_block *block = NULL;
	void *at;

	if (bytes < SIZE_MAX / 2) {
		bytes = (bytes + align - 1) / align * align;
		block = block_with_room(a, bytes);
	}
	if (!block) {
		a->failed = true;
		return NULL;
	}
	at = block->bytes + block->used;
	block->used += bytes;
	return at;
}

const char *arena_copy(struct arena *a, const char *s)
{
	size_t n = strlen(s) + 1;
	char *copy = arena_alloc(a, n);

	return copy ? memcpy(copy, s, n) : "";
}

/* As vsnprintf() has it; "" when there is no memory. */
__attribute__((format(printf, 2, 0))) static const char *print(struct arena *a, const char *fmt,
							       va_list ap)
{
	va_list again;
	char *s = NULL;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n >= 0)
		s = arena_alloc(a, (size_t)n + 1);
	if (!s) {
		a->failed = true;
		return "";
	}
	vsnprintf(s, (size_t)n + 1, fmt, ap);
	return s;
}

const char *arena_printf(struct arena *a, const char *fmt, ...)
{
	const char *s;
	va_list ap;

	va_start(ap, fmt);
	s = print(a, fmt, ap);
	va_end(ap);
	return s;
}

const char *arena_say(struct arena *a, const char *fmt, ...)
{
	const char *s;
	va_list ap;

	va_start(ap, fmt);
	s = print(a, catalogue_say(a->catalogue, fmt), ap);
	va_end(ap);
	return s;
}

const char *arena_count(struct arena *a, unsigned long count, const char *one, const char *many,
			...)
{
	const char *s;
	va_list ap;

	va_start(ap, many);
	s = print(a, catalogue_count(a->catalogue, one, many, count), ap);
	va_end(ap);
	return s;
}

const char *arena_word(const struct arena *a, const char *text)
{
	return catalogue_say(a->catalogue, text);
}

void arena_free(struct arena *a)
{
	struct arena_block *next;

	for (struct arena_block *block = a->blocks; block; block = next) {
		next = block->next;
		free(block);
	}
	*a = (struct arena){0};
}
