/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/watch/keeper.h"
#include "base/array.h"
#include "cli/command.h"
#include "io/host/clock.h"
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define WAITING_MAX   1000 /* entries; of later ones the oldest are given up */
#define PRUNE_EACH_US (INT64_C(86400) * 1000000)

/* A run that the history has not got yet. */
struct entry {
	struct run_record run;
	struct tracker tracker;
	struct tracker_news news;
	struct past_server *servers;
	size_t servers_n;
	const char *result, *evidence, *proof;
	struct arena arena;
};

/* Takes the history up, now or later. 0, or -1 with *err. */
static int take_up(struct keeper *k, struct err *err)
{
	struct tracker stored;
	bool fresh = k->past.tracker.last.wall_us == 0;

	k->history = history_open(k->path, true, err);
	if (!k->history)
		return -1;
	if (history_claim(k->history, &k->subject, &stored, err) != 0) {
		history_close(k->history);
		k->history = NULL;
		return -1;
	}
	/* What this process saw before the history could be had is newer. */
	if (fresh)
		k->past.tracker = stored;
	return 0;
}

static void complain(struct keeper *k, const struct err *err)
{
	if (!k->complained)
		log_error(k->log, "%s; measuring goes on, what is not stored waits in memory",
			  err->msg);
	k->complained = true;
}

/* What was said when the lasting period began, from the history. */
static void recall(struct keeper *k)
{
	struct history_list list;
	struct err err;
	const struct past_period *p;

	if (!k->history ||
	    history_read(k->history, k->subject.name, clock_real_ns() / 1000, &list, &err) != 0)
		return;
	p = list.n ? past_lasting(&list.items[0]) : NULL;
	if (p && p->sentence)
		k->lasting.sentence = arena_copy(&k->lasting_arena, p->sentence);
	if (list.n)
		k->past.sums = list.items[0].sums;
	history_list_free(&list);
}

int keeper_open(struct keeper *k, struct err *err)
{
	k->past.name = k->subject.name;
	k->past.port = k->subject.port;
	k->past.hosts = k->subject.hosts;
	k->past.tracker.interval_us = k->subject.interval_us;
	k->past.runs = calloc(1, sizeof(*k->past.runs));
	k->past.periods = calloc(1, sizeof(*k->past.periods));
	if (!k->past.runs || !k->past.periods)
		return err_set(err, EXIT_SYSTEM, "no memory for the watch");
	if (k->path && take_up(k, err) != 0) {
		if (err->code == EXIT_USAGE)
			return -1;
		complain(k, err);
	}
	recall(k);
	if (k->past.tracker.has_candidate)
		k->candidate_evidence =
			attic_find(&k->attic, k->past.tracker.candidate.since_us,
				   state_name(k->past.tracker.candidate.condition.state));
	return 0;
}

static void entry_free(struct entry *e)
{
	arena_free(&e->arena);
}

static void forget(void *arg, const char *folder)
{
	struct keeper *k = arg;
	struct err err;

	if (k->history && history_forget(k->history, folder, &err) != 0)
		complain(k, &err);
}

/* Keeps in the attic or gives up the run's evidence; fills the folders of a confirmed change. */
static void keep_evidence(struct keeper *k, const struct attic *attic,
			  const struct tracker_news *news, struct entry *e)
{
	const struct tracker *t = &k->past.tracker;
	struct err err = {0};
	char *proof;

	if (news->contradicts || news->dismissed) {
		attic_drop(k->candidate_evidence);
		free(k->candidate_evidence);
		k->candidate_evidence = NULL;
	}
	if (news->contradicts)
		k->candidate_evidence =
			attic_keep(attic, t->candidate.since_us,
				   state_name(t->candidate.condition.state), false, &err);
	if (news->confirmed) {
		proof = attic_keep(attic, t->period.since_us, state_name(t->period.condition.state),
				   true, &err);
		e->proof = proof ? arena_copy(&e->arena, proof) : NULL;
		e->evidence =
			k->candidate_evidence ? arena_copy(&e->arena, k->candidate_evidence) : NULL;
		free(proof);
		free(k->candidate_evidence);
		k->candidate_evidence = NULL;
	}
	if (err.code)
		log_error(k->log, "%s", err.msg);
}

/* The newest run and the lasting period, as this process knows them. */
static void remember(struct keeper *k, const struct entry *e)
{
	struct past *p = &k->past;

	arena_free(&p->arena);
	p->sentence = e->run.sentence ? arena_copy(&p->arena, e->run.sentence) : NULL;
	p->runs[0] = e->run;
	p->runs[0].sentence = NULL;
	p->runs_n = 1;
	memmove(k->recent, k->recent + 1, (KEEPER_RECENT - 1) * sizeof(*k->recent));
	k->recent[KEEPER_RECENT - 1] = p->runs[0];
	past_sum(&p->sums, &e->run, &e->news);
	if (e->news.confirmed) {
		arena_free(&k->lasting_arena);
		k->lasting = (struct past_period){
			.sentence = arena_copy(&k->lasting_arena,
					       e->run.sentence ? e->run.sentence : ""),
			.evidence = e->evidence ? arena_copy(&k->lasting_arena, e->evidence) : NULL,
			.proof = e->proof ? arena_copy(&k->lasting_arena, e->proof) : NULL,
		};
	}
	k->lasting.period = p->tracker.period;
	p->periods[0] = k->lasting;
	p->periods_n = p->tracker.has_period;
	p->servers_n = 0;
	free(p->servers);
	p->servers = calloc(e->servers_n + 1, sizeof(*p->servers));
	for (size_t i = 0; p->servers && i < e->servers_n; i++) {
		p->servers[i] = e->servers[i];
		p->servers[p->servers_n++].host = arena_copy(&p->arena, e->servers[i].host);
	}
}

