/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace/room.h"
#include "base/array.h"

bool room_below(struct trace *t, size_t n, size_t max)
{
	t->full = t->full || n >= max;
	return n < max;
}

bool room_grow(struct trace *t, void *items, size_t *cap, size_t n, size_t size)
{
	bool grown = array_reserve(items, cap, n + 1, size);

	t->failed = t->failed || !grown;
	return grown;
}

const char *room_keep(struct trace *t, const char *s, const char *missing)
{
	const char *text = s ? s : missing;

	return text ? arena_copy(&t->strings, text) : NULL;
}

bool room_kept(struct trace *t)
{
	t->failed = t->failed || t->strings.failed;
	return !t->strings.failed;
}
