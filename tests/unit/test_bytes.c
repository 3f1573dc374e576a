/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/bytes.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t sample[] = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09};

static void reads(void **state)
{
	struct bytes b = bytes_of(sample, sizeof(sample));

	(void)state;
	assert_int_equal(bytes_u8(&b), 0x01);
	assert_int_equal(bytes_u16(&b), 0x0203);
	assert_int_equal(bytes_u32(&b), 0x04050607);
	assert_int_equal(bytes_left(&b), 2);
	bytes_skip(&b, 2);
	assert_int_equal(bytes_left(&b), 0);
	assert_false(b.cut);
}

static void reads_either_order(void **state)
{
	struct bytes b = bytes_of(sample, sizeof(sample));

	(void)state;
	assert_int_equal(bytes_u16_as(&b, true), 0x0201);
	assert_int_equal(bytes_u32_as(&b, true), 0x06050403);
	b = bytes_of(sample, sizeof(sample));
	assert_int_equal(bytes_u16_as(&b, false), 0x0102);
	assert_int_equal(bytes_u32_as(&b, false), 0x03040506);
}

static void past_the_end(void **state)
{
	struct bytes b = bytes_of(sample, 3);

	(void)state;
	/* What is there counts, what is missing reads as zero, and the flag stays. */
	assert_int_equal(bytes_u32(&b), 0x01020300);
	assert_true(b.cut);
	assert_int_equal(bytes_left(&b), 0);
	assert_int_equal(bytes_u8(&b), 0);
	assert_int_equal(bytes_u16(&b), 0);
	bytes_skip(&b, SIZE_MAX);
	assert_int_equal(b.pos, 3);
	assert_true(b.cut);
}

static void skip_past_the_end(void **state)
{
	struct bytes b = bytes_of(sample, 3);

	(void)state;
	bytes_skip(&b, 3);
	assert_false(b.cut);
	bytes_skip(&b, 1);
	assert_true(b.cut);
	assert_int_equal(b.pos, 3);
}

static void nothing(void **state)
{
	struct bytes b = bytes_of(NULL, 0);
	struct bytes part = bytes_take(&b, 0);

	(void)state;
	assert_false(part.cut);
	assert_int_equal(part.len, 0);
	assert_int_equal(bytes_u8(&b), 0);
	assert_true(b.cut);
}

static void copies(void **state)
{
	struct bytes b = bytes_of(sample, 3);
	uint8_t to[5] = {9, 9, 9, 9, 9};

	(void)state;
	bytes_copy(&b, to, 2);
	assert_memory_equal(to, ((uint8_t[]){1, 2, 9, 9, 9}), 5);
	assert_false(b.cut);
	bytes_copy(&b, to, 4);
	assert_memory_equal(to, ((uint8_t[]){3, 0, 0, 0, 9}), 5);
	assert_true(b.cut);
}

static void takes(void **state)
{
	struct bytes b = bytes_of(sample, 5);
	struct bytes first = bytes_take(&b, 2);
	struct bytes rest = bytes_take(&b, 4);

	(void)state;
	assert_int_equal(bytes_u16(&first), 0x0102);
	assert_false(first.cut);
	assert_int_equal(bytes_u8(&first), 0);
	assert_true(first.cut);
	assert_int_equal(rest.len, 3);
	assert_true(rest.cut);
	assert_true(b.cut);
	assert_ptr_equal(rest.at, sample + 2);
}

static void hashes(void **state)
{
	(void)state;
	/* The published values of 32-bit FNV-1a. */
	assert_int_equal(bytes_hash("", 0, 0), 0x811c9dc5);
	assert_int_equal(bytes_hash("a", 1, 0), 0xe40c292c);
	assert_int_equal(bytes_hash("foobar", 6, 0), 0xbf9cf968);
	assert_int_not_equal(bytes_hash("foobar", 6, 1), 0xbf9cf968);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads),	cmocka_unit_test(reads_either_order),
		cmocka_unit_test(past_the_end), cmocka_unit_test(skip_past_the_end),
		cmocka_unit_test(nothing),	cmocka_unit_test(copies),
		cmocka_unit_test(takes),	cmocka_unit_test(hashes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
