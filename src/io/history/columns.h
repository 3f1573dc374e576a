/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_HISTORY_COLUMNS_H
#define IO_HISTORY_COLUMNS_H

/*
 * The tables of the history as lists of columns: what each is called and which
 * field it holds. Statements are made of them, and rows are written and read by
 * them, so that each field is named once.
 */

#include "base/arena.h"
#include "base/text.h"
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

enum column_kind {
	COLUMN_BOOL,	  /* bool */
	COLUMN_U8,	  /* uint8_t; 0 is NULL where the column may be */
	COLUMN_U16,	  /* uint16_t */
	COLUMN_U32,	  /* uint32_t */
	COLUMN_U64,	  /* uint64_t */
	COLUMN_INT,	  /* int */
	COLUMN_I64,	  /* int64_t */
	COLUMN_TIME,	  /* int64_t; 0 is NULL */
	COLUMN_AMOUNT,	  /* double; negative is NULL */
	COLUMN_TEXT,	  /* const char *; NULL is NULL */
	COLUMN_STATE,	  /* enum state, by name */
	COLUMN_MECHANISM, /* enum mechanism, by name */
	COLUMN_WHY,	  /* enum gap_why, by name */
	COLUMN_BLOCKER,	  /* uint8_t of suspects: the only one by name, else "unknown" */
	COLUMN_SUSPECTS,  /* uint8_t of suspects: NULL for one, else all by name. After BLOCKER */
};

struct column {
	const char *name;
	enum column_kind kind;
	size_t offset;
};

struct columns {
	const char *table;
	const struct column *items;
	size_t n;
	size_t size; /* bytes of the struct that a row is */
};

extern const struct columns columns_run, columns_period, columns_gap, columns_sums, columns_server,
	columns_tracker, columns_subject;

/* "INSERT OR REPLACE INTO table (subject, a, b) VALUES (?1, ?2, ?3)" */
void columns_insert(const struct columns *c, struct text *sql);

/* "SELECT a, b FROM table WHERE subject = ?1", to be continued. */
void columns_select(const struct columns *c, struct text *sql);

/* Binds a struct's fields from parameter `first` on. An SQLite status. */
int columns_bind(const struct columns *c, sqlite3_stmt *stmt, int first, const void *row);

/*
 * Fills a struct from the columns of a row, from `first` on; text is copied to the arena. False
 * when a name is none of ours: whoever wrote that was another program.
 */
bool columns_read(const struct columns *c, sqlite3_stmt *stmt, int first, void *row,
		  struct arena *arena);

#endif
