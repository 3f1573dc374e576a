/* SPDX-License-Identifier: BSD-2-Clause */
/* The history read into memory. */
#include "base/array.h"
#include "io/history/columns.h"
#include "io/history/impl.h"
#include "io/host/status.h"
#include <stdlib.h>
#include <string.h>

/* Rows of a table as an array that grows. */
struct rows {
	char *items;
	size_t n, cap;
};

/* What a list is read for. */
struct reader {
	struct history *h;
	int64_t since_us;
	struct err *err;
};

/* Reads the rows that `where` selects into an array of the columns' struct. 0, or -1 with *err. */
static int read_rows(const struct reader *r, const struct columns *c, const char *where,
		     struct past *past, struct rows *out)
{
	struct text sql = {0};
	sqlite3_stmt *stmt = NULL;
	int status = SQLITE_NOMEM;

	*out = (struct rows){0};
	columns_select(c, &sql);
	text_addf(&sql, " %s ORDER BY rowid", where);
	if (!sql.failed)
		stmt = history_prepare(r->h, text_str(&sql), past->id, r->err);
	text_free(&sql);
	if (!stmt)
		return -1;
	if (sqlite3_bind_parameter_count(stmt) > 1)
		sqlite3_bind_int64(stmt, 2, r->since_us);
	while ((status = sqlite3_step(stmt)) == SQLITE_ROW) {
		if (!array_reserve(&out->items, &out->cap, out->n + 1, c->size)) {
			err_set(r->err, IO_SYSTEM, "no memory for the history");
			break;
		}
		memset(out->items + out->n * c->size, 0, c->size);
		if (!columns_read(c, stmt, 0, out->items + out->n * c->size, &past->arena)) {
			err_set(r->err, IO_INPUT,
				"the history '%s' is damaged: table %s holds what no whoblocks "
				"writes",
				r->h->path, c->table);
			break;
		}
		out->n++;
	}
	if (status != SQLITE_DONE && status != SQLITE_ROW)
		(void)history_fault(r->h, c->table, r->err);
	sqlite3_finalize(stmt);
	return status == SQLITE_DONE ? 0 : -1;
}

/* The only row of a table, where it is there. */
static int read_row(const struct reader *r, const struct columns *c, struct past *past, void *row)
{
	struct rows rows;
	int status = read_rows(r, c, "", past, &rows);

	if (status == 0 && rows.n > 0)
		memcpy(row, rows.items, c->size);
	free(rows.items);
	return status;
}

/* Everything about one subject, whose own row is read. */
static int fill(const struct reader *r, struct past *past)
{
	struct rows runs = {0}, periods = {0}, gaps = {0}, servers = {0};
	int status = read_row(r, &columns_tracker, past, &past->tracker);

	if (status == 0)
		status = read_row(r, &columns_sums, past, &past->sums);
	if (status == 0)
		status = read_rows(r, &columns_run,
				   "AND (ended_us >= ?2 OR id = (SELECT max(id) FROM run WHERE "
				   "subject = ?1))",
				   past, &runs);
	if (status == 0)
		status = read_rows(r, &columns_period, "AND ifnull(until_us, ?2) >= ?2", past,
				   &periods);
	if (status == 0)
		status = read_rows(r, &columns_gap, "AND to_us >= ?2", past, &gaps);
	if (status == 0)
		status = read_rows(r, &columns_server, "", past, &servers);
	past->runs = (struct run_record *)(void *)runs.items;
	past->runs_n = runs.n;
	past->periods = (struct past_period *)(void *)periods.items;
	past->periods_n = periods.n;
	past->gaps = (struct gap *)(void *)gaps.items;
	past->gaps_n = gaps.n;
	past->servers = (struct past_server *)(void *)servers.items;
	past->servers_n = servers.n;
	return status;
}

/* The rows of the subjects themselves, and all that belongs to each. */
static int read_subjects(const struct reader *r, const char *only, struct history_list *out)
{
	static const char sql[] = "SELECT id, name, port, hosts, sentence FROM subject "
				  "WHERE ?1 IS NULL OR name = ?1 ORDER BY name";
	sqlite3_stmt *stmt = NULL;
	size_t cap = 0;
	int status;

	if (sqlite3_prepare_v2(r->h->db, sql, -1, &stmt, NULL) != SQLITE_OK)
		return history_fault(r->h, "subject", r->err);
	if (only)
		sqlite3_bind_text(stmt, 1, only, -1, SQLITE_TRANSIENT);
	while ((status = sqlite3_step(stmt)) == SQLITE_ROW) {
		struct past *past;

		if (!array_reserve(&out->items, &cap, out->n + 1, sizeof(*out->items))) {
			err_set(r->err, IO_SYSTEM, "no memory for the history");
			break;
		}
		past = &out->items[out->n++];
		*past = (struct past){0};
		if (!columns_read(&columns_subject, stmt, 0, past, &past->arena)) {
			err_set(r->err, IO_SYSTEM, "no memory for the history");
			break;
		}
		if (fill(r, past) != 0)
			break;
	}
	if (status != SQLITE_DONE && status != SQLITE_ROW)
		(void)history_fault(r->h, "subject", r->err);
	sqlite3_finalize(stmt);
	return status == SQLITE_DONE ? 0 : -1;
}

int history_read(struct history *h, const char *only, int64_t since_us, struct history_list *out,
		 struct err *err)
{
	const struct reader reader = {h, since_us, err};
	int status;

	*out = (struct history_list){0};
	/* One moment of it, whatever a writer does meanwhile. */
	status = history_run(h, "BEGIN", err);
	if (status == 0) {
		status = read_subjects(&reader, only, out);
		sqlite3_exec(h->db, "ROLLBACK", NULL, NULL, NULL);
	}
	if (status == 0 && only && out->n == 0)
		status = err_set(err, IO_USAGE, "the history '%s' knows no '%s'", h->path, only);
	if (status != 0)
		history_list_free(out);
	return status;
}

void history_list_free(struct history_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		past_free(&list->items[i]);
	free(list->items);
	*list = (struct history_list){0};
}
