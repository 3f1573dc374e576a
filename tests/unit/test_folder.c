/* SPDX-License-Identifier: BSD-2-Clause */
/* Evidence folders: whole or not there, checked, and nothing of anybody else's touched. */
#include "between.h"
#include "io/folder/folder.h"
#include "io/folder/folder_names.h"
#include "io/folder/sha256.h"
#include "io/host/status.h"
#include "io/names/rdap.h"
#include "io_test.h"
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>

struct room {
	char folder[TEMP_PATH_BYTES];
	char path[2 * TEMP_PATH_BYTES], partial[2 * TEMP_PATH_BYTES];
};

static void open_room(struct room *p)
{
	temp_folder(p->folder);
	temp_path(p->path, p->folder, "ev");
	temp_path(p->partial, p->folder, "ev.partial");
}

static void close_room(struct room *p)
{
	folder_remove(AT_FDCWD, p->path);
	folder_remove(AT_FDCWD, p->partial);
	assert_int_equal(rmdir(p->folder), 0);
}

static bool exists(const char *path)
{
	return access(path, F_OK) == 0;
}

static void put(const struct folder *f, const char *name, const char *text)
{
	int fd = openat(f->fd, name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

/* A folder with a result that has our mark and this text, and what is no capture. */
static void make(const struct room *p, const char *text, bool replace)
{
	struct folder f;
	struct err err = {0};
	char result[64];

	snprintf(result, sizeof(result), "{\"schema\": \"whoblocks/1\"} %s", text);
	if (folder_open(&f, p->path, replace, &err) != 0)
		fail_msg("%s", err.msg);
	put(&f, "result.json", result);
	put(&f, FOLDER_CAPTURE, "abc");
	assert_true(exists(p->partial));
	assert_int_equal(folder_publish(&f, &err), 0);
	folder_close(&f);
	assert_true(exists(p->path));
	assert_false(exists(p->partial));
}

static void test_publish(void **state)
{
	struct room p;
	struct err err = {0};
	char file[3 * TEMP_PATH_BYTES];

	(void)state;
	open_room(&p);
	make(&p, "one", false);
	assert_int_equal(folder_verify(p.path, &err), 0);
	assert_int_equal(folder_check(p.path, false, &err), -1);
	assert_int_equal(err.code, IO_USAGE);
	make(&p, "two", true);
	assert_int_equal(folder_verify(p.path, &err), 0);

	snprintf(file, sizeof(file), "%s/result.json", p.path);
	write_file(file, "{\"schema\": \"whoblocks/1\"} twO", 29);
	assert_int_equal(folder_verify(p.path, &err), -1);
	assert_int_equal(err.code, IO_EVIDENCE);
	assert_non_null(strstr(err.msg, "result.json"));
	write_file(file, "{\"schema\": \"whoblocks/1\"} two", 29);
	assert_int_equal(folder_verify(p.path, &err), 0);
	snprintf(file, sizeof(file), "%s/ticket.txt", p.path);
	write_file(file, "later", 5);
	assert_int_equal(folder_verify(p.path, &err), -1);
	assert_int_equal(err.code, IO_EVIDENCE);
	close_room(&p);
}

static void test_foreign_files(void **state)
{
	struct room p;
	struct folder f;
	struct err err = {0};
	char file[3 * TEMP_PATH_BYTES];

	(void)state;
	open_room(&p);
	make(&p, "one", false);
	snprintf(file, sizeof(file), "%s/notes.txt", p.path);
	write_file(file, "mine", 4);
	assert_int_equal(folder_check(p.path, true, &err), -1);
	assert_int_equal(err.code, IO_USAGE);
	assert_non_null(strstr(err.msg, "notes.txt"));
	assert_true(exists(file));
	unlink(file);

	/* A partial folder with somebody else's file is not emptied either. */
	assert_int_equal(mkdir(p.partial, 0777), 0);
	snprintf(file, sizeof(file), "%s/notes.txt", p.partial);
	write_file(file, "mine", 4);
	assert_int_equal(folder_open(&f, p.path, true, &err), -1);
	assert_int_equal(err.code, IO_USAGE);
	assert_true(exists(file));
	unlink(file);
	close_room(&p);
}

/* Names alone make no evidence: what somebody else wrote under them stays. */
static void test_unmarked(void **state)
{
	static const char *const names[] = {"README.txt", "result.json", FOLDER_CAPTURE,
					    FOLDER_SUMS};
	struct room p;
	struct err err = {0};
	char file[3 * TEMP_PATH_BYTES];

	(void)state;
	open_room(&p);
	assert_int_equal(mkdir(p.path, 0777), 0);
	for (size_t i = 0; i < COUNT(names); i++) {
		snprintf(file, sizeof(file), "%s/%s", p.path, names[i]);
		write_file(file, "mine", 4);
		assert_int_equal(folder_check(p.path, true, &err), -1);
		assert_int_equal(err.code, IO_USAGE);
		assert_non_null(strstr(err.msg, "whoblocks wrote"));
		unlink(file);
	}
	/* An empty folder is nobody's loss. */
	assert_int_equal(folder_check(p.path, true, &err), 0);
	close_room(&p);
}

/* What a killed run leaves may be all there is: it is replaced only where that is wanted. */
static void test_leftover(void **state)
{
	/* A section of a pcapng that names us, and its end. */
	static const char spool[] = "\x0a\x0d\x0d\x0a\x30\0\0\0\x4d\x3c\x2b\x1a\1\0\0\0"
				    "\xff\xff\xff\xff\xff\xff\xff\xff\4\0\x09\0whoblocks\0\0\0"
				    "\0\0\0\0\x30\0\0";
	struct room p;
	struct folder f;
	struct err err = {0};
	char file[3 * TEMP_PATH_BYTES];

	(void)state;
	open_room(&p);
	assert_int_equal(mkdir(p.partial, 0777), 0);
	snprintf(file, sizeof(file), "%s/" FOLDER_CAPTURE ".partial", p.partial);
	write_file(file, spool, sizeof(spool));
	assert_int_equal(folder_open(&f, p.path, false, &err), -1);
	assert_int_equal(err.code, IO_USAGE);
	assert_non_null(strstr(err.msg, "--force"));
	assert_true(exists(file));
	make(&p, "whole", true);
	close_room(&p);
}

static void test_two_at_once(void **state)
{
	struct room p;
	struct folder one, two;
	struct err err = {0};

	(void)state;
	open_room(&p);
	assert_int_equal(folder_open(&one, p.path, false, &err), 0);
	assert_int_equal(folder_open(&two, p.path, false, &err), -1);
	assert_non_null(strstr(err.msg, "another run"));
	folder_discard(&one);
	folder_close(&one);
	assert_false(exists(p.partial));
	close_room(&p);
}

static void test_refused_paths(void **state)
{
	static const char *const rows[] = {"/", ".", "..", "/tmp/..", "", "/dev/null"};
	struct err err = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(folder_check(rows[i], true, &err), -1);
		assert_int_equal(err.code, IO_USAGE);
	}
}

static void test_bad_sums(void **state)
{
	static const char *const rows[] = {
		"nonsense\n",
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  ../secret\n",
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  gone\n",
		"BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD  result.json\n",
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  notes.txt\n",
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  " FOLDER_CAPTURE
		"\nba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad "
		" " FOLDER_CAPTURE "\n",
	};
	struct room p;
	char file[3 * TEMP_PATH_BYTES];

	(void)state;
	open_room(&p);
	make(&p, "abc", false);
	snprintf(file, sizeof(file), "%s/" FOLDER_SUMS, p.path);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct err err = {0};

		write_file(file, rows[i], strlen(rows[i]));
		assert_int_equal(folder_verify(p.path, &err), -1);
		assert_int_equal(err.code, IO_EVIDENCE);
	}
	unlink(file);
	assert_int_equal(folder_verify(p.path, &(struct err){0}), -1);
	close_room(&p);
}

