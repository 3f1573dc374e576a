/* SPDX-License-Identifier: BSD-2-Clause */
/* What a run brings goes into the history in one step. */
#include "io/history/columns.h"
#include "io/history/impl.h"
#include "io/host/status.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* A subject's byte that its writer locks: far beyond the data, and beyond SQLite's own locks. */
#define CLAIM_AT (INT64_C(1) << 40)

/* Puts one row into a table. */
static int insert(struct history *h, const struct columns *c, const void *row, struct err *err)
{
	struct text sql = {0};
	sqlite3_stmt *stmt = NULL;

	columns_insert(c, &sql);
	if (sql.failed)
		err_set(err, IO_SYSTEM, "no memory for the history");
	else
		stmt = history_prepare(h, text_str(&sql), h->subject, err);
	text_free(&sql);
	if (stmt && columns_bind(c, stmt, 2, row) != SQLITE_OK) {
		(void)history_fault(h, c->table, err);
		sqlite3_finalize(stmt);
		return -1;
	}
	return history_finish(h, stmt, err);
}

/* One statement about the claimed subject, its number the first parameter. */
static int change(struct history *h, const char *sql, struct err *err)
{
	return history_finish(h, history_prepare(h, sql, h->subject, err), err);
}

/* The same with a text or a number as its second parameter. */
static int change_text(struct history *h, const char *sql, const char *text, struct err *err)
{
	sqlite3_stmt *stmt = history_prepare(h, sql, h->subject, err);

	if (stmt && text)
		sqlite3_bind_text(stmt, 2, text, -1, SQLITE_TRANSIENT);
	return history_finish(h, stmt, err);
}

static int change_number(struct history *h, const char *sql, int64_t n, struct err *err)
{
	sqlite3_stmt *stmt = history_prepare(h, sql, h->subject, err);

	if (stmt)
		sqlite3_bind_int64(stmt, 2, n);
	return history_finish(h, stmt, err);
}

/* Reads the claimed subject's only row of a table. 1: read, 0: there is none, -1 with *err. */
static int fetch(struct history *h, const struct columns *c, void *row, struct err *err)
{
	struct text sql = {0};
	struct arena none = {0};
	sqlite3_stmt *stmt = NULL;
	int status = -1;

	columns_select(c, &sql);
	if (!sql.failed)
		stmt = history_prepare(h, text_str(&sql), h->subject, err);
	text_free(&sql);
	switch (stmt ? sqlite3_step(stmt) : SQLITE_NOMEM) {
	case SQLITE_DONE:
		status = 0;
		break;
	case SQLITE_ROW:
		status = columns_read(c, stmt, 0, row, &none)
				 ? 1
				 : err_set(err, IO_INPUT, "the history '%s' is damaged: table %s",
					   h->path, c->table);
		break;
	default:
		(void)history_fault(h, c->table, err);
	}
	sqlite3_finalize(stmt);
	return status;
}

/* Whether this process alone writes the subject from now on. */
static int lock(struct history *h, const struct history_subject *s, struct err *err)
{
	struct flock byte = {
		.l_type = F_WRLCK,
		.l_whence = SEEK_SET,
		.l_start = CLAIM_AT + h->subject,
		.l_len = 1,
	};

	h->claim_fd = open(h->path, O_RDWR | O_CLOEXEC);
	if (h->claim_fd >= 0 && fcntl(h->claim_fd, F_OFD_SETLK, &byte) == 0)
		return 0;
	if (h->claim_fd >= 0 && (errno == EAGAIN || errno == EACCES))
		return err_set(err, IO_USAGE,
			       "another watch already keeps '%s' in the history '%s': give this "
			       "one another --name or --history",
			       s->name, h->path);
	return err_set(err, IO_SYSTEM, "cannot lock the history '%s': %s", h->path,
		       strerror(errno));
}

/* The subject's row: made, or found and compared. */
static int find_subject(struct history *h, const struct history_subject *s, struct err *err)
{
	sqlite3_stmt *stmt;
	int status = SQLITE_ERROR;
	bool same = false;

	stmt = history_prepare(h,
			       "INSERT INTO subject (port, name, hosts) VALUES (?1, ?2, ?3) "
			       "ON CONFLICT (name) DO UPDATE SET name = name "
			       "RETURNING id, port = ?1 AND hosts = ?3",
			       s->port, err);
	if (!stmt)
		return -1;
	sqlite3_bind_text(stmt, 2, s->name, -1, SQLITE_TRANSIENT);
	sqlite3_bind_text(stmt, 3, s->hosts, -1, SQLITE_TRANSIENT);
	if (sqlite3_step(stmt) == SQLITE_ROW) {
		h->subject = sqlite3_column_int64(stmt, 0);
		same = sqlite3_column_int(stmt, 1) != 0;
		status = sqlite3_step(stmt);
	}
	if (status != SQLITE_DONE)
		(void)history_fault(h, "subject", err);
	sqlite3_finalize(stmt);
	if (status != SQLITE_DONE)
		return -1;
	return same ? 0
		    : err_set(err, IO_USAGE,
			      "in the history '%s', '%s' is another port or other hosts: give this "
			      "watch another --name",
			      h->path, s->name);
}

