/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/history/columns.h"
#include "state/past.h"
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define NAMES_BYTES 96

/* A row while it is read. */
struct reading {
	sqlite3_stmt *stmt;
	struct arena *arena;
	bool good;
};

/* "local-network isp" */
static void who_names(uint8_t who, char buf[NAMES_BYTES])
{
	size_t at = 0;

	buf[0] = '\0';
	for (int b = 0; b <= BLOCKER_UNKNOWN; b++) {
		if (who & CONDITION_BIT(b))
			at += (size_t)snprintf(buf + at, NAMES_BYTES - at, "%s%s", at ? " " : "",
					       blocker_name((enum blocker)b));
	}
}

/* The bits of names that stand between blanks; 0 when one is none of ours. */
static uint8_t who_named(const char *names)
{
	uint8_t who = 0;

	while (*names) {
		char name[NAMES_BYTES] = "";
		enum blocker blocker;
		size_t n = strcspn(names, " ");

		if (n >= sizeof(name))
			return 0;
		memcpy(name, names, n);
		if (!blocker_named(name, &blocker))
			return 0;
		who |= CONDITION_BIT(blocker);
		names += n + (names[n] == ' ');
	}
	return who;
}

void columns_insert(const struct columns *c, struct text *sql)
{
	text_addf(sql, "INSERT OR REPLACE INTO %s (subject", c->table);
	for (size_t i = 0; i < c->n; i++)
		text_addf(sql, ", %s", c->items[i].name);
	text_add(sql, ") VALUES (?1");
	for (size_t i = 0; i < c->n; i++)
		text_addf(sql, ", ?%zu", i + 2);
	text_add(sql, ")");
}

void columns_select(const struct columns *c, struct text *sql)
{
	text_add(sql, "SELECT ");
	for (size_t i = 0; i < c->n; i++)
		text_addf(sql, "%s%s", i ? ", " : "", c->items[i].name);
	text_addf(sql, " FROM %s WHERE subject = ?1", c->table);
}

static int bind_text(sqlite3_stmt *stmt, int at, const char *s)
{
	return s ? sqlite3_bind_text(stmt, at, s, -1, SQLITE_TRANSIENT)
		 : sqlite3_bind_null(stmt, at);
}

static int bind_who(sqlite3_stmt *stmt, int at, enum column_kind kind, uint8_t who)
{
	const struct condition c = {STATE_UNKNOWN, who};
	enum blocker only = condition_blocker(&c);
	char names[NAMES_BYTES];

	if (kind == COLUMN_BLOCKER)
		return bind_text(stmt, at, blocker_name(only));
	who_names(who, names);
	return bind_text(stmt, at, only == BLOCKER_UNKNOWN ? names : NULL);
}

static int bind_one(sqlite3_stmt *stmt, int at, enum column_kind kind, const void *field)
{
	switch (kind) {
	case COLUMN_BOOL:
		return sqlite3_bind_int(stmt, at, *(const bool *)field);
	case COLUMN_U8:
		return sqlite3_bind_int(stmt, at, *(const uint8_t *)field);
	case COLUMN_U16:
		return sqlite3_bind_int(stmt, at, *(const uint16_t *)field);
	case COLUMN_U32:
		return sqlite3_bind_int64(stmt, at, *(const uint32_t *)field);
	case COLUMN_U64:
		return sqlite3_bind_int64(stmt, at, (int64_t) * (const uint64_t *)field);
	case COLUMN_INT:
		return sqlite3_bind_int(stmt, at, *(const int *)field);
	case COLUMN_I64:
		return sqlite3_bind_int64(stmt, at, *(const int64_t *)field);
	case COLUMN_TIME:
		return *(const int64_t *)field
			       ? sqlite3_bind_int64(stmt, at, *(const int64_t *)field)
			       : sqlite3_bind_null(stmt, at);
	case COLUMN_AMOUNT:
		return *(const double *)field < 0
			       ? sqlite3_bind_null(stmt, at)
			       : sqlite3_bind_double(stmt, at, *(const double *)field);
	case COLUMN_TEXT:
		return bind_text(stmt, at, *(const char *const *)field);
	case COLUMN_STATE:
		return bind_text(stmt, at, state_name(*(const enum state *)field));
	case COLUMN_MECHANISM:
		return bind_text(stmt, at, mechanism_name(*(const enum mechanism *)field));
	case COLUMN_WHY:
		return bind_text(stmt, at, gap_why_name(*(const enum gap_why *)field));
	case COLUMN_BLOCKER:
	case COLUMN_SUSPECTS:
		return bind_who(stmt, at, kind, *(const uint8_t *)field);
	}
	return SQLITE_MISUSE;
}

