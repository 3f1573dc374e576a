/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_WATCH_KEEPER_H
#define CLI_WATCH_KEEPER_H

/*
 * Takes the runs: what they mean for the confirmed state, their evidence, and
 * the history. A history that cannot be written stops nothing: what it misses
 * waits in memory, and is stored when it can be.
 */

#include "cli/out/log.h"
#include "cli/watch/attic.h"
#include "cli/watch/outcome.h"
#include "io/history/history.h"
#include "state/past.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KEEPER_RECENT 60 /* runs shown on the screen */

struct entry;

/* Strings of the subject are loans. */
struct keeper {
	struct log *log;
	struct history_subject subject;
	const char *path; /* of the history; NULL: none is kept */
	struct history *history;
	bool complained; /* that it cannot be written */
	uint64_t errors;
	struct attic attic;
	struct entry *waiting; /* oldest first */
	size_t waiting_n;
	struct past past; /* of this subject, as far as this process knows it */
	struct run_record recent[KEEPER_RECENT];
	struct past_period lasting; /* the confirmed state and what was said when it began */
	struct arena lasting_arena;
	char *candidate_evidence; /* NULL: none */
	int64_t pruned_us;
};

/* What a run brought, beside the news. */
struct kept {
	struct tracker_news news;
	struct period before; /* the period that ended */
};

/*
 * Takes the history up, where there is one: k's log, subject, path and attic are the caller's. 0,
 * also when it cannot be used, which is said; -1 with *err when another watch has it, or it is
 * about something else.
 */
int keeper_open(struct keeper *k, struct err *err);
void keeper_close(struct keeper *k);

/* Takes a run. */
void keeper_take(struct keeper *k, const struct outcome *o, struct kept *out);

/*
 * What is to be shown: every subject of the history, or this one alone where there is no history.
 * The caller gives it back with keeper_shown_free().
 */
struct history_list keeper_shown(struct keeper *k);
void keeper_shown_free(struct keeper *k, struct history_list *list);

#endif