int history_claim(struct history *h, const struct history_subject *s, struct tracker *tracker,
		  struct err *err)
{
	*tracker = (struct tracker){0};
	if (find_subject(h, s, err) != 0 || lock(h, s, err) != 0 ||
	    fetch(h, &columns_tracker, tracker, err) < 0)
		return -1;
	tracker->interval_us = s->interval_us;
	return 0;
}

static int add_run(struct history *h, const struct history_entry *e, struct err *err)
{
	struct run_record run = *e->run;
	struct past_sums sums = {0};

	run.clock_step_us = e->news->clock_step_us;
	if (insert(h, &columns_run, &run, err) != 0 || fetch(h, &columns_sums, &sums, err) < 0)
		return -1;
	past_sum(&sums, &run, e->news);
	if (insert(h, &columns_sums, &sums, err) != 0 ||
	    insert(h, &columns_tracker, e->tracker, err) != 0)
		return -1;
	return change_text(h, "UPDATE subject SET sentence = ?2 WHERE id = ?1", run.sentence, err);
}

/* The period that lasts is stored as it is known now; what was said when it began stays. */
static int store_period(struct history *h, const struct period *p, struct err *err)
{
	const struct past_period row = {.period = *p};
	struct text sql = {0};
	sqlite3_stmt *stmt = NULL;

	text_add(&sql, "UPDATE period SET ");
	for (size_t i = 0; i < columns_period.n; i++) {
		const struct column *c = &columns_period.items[i];

		if (c->kind == COLUMN_TEXT)
			break;
		text_addf(&sql, "%s%s = ?%zu", i ? ", " : "", c->name, i + 2);
	}
	text_add(&sql, " WHERE subject = ?1 AND until_us IS NULL");
	if (!sql.failed)
		stmt = history_prepare(h, text_str(&sql), h->subject, err);
	text_free(&sql);
	for (size_t i = 0; stmt && i < columns_period.n; i++) {
		struct columns one = columns_period;

		one.items += i;
		one.n = 1;
		if (one.items->kind == COLUMN_TEXT)
			break;
		(void)columns_bind(&one, stmt, (int)i + 2, &row);
	}
	return history_finish(h, stmt, err);
}

static int add_period(struct history *h, const struct history_entry *e, struct err *err)
{
	const struct past_period fresh = {
		.period = e->tracker->period,
		.sentence = e->run->sentence,
		.result = e->result,
		.evidence = e->evidence,
		.proof = e->proof,
	};

	if (e->news->ended && store_period(h, &e->news->ended_period, err) != 0)
		return -1;
	if (e->news->confirmed)
		return insert(h, &columns_period, &fresh, err);
	return e->tracker->has_period ? store_period(h, &e->tracker->period, err) : 0;
}

static int add_servers(struct history *h, const struct history_entry *e, struct err *err)
{
	if (run_worth(e->run->status) == RUN_FAILED)
		return 0;
	if (change(h, "DELETE FROM server WHERE subject = ?1", err) != 0)
		return -1;
	for (size_t i = 0; i < e->servers_n; i++) {
		if (insert(h, &columns_server, &e->servers[i], err) != 0)
			return -1;
	}
	return 0;
}

/* Ends a transaction: all of it, or nothing. */
static int end(struct history *h, int status, struct err *err)
{
	if (status == 0 && history_run(h, "COMMIT", err) == 0)
		return 0;
	sqlite3_exec(h->db, "ROLLBACK", NULL, NULL, NULL);
	return -1;
}

int history_add(struct history *h, const struct history_entry *entry, struct err *err)
{
	int status;

	if (history_run(h, "BEGIN IMMEDIATE", err) != 0)
		return -1;
	status = add_run(h, entry, err);
	if (status == 0 && entry->news->has_gap)
		status = insert(h, &columns_gap, &entry->news->gap, err);
	if (status == 0)
		status = add_period(h, entry, err);
	if (status == 0)
		status = add_servers(h, entry, err);
	return end(h, status, err);
}

int history_prune(struct history *h, int64_t before_us, struct err *err)
{
	if (change_number(h, "DELETE FROM run WHERE subject = ?1 AND ended_us < ?2", before_us,
			  err) != 0)
		return -1;
	return history_run(h, "PRAGMA incremental_vacuum", err);
}

int history_forget(struct history *h, const char *folder, struct err *err)
{
	if (change_text(h, "UPDATE period SET evidence = NULL WHERE subject = ?1 AND evidence = ?2",
			folder, err) != 0)
		return -1;
	return change_text(h, "UPDATE period SET proof = NULL WHERE subject = ?1 AND proof = ?2",
			   folder, err);
}
