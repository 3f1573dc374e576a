/* SPDX-License-Identifier: BSD-2-Clause */
/* Evidence folders: whole or not there, checked, and nothing of anybody else's touched. */
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

struct place {
	char folder[TEMP_PATH_BYTES];
	char path[2 * TEMP_PATH_BYTES], partial[2 * TEMP_PATH_BYTES];
};

static void open_place(struct place *p)
{
	temp_folder(p->folder);
	temp_path(p->path, p->folder, "ev");
	temp_path(p->partial, p->folder, "ev.partial");
}

static void close_place(struct place *p)
{
	folder_remove(p->path);
	folder_remove(p->partial);
	assert_int_equal(rmdir(p->folder), 0);
}

static bool exists(const char *path)
{
	return access(path, F_OK) == 0;
}

static void make(const struct place *p, const char *text, bool replace)
{
	struct folder f;
	struct err err = {0};

	assert_int_equal(folder_open(&f, p->path, replace, &err), 0);
	assert_int_equal(folder_write(&f, "result.json", text, strlen(text), &err), 0);
	assert_int_equal(folder_write(&f, FOLDER_CAPTURE, "abc", 3, &err), 0);
	assert_true(exists(p->partial));
	assert_int_equal(folder_publish(&f, &err), 0);
	assert_true(exists(p->path));
	assert_false(exists(p->partial));
}

static void test_publish(void **state)
{
	struct place p;
	struct err err = {0};
	char file[3 * TEMP_PATH_BYTES];

	(void)state;
	open_place(&p);
	make(&p, "one", false);
	assert_int_equal(folder_verify(p.path, &err), 0);
	assert_int_equal(folder_check(p.path, false, &err), -1);
	assert_int_equal(err.code, IO_USAGE);
	make(&p, "two", true);
	assert_int_equal(folder_verify(p.path, &err), 0);

	snprintf(file, sizeof(file), "%s/result.json", p.path);
	write_file(file, "twO", 3);
	assert_int_equal(folder_verify(p.path, &err), -1);
	assert_int_equal(err.code, IO_EVIDENCE);
	assert_non_null(strstr(err.msg, "result.json"));
	write_file(file, "two", 3);
	assert_int_equal(folder_verify(p.path, &err), 0);
	snprintf(file, sizeof(file), "%s/ticket.txt", p.path);
	write_file(file, "later", 5);
	assert_int_equal(folder_verify(p.path, &err), -1);
	assert_int_equal(err.code, IO_EVIDENCE);
	close_place(&p);
}

static void test_foreign_files(void **state)
{
	struct place p;
	struct folder f;
	struct err err = {0};
	char file[3 * TEMP_PATH_BYTES];

	(void)state;
	open_place(&p);
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
	assert_int_equal(err.code, IO_SYSTEM);
	assert_true(exists(file));
	unlink(file);
	close_place(&p);
}

/* What a killed run leaves is replaced by the next one. */
static void test_leftover(void **state)
{
	struct place p;
	char file[3 * TEMP_PATH_BYTES];

	(void)state;
	open_place(&p);
	assert_int_equal(mkdir(p.partial, 0777), 0);
	snprintf(file, sizeof(file), "%s/" FOLDER_CAPTURE ".partial", p.partial);
	write_file(file, "half", 4);
	make(&p, "whole", false);
	close_place(&p);
}

static void test_two_at_once(void **state)
{
	struct place p;
	struct folder one, two;
	struct err err = {0};

	(void)state;
	open_place(&p);
	assert_int_equal(folder_open(&one, p.path, false, &err), 0);
	assert_int_equal(folder_open(&two, p.path, false, &err), -1);
	assert_non_null(strstr(err.msg, "another run"));
	folder_close(&one, false);
	assert_false(exists(p.partial));
	close_place(&p);
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
	};
	struct place p;
	char file[3 * TEMP_PATH_BYTES];

	(void)state;
	open_place(&p);
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
	close_place(&p);
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
	assert_int_equal(sha256_file("/nonexistent", sum, &err), -1);
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
