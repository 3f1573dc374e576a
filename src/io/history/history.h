/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_HISTORY_HISTORY_H
#define IO_HISTORY_HISTORY_H

/*
 * The history of a watched port in one file, a data base of SQLite. One process
 * writes a subject; any number read, also without the right to write. The tables
 * are described in schema.sql: others may rely on them.
 *
 * A build without it has the same functions: they say what is missing.
 */

#include "base/err.h"
#include "state/past.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HISTORY_KEEP_US (INT64_C(400) * 86400 * 1000000) /* how long single runs are kept */

struct history;

/* Whether this build can. */
bool history_built(void);

/*
 * Opens the file; to write, it is made where there is none, and where a writer was killed its last
 * half-written change is taken back. NULL with *err: IO_INPUT when it is no history, one of a newer
 * version or damaged, IO_SYSTEM when it cannot be opened, IO_USAGE when the build lacks it.
 */
struct history *history_open(const char *path, bool write, struct err *err);
void history_close(struct history *h);

/* What is to be watched. */
struct history_subject {
	const char *name;
	uint16_t port;
	const char *hosts; /* separated by blanks; "" for servers of the list */
	int64_t interval_us;
};

/*
 * Finds or makes the subject, and claims it for this process as long as it runs: IO_USAGE when
 * another one has it. Its tracker goes to *tracker, to be gone on with. A subject that was about
 * another port or other hosts is refused as well. 0, or -1 with *err.
 */
int history_claim(struct history *h, const struct history_subject *s, struct tracker *tracker,
		  struct err *err);

/* One run of the claimed subject, with all that follows from it. Strings are loans. */
struct history_entry {
	const struct run_record *run;
	const struct tracker *tracker; /* after the run */
	const struct tracker_news *news;
	const char *result, *evidence, *proof; /* as in struct past_period; NULL: none */
	const struct past_server *servers;
	size_t servers_n;
};

/* Stores all of it or nothing. 0, or -1 with *err (IO_SYSTEM, IO_INPUT when damaged). */
int history_add(struct history *h, const struct history_entry *entry, struct err *err);

/* Deletes the claimed subject's runs that ended before. 0, or -1 with *err. */
int history_prune(struct history *h, int64_t before_us, struct err *err);

/* The evidence folder is gone: no period names it any more. 0, or -1 with *err. */
int history_forget(struct history *h, const char *folder, struct err *err);

/* Every subject that there is. */
struct history_list {
	struct past *items;
	size_t n;
};

/*
 * Reads all subjects, or the one called `only`, with runs, periods and gaps that end after
 * `since_us`, and in any case the newest run and the period that lasts. The caller frees with
 * history_list_free(). 0, or -1 with *err and an empty list; IO_USAGE when `only` is not there.
 */
int history_read(struct history *h, const char *only, int64_t since_us, struct history_list *out,
		 struct err *err);
void history_list_free(struct history_list *list);

#endif
