/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_HISTORY_IMPL_H
#define IO_HISTORY_IMPL_H

/*
 * What the files of the history share.
 */

#include "io/history/history.h"
#include <sqlite3.h>

struct history {
	sqlite3 *db;
	char *path;
	int claim_fd; /* holds the claim; -1: none */
	int64_t subject;
};

/* schema.sql, which the build turns into bytes. */
extern const unsigned char data_history[];

/* *err says what SQLite could not do, and why. Returns -1. */
int history_fault(struct history *h, const char *what, struct err *err);

/* Runs statements that give no rows. 0, or -1 with *err. */
int history_run(struct history *h, const char *sql, struct err *err);

/* A statement whose first parameter is the subject's number; NULL with *err. */
sqlite3_stmt *history_prepare(struct history *h, const char *sql, int64_t subject, struct err *err);

/* Runs a statement to its end and finalises it. 0, or -1 with *err. */
int history_finish(struct history *h, sqlite3_stmt *stmt, struct err *err);

#endif