/* An entry of its own memory. */
static struct entry make_entry(const struct keeper *k, const struct outcome *o,
			       const struct tracker_news *news)
{
	struct entry e = {.run = o->run, .tracker = k->past.tracker, .news = *news};
	char *result = news->confirmed ? json_dumps(o->result, JSON_COMPACT) : NULL;

	e.run.sentence = o->run.sentence ? arena_copy(&e.arena, o->run.sentence) : NULL;
	e.result = result ? arena_copy(&e.arena, result) : NULL;
	free(result);
	e.servers = arena_alloc(&e.arena, (o->servers_n + 1) * sizeof(*e.servers));
	for (size_t i = 0; e.servers && i < o->servers_n; i++) {
		e.servers[i] = o->servers[i];
		e.servers[e.servers_n++].host = arena_copy(&e.arena, o->servers[i].host);
	}
	return e;
}

/* Puts it behind those that wait. */
static void queue(struct keeper *k, struct entry *e)
{
	size_t cap = k->waiting_n;

	if (k->waiting_n == WAITING_MAX) {
		entry_free(&k->waiting[0]);
		memmove(k->waiting, k->waiting + 1, --k->waiting_n * sizeof(*k->waiting));
		cap = WAITING_MAX;
	}
	if (array_reserve(&k->waiting, &cap, k->waiting_n + 1, sizeof(*k->waiting)))
		k->waiting[k->waiting_n++] = *e;
	else
		entry_free(e);
}

/* Stores what waits, in its order; the rest goes on waiting. */
static void store(struct keeper *k)
{
	size_t done = 0;
	struct err err = {0};

	if (!k->history && take_up(k, &err) != 0) {
		complain(k, &err);
		k->errors++;
		return;
	}
	while (done < k->waiting_n) {
		const struct entry *e = &k->waiting[done];
		const struct history_entry entry = {
			.run = &e->run,
			.tracker = &e->tracker,
			.news = &e->news,
			.result = e->result,
			.evidence = e->evidence,
			.proof = e->proof,
			.servers = e->servers,
			.servers_n = e->servers_n,
		};

		if (history_add(k->history, &entry, &err) != 0) {
			complain(k, &err);
			break;
		}
		entry_free(&k->waiting[done++]);
	}
	k->waiting_n -= done;
	k->errors += k->waiting_n > 0;
	if (done)
		memmove(k->waiting, k->waiting + done, k->waiting_n * sizeof(*k->waiting));
	if (k->waiting_n == 0 && k->complained) {
		log_note(k->log, "the history is written again");
		k->complained = false;
	}
}

/* Once a day, what is too old goes. */
static void prune(struct keeper *k, int64_t now_us)
{
	struct err err;

	if (!k->history || now_us - k->pruned_us < PRUNE_EACH_US)
		return;
	k->pruned_us = now_us;
	if (history_prune(k->history, now_us - HISTORY_KEEP_US, &err) != 0)
		complain(k, &err);
}

void keeper_take(struct keeper *k, const struct outcome *o, struct kept *out)
{
	static const struct attic nothing = {0};
	struct entry e;

	out->before = k->past.tracker.period;
	tracker_take(&k->past.tracker, &o->run, &out->news);
	if (out->news.ended)
		out->before = out->news.ended_period;
	e = make_entry(k, o, &out->news);
	e.run.clock_step_us = out->news.clock_step_us;
	keep_evidence(k, o->bare ? &nothing : &k->attic, &out->news, &e);
	remember(k, &e);
	if (k->path) {
		queue(k, &e);
		store(k);
		prune(k, o->run.ended_us);
	} else {
		entry_free(&e);
	}
	if (out->news.confirmed)
		attic_prune(&k->attic, forget, k);
}

struct history_list keeper_shown(struct keeper *k)
{
	struct history_list list = {0};
	struct err err;

	/* No runs but the newest of each subject. */
	if (k->history && k->waiting_n == 0 &&
	    history_read(k->history, NULL, INT64_MAX, &list, &err) == 0)
		return list;
	return (struct history_list){&k->past, 1};
}

void keeper_shown_free(struct keeper *k, struct history_list *list)
{
	if (list->items != &k->past)
		history_list_free(list);
}

void keeper_close(struct keeper *k)
{
	if (k->waiting_n)
		store(k);
	if (k->waiting_n)
		log_error(k->log, "the newest runs are not in the history: %zu", k->waiting_n);
	for (size_t i = 0; i < k->waiting_n; i++)
		entry_free(&k->waiting[i]);
	free(k->waiting);
	free(k->candidate_evidence);
	history_close(k->history);
	arena_free(&k->lasting_arena);
	past_free(&k->past);
}
