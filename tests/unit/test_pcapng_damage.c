/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/host/status.h"
#include "pcapng_build.h"

/* Cut anywhere, a file gives the frames before and says that it is cut; nothing else happens. */
static void every_cut(void **state)
{
	struct builder b = {0};
	struct frame frame;
	struct err err;

	(void)state;
	build_all(&b);
	for (size_t len = 0; len < b.out.len; len++) {
		struct source *s = open_bytes(&b, len, &err);
		enum source_event event = SOURCE_FRAME;
		uint32_t frames = 0;

		if (!s) {
			assert_true(len < 28);
			assert_int_equal(err.code, IO_INPUT);
			continue;
		}
		while (event == SOURCE_FRAME) {
			event = source_next(s, &frame, &err);
			frames += event == SOURCE_FRAME;
		}
		assert_true(event == SOURCE_CUT || event == SOURCE_END);
		assert_true(frames < 5);
		if (event == SOURCE_CUT)
			assert_non_null(strstr(err.msg, "cut off in the block at byte"));
		assert_int_equal(source_next(s, &frame, &err), event);
		source_close(s);
	}
	text_free(&b.out);
}

/* One byte of noise anywhere: no crash, and an end with a name. */
static void every_flip(void **state)
{
	struct builder b = {0};
	struct frame frame;
	struct err err;

	(void)state;
	build_all(&b);
	for (size_t i = 0; i < b.out.len; i++) {
		enum source_event event = SOURCE_FRAME;
		struct source *s;
		int frames = 0;

		b.out.s[i] = (char)~b.out.s[i];
		s = open_bytes(&b, b.out.len, &err);
		b.out.s[i] = (char)~b.out.s[i];
		assert_true(s || err.code == IO_INPUT);
		while (s && event == SOURCE_FRAME && frames++ < 10)
			event = source_next(s, &frame, &err);
		assert_true(frames < 10);
		source_close(s);
	}
	text_free(&b.out);
}

static void bad_length(struct builder *b)
{
	block_begin(b, 6);
	put32(b, 3);
	b->out.s[b->start + 4] = 15;
}

static void huge_length(struct builder *b)
{
	block_begin(b, 6);
	put32(b, 0);
	memcpy(b->out.s + b->start + 4, "\0\0\0\x02", 4);
}

static void two_lengths(struct builder *b)
{
	packet(b, 0, 1, "abcd");
	b->out.s[b->out.len - 4]++;
}

static void no_interface(struct builder *b)
{
	packet(b, 7, 1, "abcd");
}

static void too_long_packet(struct builder *b)
{
	packet(b, 0, 1, "abcd");
	b->out.s[b->start + 20] = 50;
}

static void impossible_time(struct builder *b)
{
	interface(b, 1, 0, 60);
}

static void no_byte_order(struct builder *b)
{
	section(b);
	b->out.s[b->start + 8] = 0;
}

static void other_version(struct builder *b)
{
	section(b);
	b->out.s[b->start + 12] = 2;
}

static void damage(void **state)
{
	static const struct {
		void (*put)(struct builder *b);
		const char *want;
	} cases[] = {
		{bad_length, "impossible block length"},
		{huge_length, "impossible block length"},
		{two_lengths, "two lengths"},
		{no_interface, "not described"},
		{too_long_packet, "longer than its block"},
		{impossible_time, "time resolution"},
		{no_byte_order, "byte order"},
		{other_version, "unknown version"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct builder b = {0};
		struct frame frame;
		struct source *s;
		struct err err;

		section(&b);
		interface(&b, 1, 0, -1);
		packet(&b, 0, 1, "good");
		cases[i].put(&b);
		put_n(&b, 0, 8);
		s = open_bytes(&b, b.out.len, &err);
		assert_non_null(s);
		assert_int_equal(source_next(s, &frame, &err), SOURCE_FRAME);
		assert_int_equal(source_next(s, &frame, &err), SOURCE_CUT);
		assert_non_null(strstr(err.msg, cases[i].want));
		assert_int_equal(err.code, IO_INPUT);
		source_close(s);
		text_free(&b.out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cut),
		cmocka_unit_test(every_flip),
		cmocka_unit_test(damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
