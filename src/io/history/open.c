/* SPDX-License-Identifier: BSD-2-Clause */
/* The file itself: opened, made, refused. */
#include "io/history/impl.h"
#include "io/host/status.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define APPLICATION 0x77686f62 /* "whob" */
#define VERSION	    1
#define BUSY_MS	    2000

bool history_built(void)
{
	return true;
}

int history_fault(struct history *h, const char *what, struct err *err)
{
	int status = sqlite3_errcode(h->db);

	if (status == SQLITE_NOTADB)
		return err_set(err, IO_INPUT, "'%s' is no history: not a data base of SQLite",
			       h->path);
	if (status == SQLITE_CORRUPT)
		return err_set(err, IO_INPUT, "the history '%s' is damaged: %s (%s)", h->path,
			       sqlite3_errmsg(h->db), what);
	if (sqlite3_extended_errcode(h->db) == SQLITE_READONLY_ROLLBACK)
		return err_set(err, IO_INPUT,
			       "the history '%s' waits for its writer to take back a change that "
			       "was cut off: start the watch again",
			       h->path);
	if (status == SQLITE_FULL)
		return err_set(err, IO_SYSTEM, "the history '%s': the disk is full (%s)", h->path,
			       what);
	return err_set(err, IO_SYSTEM, "the history '%s': %s (%s)", h->path, sqlite3_errmsg(h->db),
		       what);
}

int history_run(struct history *h, const char *sql, struct err *err)
{
	if (sqlite3_exec(h->db, sql, NULL, NULL, NULL) == SQLITE_OK)
		return 0;
	return history_fault(h, sql, err);
}

sqlite3_stmt *history_prepare(struct history *h, const char *sql, int64_t subject, struct err *err)
{
	sqlite3_stmt *stmt = NULL;

	if (sqlite3_prepare_v2(h->db, sql, -1, &stmt, NULL) == SQLITE_OK &&
	    (sqlite3_bind_parameter_count(stmt) == 0 ||
	     sqlite3_bind_int64(stmt, 1, subject) == SQLITE_OK))
		return stmt;
	(void)history_fault(h, sql, err);
	sqlite3_finalize(stmt);
	return NULL;
}

int history_finish(struct history *h, sqlite3_stmt *stmt, struct err *err)
{
	int status = SQLITE_ROW;

	if (!stmt)
		return -1;
	while (status == SQLITE_ROW)
		status = sqlite3_step(stmt);
	if (status != SQLITE_DONE)
		(void)history_fault(h, sqlite3_sql(stmt), err);
	sqlite3_finalize(stmt);
	return status == SQLITE_DONE ? 0 : -1;
}

/* A number that a PRAGMA tells. 0, or -1 with *err. */
static int pragma(struct history *h, const char *sql, int64_t *out, struct err *err)
{
	sqlite3_stmt *stmt = history_prepare(h, sql, 0, err);

	if (!stmt)
		return -1;
	if (sqlite3_step(stmt) != SQLITE_ROW) {
		(void)history_fault(h, sql, err);
		sqlite3_finalize(stmt);
		return -1;
	}
	*out = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return 0;
}

/* A new file gets its tables, in one step with what says whose they are. */
static int make(struct history *h, struct err *err)
{
	char whose[128];

	snprintf(whose, sizeof(whose), "PRAGMA application_id = %d; PRAGMA user_version = %d;",
		 APPLICATION, VERSION);
	if (history_run(h, "PRAGMA auto_vacuum = INCREMENTAL; BEGIN IMMEDIATE", err) == 0 &&
	    history_run(h, (const char *)data_history, err) == 0 &&
	    history_run(h, whose, err) == 0 && history_run(h, "COMMIT", err) == 0)
		return 0;
	sqlite3_exec(h->db, "ROLLBACK", NULL, NULL, NULL);
	return -1;
}

/* Whether the file is a history that this version knows; makes an empty one to be written. */
static int check(struct history *h, bool write, struct err *err)
{
	int64_t application = 0, version = 0, tables = 0;

	if (pragma(h, "PRAGMA application_id", &application, err) != 0 ||
	    pragma(h, "PRAGMA user_version", &version, err) != 0 ||
	    pragma(h, "SELECT count(*) FROM sqlite_schema", &tables, err) != 0)
		return -1;
	if (application == 0 && version == 0 && tables == 0)
		return write ? make(h, err)
			     : err_set(err, IO_INPUT, "the history '%s' is empty", h->path);
	if (application != APPLICATION)
		return err_set(err, IO_INPUT,
			       "'%s' is the data base of another program, no history of whoblocks",
			       h->path);
	if (version != VERSION)
		return err_set(err, IO_INPUT,
			       "the history '%s' was written by a newer whoblocks (version %lld of "
			       "its tables; this one knows %d)",
			       h->path, (long long)version, VERSION);
	return 0;
}

static int set_up(struct history *h, bool write, struct err *err)
{
	sqlite3_busy_timeout(h->db, BUSY_MS);
	sqlite3_extended_result_codes(h->db, 0);
	/* The file may come from anywhere: nothing in it is run. */
	sqlite3_db_config(h->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(h->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(h->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(h->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	if (check(h, write, err) != 0)
		return -1;
	/* A reader without the right to write reads this mode of the journal, but not a WAL. A
	 * writer that runs for months keeps no more of the file in memory than a commit needs
	 * (KiB). */
	return write ? history_run(h,
				   "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; "
				   "PRAGMA cache_size = -128",
				   err)
		     : 0;
}

struct history *history_open(const char *path, bool write, struct err *err)
{
	struct history *h = calloc(1, sizeof(*h));
	int flags = write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
	struct stat info = {0};

	if (!h || !(h->path = strdup(path))) {
		free(h);
		err_set(err, IO_SYSTEM, "no memory for the history");
		return NULL;
	}
	h->claim_fd = -1;
	if (stat(path, &info) == 0 ? !S_ISREG(info.st_mode) : !write)
		err_set(err, IO_INPUT, "cannot open the history '%s': %s", path,
			info.st_mode ? "it is no file" : strerror(errno));
	else if (sqlite3_open_v2(path, &h->db, flags, NULL) != SQLITE_OK)
		err_set(err, IO_SYSTEM, "cannot open the history '%s': %s", path,
			h->db ? strerror(sqlite3_system_errno(h->db)) : "no memory");
	else if (set_up(h, write, err) == 0)
		return h;
	history_close(h);
	return NULL;
}

void history_close(struct history *h)
{
	if (!h)
		return;
	sqlite3_close(h->db);
	/* Last: closing the file would end SQLite's own locks on it. */
	if (h->claim_fd >= 0)
		close(h->claim_fd);
	free(h->path);
	free(h);
}
