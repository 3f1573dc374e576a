/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace/early.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t words[EARLY_BYTES_MAX] = "220 mail.example.org";

static struct early_segment segment(uint32_t seq, uint32_t n)
{
	return (struct early_segment){.seq = seq, .wire_len = n, .n = n, .bytes = words};
}

static bool keep(struct early *early, uint32_t seq, uint32_t n)
{
	const struct early_segment one = segment(seq, n);

	return early_keep(early, &one);
}

static void gives_what_is_next(void **state)
{
	struct early early = {0};
	struct early_segment out;

	(void)state;
	assert_true(keep(&early, 110, 4));
	assert_true(keep(&early, 105, 5));
	assert_false(early_take(&early, 104, &out));
	assert_true(early_take(&early, 107, &out));
	assert_int_equal(out.seq, 105);
	assert_int_equal(out.n, 5);
	assert_memory_equal(out.bytes, words, 5);
	free(out.owned);
	assert_false(early_take(&early, 109, &out));
	assert_true(early_take(&early, 110, &out));
	free(out.owned);
	assert_int_equal(early.n, 0);
	assert_int_equal(early.bytes, 0);
	early_free(&early);
}

static void numbers_wrap_around(void **state)
{
	struct early early = {0};
	struct early_segment out;

	(void)state;
	assert_true(early_is_after(3, UINT32_MAX));
	assert_false(early_is_after(UINT32_MAX, 3));
	assert_false(early_is_after(3, 3));
	assert_true(keep(&early, 2, 1));
	assert_false(early_take(&early, UINT32_MAX, &out));
	assert_true(early_take(&early, 2, &out));
	free(out.owned);
	early_free(&early);
}

static void is_bounded(void **state)
{
	struct early early = {0};

	(void)state;
	for (uint32_t i = 0; i < EARLY_SEGMENTS_MAX; i++)
		assert_true(keep(&early, i, 0));
	assert_false(keep(&early, 1000, 0));
	early_free(&early);
	assert_true(keep(&early, 1, EARLY_BYTES_MAX));
	assert_false(keep(&early, 1, 1));
	early_free(&early);
	assert_int_equal(early.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_what_is_next),
		cmocka_unit_test(numbers_wrap_around),
		cmocka_unit_test(is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
