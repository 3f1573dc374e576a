/* SPDX-License-Identifier: BSD-2-Clause */
#include "pcapng_build.h"

static void all_blocks(void **state)
{
	static const struct {
		int64_t at_ns;
		const char *bytes;
		enum link_type link;
		uint32_t wire_len;
	} want[] = {
		{1700000000123456000, "micro", LINK_ETHERNET, 105},
		{1700000000123456789, "nano", LINK_SLL2, 104},
		{1700000000123456789, "simp", LINK_ETHERNET, 4},
		{1700000001000000001, "old", LINK_SLL2, 3},
		{0, "hi", LINK_ETHERNET, 2},
	};

	(void)state;
	for (int big = 0; big < 2; big++) {
		struct builder b = {.big = big};
		struct frame frame;
		struct source *s;
		struct err err;

		build_all(&b);
		s = open_bytes(&b, b.out.len, &err);
		assert_non_null(s);
		assert_int_equal(source_fd(s), -1);
		for (size_t i = 0; i < COUNT(want); i++) {
			assert_int_equal(source_next(s, &frame, &err), SOURCE_FRAME);
			assert_int_equal(frame.at_ns, want[i].at_ns);
			assert_int_equal(frame.captured_len, strlen(want[i].bytes));
			assert_memory_equal(frame.bytes, want[i].bytes, frame.captured_len);
			assert_int_equal(frame.link, want[i].link);
			assert_int_equal(frame.wire_len, want[i].wire_len);
			assert_int_equal(frame.number, i + 1);
			assert_int_equal(frame.file, 3);
			if (i + 1 < COUNT(want))
				assert_null(source_comment(s));
		}
		assert_string_equal(source_comment(s), "first\nsecond");
		assert_int_equal(source_next(s, &frame, &err), SOURCE_END);
		assert_int_equal(source_next(s, &frame, &err), SOURCE_END);
		source_close(s);
		text_free(&b.out);
	}
}