int columns_bind(const struct columns *c, sqlite3_stmt *stmt, int first, const void *row)
{
	int status = SQLITE_OK;

	for (size_t i = 0; i < c->n && status == SQLITE_OK; i++)
		status = bind_one(stmt, first + (int)i, c->items[i].kind,
				  (const char *)row + c->items[i].offset);
	return status;
}

static const char *text_at(const struct reading *r, int at)
{
	return (const char *)sqlite3_column_text(r->stmt, at);
}

/* A name of an enumeration; where none stands, the field stays as it is. */
static void read_name(struct reading *r, int at, enum column_kind kind, void *field)
{
	const char *name = text_at(r, at);
	enum blocker blocker;

	if (!name)
		return;
	if (kind == COLUMN_STATE)
		r->good = r->good && state_named(name, field);
	else if (kind == COLUMN_MECHANISM)
		r->good = r->good && mechanism_named(name, field);
	else if (kind == COLUMN_WHY)
		r->good = r->good && gap_why_named(name, field);
	else if (kind == COLUMN_BLOCKER && blocker_named(name, &blocker))
		*(uint8_t *)field = condition_of(STATE_UNKNOWN, blocker, 0).who;
	else if (kind == COLUMN_SUSPECTS && who_named(name))
		*(uint8_t *)field = who_named(name);
	else
		r->good = false;
}

static void read_one(struct reading *r, int at, enum column_kind kind, void *field)
{
	int64_t n = sqlite3_column_int64(r->stmt, at);

	switch (kind) {
	case COLUMN_BOOL:
		*(bool *)field = n != 0;
		break;
	case COLUMN_U8:
		*(uint8_t *)field = (uint8_t)n;
		break;
	case COLUMN_U16:
		*(uint16_t *)field = (uint16_t)n;
		break;
	case COLUMN_U32:
		*(uint32_t *)field = (uint32_t)n;
		break;
	case COLUMN_U64:
		*(uint64_t *)field = (uint64_t)n;
		break;
	case COLUMN_INT:
		*(int *)field = (int)n;
		break;
	case COLUMN_I64:
	case COLUMN_TIME:
		*(int64_t *)field = n;
		break;
	case COLUMN_AMOUNT:
		*(double *)field = sqlite3_column_type(r->stmt, at) == SQLITE_NULL
					   ? -1
					   : sqlite3_column_double(r->stmt, at);
		break;
	case COLUMN_TEXT:
		*(const char **)field =
			text_at(r, at) ? arena_copy(r->arena, text_at(r, at)) : NULL;
		break;
	case COLUMN_STATE:
	case COLUMN_MECHANISM:
	case COLUMN_WHY:
	case COLUMN_BLOCKER:
	case COLUMN_SUSPECTS:
		read_name(r, at, kind, field);
		break;
	}
}

bool columns_read(const struct columns *c, sqlite3_stmt *stmt, int first, void *row,
		  struct arena *arena)
{
	struct reading r = {stmt, arena, true};

	for (size_t i = 0; i < c->n; i++)
		read_one(&r, first + (int)i, c->items[i].kind, (char *)row + c->items[i].offset);
	return r.good && !arena->failed;
}
