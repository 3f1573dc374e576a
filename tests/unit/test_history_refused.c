/* SPDX-License-Identifier: BSD-2-Clause */
/* What is no history, or not this writer's, is refused; and it is said why. */
#include "history_file.h"
#include <sqlite3.h>
#include <sys/stat.h>

static void second_writer(void **state)
{
	struct history_subject other = subject;
	struct tracker tracker;
	struct history *h, *second;
	struct err err;

	(void)state;
	h = claim(&tracker);
	second = open_history(true);
	assert_int_equal(history_claim(second, &subject, &tracker, &err), -1);
	assert_int_equal(err.code, 2);
	assert_non_null(strstr(err.msg, "another watch already keeps 'default'"));
	history_close(second);
	second = open_history(true);
	other.name = "office";
	assert_int_equal(history_claim(second, &other, &tracker, &err), 0);
	history_close(second);
	history_close(h);
	/* The same name for something else is refused. */
	other.port = 465;
	h = open_history(true);
	assert_int_equal(history_claim(h, &other, &tracker, &err), -1);
	assert_int_equal(err.code, 2);
	assert_non_null(strstr(err.msg, "another --name"));
	history_close(h);
	assert_int_equal(unlink(file), 0);
}

/* What is told of a file that cannot be used; both to read and to write. */
static void refused(const char *says, int code)
{
	for (int write = 0; write < 2; write++) {
		struct err err = {0};
		struct history *h = history_open(file, write, &err);
		struct history_list list;

		/* Damage may show only when the rows are read. */
		if (h && history_read(h, NULL, 0, &list, &err) == 0)
			fail_msg("what should be '%s' is read", says);
		history_close(h);
		if (err.code != code || !strstr(err.msg, says))
			fail_msg("status %d, '%s' instead of '%s'", err.code, err.msg, says);
	}
}

static void run_sql(const char *path, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void unusable(void **state)
{
	struct tracker last;
	char bytes[8192];
	FILE *f;

	(void)state;
	memset(bytes, 'x', sizeof(bytes));
	write_file(file, bytes, sizeof(bytes));
	refused("no history: not a data base", 4);
	unlink(file);
	run_sql(file, "CREATE TABLE mine (a)");
	refused("the data base of another program", 4);
	unlink(file);
	play("ooii", false, &last);
	run_sql(file, "PRAGMA user_version = 9");
	refused("was written by a newer whoblocks (version 9", 4);
	unlink(file);
	play("ooii", false, &last);
	run_sql(file, "UPDATE period SET state = 'evil'");
	refused("table period holds what no whoblocks writes", 4);
	unlink(file);
	play("ooii", false, &last);
	/* The middle of the file is overwritten. */
	f = fopen(file, "r+e");
	assert_non_null(f);
	assert_int_equal(fseek(f, 4096, SEEK_SET), 0);
	for (int i = 0; i < 8; i++)
		assert_int_equal(fwrite(bytes, 1, 4096, f), 4096);
	fclose(f);
	refused("is damaged", 4);
	unlink(file);
	assert_int_equal(mkdir(file, 0700), 0);
	refused("it is no file", 4);
	rmdir(file);
}

static void not_there(void **state)
{
	struct err err;

	(void)state;
	assert_null(history_open(file, false, &err));
	assert_int_equal(err.code, 4);
	assert_non_null(strstr(err.msg, "No such file"));
}

/* While somebody else holds the file, nothing is stored, and that is said. */
static void locked(void **state)
{
	struct play p = play_start();
	struct history *h = claim(&p.tracker);
	struct run_record run = record_of(&p, 'o');
	struct tracker_news news;
	struct history_entry entry = {.run = &run, .tracker = &p.tracker, .news = &news};
	struct err err;
	sqlite3 *db;

	(void)state;
	(void)play_letter(&p, 'o', &news);
	assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(history_add(h, &entry, &err), -1);
	assert_int_equal(err.code, 5);
	assert_non_null(strstr(err.msg, "locked"));
	sqlite3_close(db);
	assert_int_equal(history_add(h, &entry, &err), 0);
	history_close(h);
	unlink(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(second_writer),
		cmocka_unit_test(unusable),
		cmocka_unit_test(not_there),
		cmocka_unit_test(locked),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
