/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/capture/source.h"
#include "io/host/status.h"
#include "pcapng_build.h"
#include "temp_dir.h"
#include <fcntl.h>

/* A classic file with two frames. */
static void build_classic(struct builder *b, uint32_t magic, uint32_t dlt)
{
	put32(b, magic);
	put16(b, 2);
	put16(b, 4);
	put_n(b, 0, 8);
	put32(b, 65535);
	put32(b, dlt);
	for (uint32_t i = 1; i <= 2; i++) {
		put32(b, 1700000000 + i);
		put32(b, 123456);
		put32(b, 4);
		put32(b, 60);
		put_n(b, 0x01020304, 4);
	}
}

static struct source *open_classic(const struct builder *b, size_t len, struct err *err)
{
	char path[2 * TEMP_PATH_BYTES];
	struct source *s;

	*err = (struct err){0};
	write_file(temp_path(path, folder, "in.pcap"), b->out.s, len);
	s = source_open_file(path, 2, err);
	unlink(path);
	return s;
}

static void classic(void **state)
{
	static const struct {
		uint32_t magic;
		bool big;
		uint32_t dlt;
		enum link_type link;
		int64_t fraction_ns;
	} cases[] = {
		{0xa1b2c3d4, false, 1, LINK_ETHERNET, 123456000},
		{0xa1b2c3d4, true, 1, LINK_ETHERNET, 123456000},
		{0xa1b23c4d, false, 276, LINK_SLL2, 123456},
		{0xa1b23c4d, true, 113, LINK_SLL, 123456},
		{0xa1b2c3d4, false, 101, LINK_RAW, 123456000},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct builder b = {.big = cases[i].big};
		struct frame frame;
		const char *json;
		struct source *s;
		struct err err;

		build_classic(&b, cases[i].magic, cases[i].dlt);
		s = open_classic(&b, b.out.len, &err);
		assert_non_null(s);
		assert_int_equal(source_facts(s, &json), SOURCE_FACTS_NONE);
		for (uint32_t n = 1; n <= 2; n++) {
			assert_int_equal(source_next(s, &frame, &err), SOURCE_FRAME);
			assert_int_equal(frame.number, n);
			assert_int_equal(frame.file, 2);
			assert_int_equal(frame.link, cases[i].link);
			assert_int_equal(frame.captured_len, 4);
			assert_int_equal(frame.wire_len, 60);
			assert_int_equal(frame.at_ns,
					 (1700000000LL + n) * 1000000000 + cases[i].fraction_ns);
		}
		assert_int_equal(source_next(s, &frame, &err), SOURCE_END);
		source_close(s);
		text_free(&b.out);
	}
}

static void classic_cut(void **state)
{
	struct builder b = {0};
	struct frame frame;

	(void)state;
	build_classic(&b, 0xa1b2c3d4, 1);
	for (size_t len = 0; len < b.out.len; len++) {
		bool between = len == 24 || len == 44;
		struct err err;
		struct source *s = open_classic(&b, len, &err);
		uint32_t frames = 0;

		if (!s) {
			assert_true(len < 24);
			assert_int_equal(err.code, IO_INPUT);
			continue;
		}
		while (source_next(s, &frame, &err) == SOURCE_FRAME)
			frames++;
		assert_int_equal(frames, len < 44 ? 0 : 1);
		assert_int_equal(source_next(s, &frame, &err), between ? SOURCE_END : SOURCE_CUT);
		if (!between)
			assert_non_null(strstr(err.msg, "cut off or damaged after frame"));
		source_close(s);
	}
	text_free(&b.out);
}

