/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/text.h"
#include "io/folder/captures.h"
#include "io/host/status.h"
#include "pcapng_build.h"
#include "temp_dir.h"
#include <sys/stat.h>

#define FILES_MAX     3
#define HEADER_BYTES  24
#define RECORD_BYTES  20
#define ORDER_SECONDS 1700000000

static const char *const names[] = {"a", "b", "c"};

/* A classic file with a frame for each digit: so many seconds after the beginning. */
static void write_capture(const char *name, const char *seconds, size_t cut)
{
	char path[2 * TEMP_PATH_BYTES];
	struct builder b = {0};

	put32(&b, 0xa1b2c3d4);
	put16(&b, 2);
	put16(&b, 4);
	put_n(&b, 0, 8);
	put32(&b, 65535);
	put32(&b, 1);
	for (; *seconds; seconds++) {
		put32(&b, ORDER_SECONDS + (uint32_t)(*seconds - '0'));
		put32(&b, 0);
		put32(&b, 4);
		put32(&b, 60);
		put_n(&b, 0x01020304, 4);
	}
	write_file(temp_path(path, folder, name), b.out.s, b.out.len - cut);
	text_free(&b.out);
}

static void remove_all(void)
{
	for (size_t i = 0; i < COUNT(names); i++) {
		char path[2 * TEMP_PATH_BYTES];

		unlink(temp_path(path, folder, names[i]));
	}
}

static struct captures *open_named(size_t n, struct err *err)
{
	char paths[FILES_MAX][2 * TEMP_PATH_BYTES];
	const char *list[FILES_MAX];

	for (size_t i = 0; i < n; i++)
		list[i] = temp_path(paths[i], folder, names[i]);
	*err = (struct err){0};
	return captures_open(list, n, NULL, err);
}

/* All frames, each as its file's letter and its second. */
static void read_all(struct captures *c, struct text *out)
{
	struct frame frame;
	struct err err = {0};
	enum source_event event;

	while ((event = captures_next(c, &frame, &err)) == SOURCE_FRAME) {
		assert_int_equal(frame.captured_len, 4);
		assert_int_equal(frame.bytes[3], 1);
		text_addf(out, "%s%d ", names[frame.file - 1],
			  (int)(frame.at_ns / 1000000000 - ORDER_SECONDS));
	}
	assert_int_equal(event, SOURCE_END);
	assert_int_equal(captures_next(c, &frame, &err), SOURCE_END);
}

static void check_twice(struct captures *c, const char *order)
{
	struct err err = {0};

	for (int round = 0; round < 2; round++) {
		struct text seen = {0};

		assert_true(captures_progress(c) < 1);
		read_all(c, &seen);
		assert_string_equal(text_str(&seen), order);
		assert_true(captures_progress(c) > 0.5 && captures_progress(c) <= 1);
		text_free(&seen);
		assert_int_equal(captures_rewind(c, &err), 0);
	}
}

/* The order of time; of equal times that of the files, and within a file always its own. */
static void merged(void **state)
{
	static const struct {
		const char *files[FILES_MAX];
		const char *order;
	} rows[] = {
		{{"146"}, "a1 a4 a6 "},
		{{"146", "235"}, "a1 b2 b3 a4 b5 a6 "},
		{{"235", "146"}, "b1 a2 a3 b4 a5 b6 "},
		{{"789", "123", "456"}, "b1 b2 b3 c4 c5 c6 a7 a8 a9 "},
		{{"122", "2", "023"}, "c0 a1 a2 a2 b2 c2 c3 "},
		{{"51", "2"}, "b2 a5 a1 "},
		{{"1", "", "2"}, "a1 c2 "},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct err err;
		struct captures *c;
		size_t n = 0;

		for (; n < FILES_MAX && rows[i].files[n]; n++)
			write_capture(names[n], rows[i].files[n], 0);
		c = open_named(n, &err);
		assert_non_null(c);
		assert_int_equal(captures_count(c), n);
		check_twice(c, rows[i].order);
		for (size_t k = 0; k < n; k++)
			assert_null(captures_cut(c, k));
		captures_close(c);
		remove_all();
	}
}

/* A file that ends inside a record ends there; the others go on. */
static void cut_short(void **state)
{
	struct err err;
	struct captures *c;
	char path[2 * TEMP_PATH_BYTES];

	(void)state;
	for (size_t cut = 1; cut < RECORD_BYTES; cut++) {
		write_capture("a", "148", cut);
		write_capture("b", "29", 0);
		c = open_named(2, &err);
		assert_non_null(c);
		check_twice(c, "a1 b2 a4 b9 ");
		assert_non_null(captures_cut(c, 0));
		assert_non_null(strstr(captures_cut(c, 0), temp_path(path, folder, "a")));
		assert_null(captures_cut(c, 1));
		captures_close(c);
	}
	remove_all();
}

