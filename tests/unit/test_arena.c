/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/arena.h"
#include "base/array.h"
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MANY 3000

static bool all_are(const unsigned char *bytes, size_t n, unsigned char value)
{
	for (size_t i = 0; i < n; i++) {
		if (bytes[i] != value)
			return false;
	}
	return true;
}

/* Sizes around and far over a block: all zero, aligned, and none over another. */
static void allocates(void **state)
{
	static const size_t sizes[] = {1, 7, 16, 4095, 4096, 4097, 100000, 3, 0, 24};
	const size_t n = sizeof(sizes) / sizeof(sizes[0]);
	unsigned char *got[10][10];
	struct arena a = {0};

	(void)state;
	for (size_t round = 0; round < 10; round++) {
		for (size_t i = 0; i < n; i++) {
			unsigned char *at = arena_alloc(&a, sizes[i]);

			assert_non_null(at);
			assert_int_equal((uintptr_t)at % alignof(max_align_t), 0);
			assert_true(all_are(at, sizes[i], 0));
			memset(at, (int)(round * n + i), sizes[i]);
			got[round][i] = at;
		}
	}
	for (size_t round = 0; round < 10; round++) {
		for (size_t i = 0; i < n; i++)
			assert_true(
				all_are(got[round][i], sizes[i], (unsigned char)(round * n + i)));
	}
	assert_false(a.failed);
	arena_free(&a);
	assert_null(a.blocks);
}

static void strings(void **state)
{
	struct arena a = {0};
	const char *first = arena_copy(&a, "first");
	const char *empty = arena_copy(&a, "");
	const char *printed = arena_printf(&a, "%s-%d", "hop", 3);

	(void)state;
	for (int i = 0; i < MANY; i++)
		assert_string_equal(arena_printf(&a, "%05d", i) + 5, "");
	assert_string_equal(first, "first");
	assert_string_equal(empty, "");
	assert_string_equal(printed, "hop-3");
	assert_false(a.failed);
	arena_free(&a);
}

static void too_much(void **state)
{
	struct arena a = {0};

	(void)state;
	assert_null(arena_alloc(&a, SIZE_MAX));
	assert_true(a.failed);
	/* The failure stays, though there is memory again. */
	assert_string_equal(arena_copy(&a, "x"), "x");
	assert_true(a.failed);
	arena_free(&a);
	assert_false(a.failed);
}

static void array_grows(void **state)
{
	uint32_t *items = NULL;
	size_t cap = 0;

	(void)state;
	for (uint32_t n = 0; n < MANY; n++) {
		assert_true(array_reserve(&items, &cap, n + 1, sizeof(*items)));
		assert_true(cap > n);
		items[n] = n;
	}
	for (uint32_t n = 0; n < MANY; n++)
		assert_int_equal(items[n], n);
	/* Doubling, not a step for each item. */
	assert_true(cap < 2 * (size_t)MANY);
	free(items);
}

static void array_refuses(void **state)
{
	uint32_t *items = NULL;
	uint32_t *before;
	size_t cap = 0;

	(void)state;
	assert_true(array_reserve(&items, &cap, 1, sizeof(*items)));
	items[0] = 42;
	before = items;
	assert_false(array_reserve(&items, &cap, SIZE_MAX / 2, sizeof(*items)));
	assert_false(array_reserve(&items, &cap, SIZE_MAX, 1));
	assert_false(array_reserve(&items, &cap, cap + 1, 0));
	assert_true(array_reserve(&items, &cap, 0, sizeof(*items)));
	assert_ptr_equal(items, before);
	assert_int_equal(items[0], 42);
	free(items);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(allocates),	 cmocka_unit_test(strings),
		cmocka_unit_test(too_much),	 cmocka_unit_test(array_grows),
		cmocka_unit_test(array_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