/* What would make the reader wait, or lead it elsewhere, is no file of evidence. */
static void test_strange_members(void **state)
{
	static const char *const names[] = {FOLDER_CAPTURE, "result.json", FOLDER_SUMS};
	struct room p;
	struct err err = {0};
	char file[3 * TEMP_PATH_BYTES], other[3 * TEMP_PATH_BYTES];

	(void)state;
	open_room(&p);
	for (size_t i = 0; i < COUNT(names); i++) {
		for (int kind = 0; kind < 3; kind++) {
			make(&p, "one", i + (size_t)kind > 0);
			snprintf(file, sizeof(file), "%s/%s", p.path, names[i]);
			snprintf(other, sizeof(other), "%s/ticket.txt", p.path);
			assert_int_equal(rename(file, other), 0);
			if (kind == 0)
				assert_int_equal(mkfifo(file, 0600), 0);
			else
				assert_int_equal(symlink(kind == 1 ? other : "/dev/zero", file), 0);
			assert_int_equal(folder_verify(p.path, &err), -1);
			assert_between(err.code, IO_INPUT, IO_EVIDENCE);
			unlink(file);
			assert_int_equal(rename(other, file), 0);
			assert_int_equal(folder_verify(p.path, &err), 0);
		}
	}
	close_room(&p);
}