static void strange_files(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *want;
	} cases[] = {
		{"", 0, "is empty"},
		{"ab", 2, "is not a pcap or pcapng capture"},
		{"Hello, world, this is text", 26, "is not a pcap or pcapng capture"},
		{"\x1f\x8b\x08\x00zzzzzzzz", 12, "gzip"},
		{"\x28\xb5\x2f\xfdzzzzzzzz", 12, "zstd"},
		{"\xfd"
		 "7zXZ\0zzzzzz",
		 12, "xz"},
		{"\x0a\x0d\x0d\x0a", 4, "cut off in the block at byte 0"},
		{"\xd4\xc3\xb2\xa1\x02\x00", 6, "cannot read"},
	};
	char path[2 * TEMP_PATH_BYTES];
	struct err err;

	(void)state;
	temp_path(path, folder, "strange");
	for (size_t i = 0; i < COUNT(cases); i++) {
		err = (struct err){0};
		write_file(path, cases[i].bytes, cases[i].len);
		assert_null(source_open_file(path, 1, &err));
		assert_int_equal(err.code, IO_INPUT);
		assert_non_null(strstr(err.msg, cases[i].want));
		assert_non_null(strstr(err.msg, path));
	}
	unlink(path);
	assert_null(source_open_file(path, 1, &err));
	assert_non_null(strstr(err.msg, "No such file"));
	assert_null(source_open_file(folder, 1, &err));
	assert_int_equal(err.code, IO_INPUT);
	assert_non_null(strstr(err.msg, "Is a directory"));
}

/* Frames that nobody can decode are a failure of the file, unless others are among them. */
static void unknown_links(void **state)
{
	static const struct {
		uint16_t first, second;
		enum source_event want;
	} cases[] = {
		{143, 143, SOURCE_FAILED},
		{143, 1, SOURCE_END},
		{1, 1, SOURCE_END},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct builder b = {0};
		struct frame frame;
		struct source *s;
		struct err err;

		section(&b);
		interface(&b, cases[i].first, 0, -1);
		interface(&b, cases[i].second, 0, -1);
		packet(&b, 0, 1, "one");
		packet(&b, 1, 2, "two");
		s = open_bytes(&b, b.out.len, &err);
		assert_non_null(s);
		assert_int_equal(source_next(s, &frame, &err), SOURCE_FRAME);
		assert_int_equal(source_next(s, &frame, &err), SOURCE_FRAME);
		assert_int_equal(source_next(s, &frame, &err), cases[i].want);
		if (cases[i].want == SOURCE_FAILED)
			assert_non_null(strstr(err.msg, "link type 143 (DOCSIS)"));
		source_close(s);
		text_free(&b.out);
	}
}

/* Both formats through a pipe, which cannot be rewound. */
static void standard_input(void **state)
{
	int saved = dup(STDIN_FILENO);

	(void)state;
	for (int ng = 0; ng < 2; ng++) {
		struct builder b = {0};
		struct frame frame;
		struct source *s;
		struct err err;
		int ends[2];

		if (ng) {
			section(&b);
			interface(&b, 1, 0, -1);
			packet(&b, 0, 1, "one");
			packet(&b, 0, 2, "two");
		} else {
			build_classic(&b, 0xa1b2c3d4, 1);
		}
		assert_int_equal(pipe(ends), 0);
		assert_int_equal(write(ends[1], b.out.s, b.out.len), b.out.len);
		close(ends[1]);
		assert_int_not_equal(dup2(ends[0], STDIN_FILENO), -1);
		close(ends[0]);
		clearerr(stdin);
		s = source_open_file("-", 1, &err);
		assert_non_null(s);
		assert_int_equal(source_next(s, &frame, &err), SOURCE_FRAME);
		assert_int_equal(source_next(s, &frame, &err), SOURCE_FRAME);
		assert_int_equal(frame.number, 2);
		assert_int_equal(source_next(s, &frame, &err), SOURCE_END);
		source_close(s);
		text_free(&b.out);
	}
	assert_int_not_equal(dup2(saved, STDIN_FILENO), -1);
	close(saved);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(classic),	  cmocka_unit_test(classic_cut),
		cmocka_unit_test(strange_files),  cmocka_unit_test(unknown_links),
		cmocka_unit_test(standard_input),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