static void refused(void **state)
{
	const char *many[CAPTURES_MAX + 1];
	char path[2 * TEMP_PATH_BYTES];
	struct err err = {0};

	(void)state;
	write_capture("a", "1", 0);
	for (size_t i = 0; i < COUNT(many); i++)
		many[i] = temp_path(path, folder, "a");
	assert_null(captures_open(many, COUNT(many), NULL, &err));
	assert_int_equal(err.code, IO_USAGE);

	assert_null(open_named(2, &err)); /* there is no b */
	assert_int_equal(err.code, IO_INPUT);
	assert_non_null(strstr(err.msg, "/b'"));

	write_file(temp_path(path, folder, "b"), "", 0);
	assert_null(open_named(2, &err));
	assert_int_equal(err.code, IO_INPUT);
	assert_non_null(strstr(err.msg, "is empty"));

	write_file(temp_path(path, folder, "b"), "none at all\n", 12);
	assert_null(open_named(2, &err));
	assert_int_equal(err.code, IO_INPUT);
	assert_non_null(strstr(err.msg, "is not a pcap"));

	unlink(path);
	assert_int_equal(mkdir(path, 0700), 0); /* a folder without a capture */
	assert_null(open_named(2, &err));
	assert_int_equal(err.code, IO_INPUT);
	assert_non_null(strstr(err.msg, "/b/capture.pcapng'"));
	assert_int_equal(rmdir(path), 0);
	remove_all();
}

/* A child that writes the file into the descriptor. */
static pid_t feed(const char *name, int fd)
{
	char path[2 * TEMP_PATH_BYTES], bytes[1024];
	pid_t pid = fork();
	FILE *f;
	size_t n;

	assert_int_not_equal(pid, -1);
	if (pid > 0)
		return pid;
	f = fopen(temp_path(path, folder, name), "re");
	n = f ? fread(bytes, 1, sizeof(bytes), f) : 0;
	_exit(n > 0 && write(fd, bytes, n) == (ssize_t)n ? 0 : 1);
}

static void note_copied(void *who, const char *name, uint64_t bytes)
{
	assert_string_equal(name, "standard input");
	*(uint64_t *)who = bytes;
}

/* Standard input can be a pipe, and one of several; it is read twice all the same. */
static void standard_input(void **state)
{
	char path[2 * TEMP_PATH_BYTES];
	const char *const list[] = {"-", temp_path(path, folder, "b")};
	struct err err = {0};
	struct captures *c;
	uint64_t copied = 0;
	const struct captures_watch watch = {note_copied, &copied};
	int ends[2], status;
	pid_t child;

	(void)state;
	write_capture("a", "146", 0);
	write_capture("b", "235", 0);
	assert_int_equal(pipe(ends), 0);
	child = feed("a", ends[1]);
	assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
	close(ends[0]);
	close(ends[1]);
	/* Where no file can be made, the next folder serves. */
	assert_int_equal(setenv("TMPDIR", "/nonexistent", 1), 0);
	c = captures_open(list, COUNT(list), &watch, &err);
	assert_int_equal(unsetenv("TMPDIR"), 0);
	assert_non_null(c);
	assert_string_equal(captures_name(c, 0), "standard input");
	assert_int_equal(copied, HEADER_BYTES + 3 * RECORD_BYTES);
	check_twice(c, "a1 b2 b3 a4 b5 a6 ");
	captures_close(c);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	remove_all();
}

/* A stream stays the caller's. */
static void of_stream(void **state)
{
	char path[2 * TEMP_PATH_BYTES];
	struct err err = {0};
	struct captures *c;
	FILE *f;

	(void)state;
	write_capture("a", "11", 0);
	f = fopen(temp_path(path, folder, "a"), "re");
	assert_non_null(f);
	c = captures_of_stream(f, "mine", &err);
	assert_non_null(c);
	check_twice(c, "a1 a1 ");
	captures_close(c);
	rewind(f);
	assert_int_equal(fgetc(f), 0xd4);
	fclose(f);
	remove_all();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(merged),    cmocka_unit_test(cut_short),
		cmocka_unit_test(refused),   cmocka_unit_test(standard_input),
		cmocka_unit_test(of_stream),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