static void test_sha256(void **state)
{
	static const char abc[] =
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
	char sum[SHA256_TEXT_BYTES];
	struct err err = {0};

	(void)state;
	assert_int_equal(sha256_bytes("abc", 3, sum, &err), 0);
	assert_string_equal(sum, abc);
	assert_int_equal(sha256_fd(-1, "/nonexistent", sum, &err), -1);
	assert_int_equal(err.code, IO_INPUT);
}

static void test_rdap(void **state)
{
	static const struct {
		const char *json, *network, *name, *email;
	} rows[] = {
		{"{\"name\":\"NET\",\"entities\":[{\"roles\":[\"registrant\"],\"vcardArray\":["
		 "\"vcard\","
		 "[[\"fn\",{},\"text\",\"Owner\"],[\"email\",{},\"text\",\"owner@example.net\"]]],"
		 "\"entities\":[{\"roles\":[\"abuse\"],\"vcardArray\":[\"vcard\",[[\"fn\",{},"
		 "\"text\","
		 "\"Abuse\"],[\"email\",{},\"text\",\"abuse@example.net\"]]]}]}]}",
		 "NET", "Abuse", "abuse@example.net"},
		{"{\"handle\":\"H-1\"}", "H-1", "", ""},
		{"{\"entities\":[{\"vcardArray\":[\"vcard\",[[\"email\",{},\"text\",\"a@b\"]]]}]}",
		 "", "", "a@b"},
		{"{}", NULL, NULL, NULL},
		{"[]", NULL, NULL, NULL},
		{"{\"name\":5,\"entities\":{\"vcardArray\":7}}", NULL, NULL, NULL},
		{"<html>", NULL, NULL, NULL},
		{"", NULL, NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct rdap_contact contact;
		struct err err = {0};
		int status = rdap_parse(rows[i].json, strlen(rows[i].json), &contact, &err);

		assert_int_equal(status, rows[i].network ? 0 : -1);
		if (status != 0) {
			assert_true(err.msg[0] != '\0');
			continue;
		}
		assert_string_equal(contact.network, rows[i].network);
		assert_string_equal(contact.name, rows[i].name);
		assert_string_equal(contact.email, rows[i].email);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_publish),	      cmocka_unit_test(test_foreign_files),
		cmocka_unit_test(test_leftover),      cmocka_unit_test(test_two_at_once),
		cmocka_unit_test(test_refused_paths), cmocka_unit_test(test_bad_sums),
		cmocka_unit_test(test_sha256),	      cmocka_unit_test(test_rdap),
		cmocka_unit_test(test_unmarked),      cmocka_unit_test(test_strange_members),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