static void time_resolutions(void **state)
{
	static const struct {
		int resolution;
		uint64_t at;
		int64_t offset_s;
		int64_t want_ns;
	} cases[] = {
		{0, 1700000000, 0, 1700000000000000000},
		{3, 1700000000123, 0, 1700000000123000000},
		{9, 1700000000123456789, 0, 1700000000123456789},
		{12, 1500123456789012, 0, 1500123456789},
		{0x80 | 10, 1024 * 5 + 512, 0, 5500000000},
		{0x80 | 32, 0x180000000, 0, 1500000000},
		{6, 1000000, 1000, 1001000000000},
		{6, 1000000, -2, -1000000000},
		/* Beyond what nanoseconds can say. */
		{0, UINT64_MAX, 0, 0},
		{6, 5, INT64_MAX, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint8_t resolution = (uint8_t)cases[i].resolution;
		struct builder b = {0};
		struct frame frame;
		struct source *s;
		struct err err;

		section(&b);
		block_begin(&b, 1);
		put16(&b, 1);
		put16(&b, 0);
		put32(&b, 0);
		option(&b, 9, &resolution, 1);
		put16(&b, 14);
		put16(&b, 8);
		put_n(&b, (uint64_t)cases[i].offset_s, 8);
		block_end(&b);
		packet(&b, 0, cases[i].at, "x");
		s = open_bytes(&b, b.out.len, &err);
		assert_non_null(s);
		assert_int_equal(source_next(s, &frame, &err), SOURCE_FRAME);
		assert_int_equal(frame.at_ns, cases[i].want_ns);
		source_close(s);
		text_free(&b.out);
	}
}

static void simple_packets_are_cut_at_the_snap_length(void **state)
{
	struct builder b = {0};
	struct frame frame;
	struct source *s;
	struct err err;

	(void)state;
	section(&b);
	interface(&b, 1, 6, -1);
	block_begin(&b, 3);
	put32(&b, 1000);
	put_padded(&b, "sixsix", 6);
	block_end(&b);
	s = open_bytes(&b, b.out.len, &err);
	assert_non_null(s);
	assert_int_equal(source_next(s, &frame, &err), SOURCE_FRAME);
	assert_int_equal(frame.captured_len, 6);
	assert_int_equal(frame.wire_len, 1000);
	source_close(s);
	text_free(&b.out);
}

static void statistics(void **state)
{
	struct source_counts counts;
	struct builder b = {0};
	struct frame frame;
	struct source *s;
	struct err err;

	(void)state;
	/* Two sections; within one, a later block replaces an earlier one of its interface. */
	for (uint64_t i = 1; i <= 2; i++) {
		section(&b);
		interface(&b, 1, 0, -1);
		for (uint64_t again = 1; again <= 2; again++) {
			block_begin(&b, 5);
			put32(&b, 0);
			put_n(&b, 0, 8);
			put16(&b, 4);
			put16(&b, 8);
			put_n(&b, 100 * i * again, 8);
			put16(&b, 5);
			put16(&b, 8);
			put_n(&b, 10 * i, 8);
			put16(&b, 7);
			put16(&b, 8);
			put_n(&b, i, 8);
			block_end(&b);
		}
	}
	s = open_bytes(&b, b.out.len, &err);
	assert_non_null(s);
	assert_int_equal(source_next(s, &frame, &err), SOURCE_END);
	assert_true(source_counts(s, &counts));
	assert_int_equal(counts.received, 600);
	assert_int_equal(counts.dropped, 33);
	source_close(s);
	text_free(&b.out);
}

static void facts(void **state)
{
	static const struct {
		const char *comments[4];
		enum source_facts want;
		const char *json;
	} cases[] = {
		{{NULL}, SOURCE_FACTS_NONE, NULL},
		{{"captured by hand"}, SOURCE_FACTS_NONE, NULL},
		{{"whoblocks-facts/1 1/1 [1]"}, SOURCE_FACTS_WHOLE, "[1]"},
		{{"note", "whoblocks-facts/1 1/2 [1,", "whoblocks-facts/1 2/2 2]"},
		 SOURCE_FACTS_WHOLE,
		 "[1,2]"},
		{{"whoblocks-facts/1 1/2 [1,"}, SOURCE_FACTS_BROKEN, NULL},
		{{"whoblocks-facts/1 2/2 2]", "whoblocks-facts/1 1/2 [1,"},
		 SOURCE_FACTS_BROKEN,
		 NULL},
		{{"whoblocks-facts/1 1/2 [1,", "whoblocks-facts/1 2/3 2]"},
		 SOURCE_FACTS_BROKEN,
		 NULL},
		{{"whoblocks-facts/1 1/1 [1]", "whoblocks-facts/1 1/1 [2]"},
		 SOURCE_FACTS_BROKEN,
		 NULL},
		{{"whoblocks-facts/1 0/0 []"}, SOURCE_FACTS_BROKEN, NULL},
		{{"whoblocks-facts/1 1/99999999999 []"}, SOURCE_FACTS_BROKEN, NULL},
		{{"whoblocks-facts/1 1/ []"}, SOURCE_FACTS_BROKEN, NULL},
		{{"whoblocks-facts/1 "}, SOURCE_FACTS_BROKEN, NULL},
		{{"whoblocks-facts/2 1/1 []"}, SOURCE_FACTS_NONE, NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct builder b = {.big = i % 2};
		const char *json = "";
		struct source *s;
		struct err err;

		section_begin(&b);
		for (size_t k = 0; k < COUNT(cases[i].comments) && cases[i].comments[k]; k++)
			option(&b, 1, cases[i].comments[k], strlen(cases[i].comments[k]));
		block_end(&b);
		s = open_bytes(&b, b.out.len, &err);
		assert_non_null(s);
		assert_int_equal(source_facts(s, &json), cases[i].want);
		if (cases[i].json)
			assert_string_equal(json, cases[i].json);
		else
			assert_null(json);
		source_close(s);
		text_free(&b.out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_blocks),
		cmocka_unit_test(time_resolutions),
		cmocka_unit_test(simple_packets_are_cut_at_the_snap_length),
		cmocka_unit_test(statistics),
		cmocka_unit_test(facts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
