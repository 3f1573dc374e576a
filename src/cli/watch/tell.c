/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/watch/tell.h"
#include "cli/command.h"
#include "cli/out/output.h"
#include "io/host/clock.h"
#include "io/serve/textfile.h"
#include "report/history/history.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define ENVIRONMENT_MAX 8

void tell_init(struct tell *t)
{
	for (size_t i = 0; i <= BLOCKER_UNKNOWN; i++)
		t->suspects[i] = -1;
}

void tell_metrics(void *tell, struct text *out)
{
	struct tell *t = tell;
	struct history_list list = keeper_shown(t->keeper);
	struct metrics_about about = {
		.now_us = clock_real_ns() / 1000,
		.history_errors = t->keeper->errors,
		.fresh = &t->keeper->past,
	};

	memcpy(about.suspects, t->suspects, sizeof(about.suspects));
	past_metrics(list.items, list.n, &about, out);
	keeper_shown_free(t->keeper, &list);
}

static void write_textfile(struct tell *t)
{
	struct text text = {0};
	struct err err = {0};
	bool written;

	tell_metrics(t, &text);
	written = !text.failed &&
		  textfile_write(t->o->watch.textfile, text_str(&text), text.len, &err) == 0;
	text_free(&text);
	if (!written && !t->textfile_fails)
		log_error(t->log, "%s; measuring goes on", err.code ? err.msg : "no memory");
	t->textfile_fails = !written;
}

/* The probabilities of those that the run suspects. */
static void note_suspects(struct tell *t, const struct outcome *o)
{
	const json_t *verdict = json_object_get(o->result, "verdict"), *suspect;
	size_t i;

	tell_init(t);
	json_array_foreach(json_object_get(verdict, "suspects"), i, suspect)
	{
		const char *name = json_string_value(json_object_get(suspect, "blocker"));
		enum blocker blocker;

		if (blocker_named(name, &blocker))
			t->suspects[blocker] =
				json_number_value(json_object_get(suspect, "probability"));
	}
}

/* "NAME=VALUE", to be freed. */
static char *variable(const char *name, const char *value)
{
	char *s = NULL;

	return asprintf(&s, "WHOBLOCKS_%s=%s", name, value) < 0 ? NULL : s;
}

/* A time as seconds since the epoch; "" where it is unknown. */
static char *time_variable(const char *name, int64_t us)
{
	char buf[24] = "";

	if (us)
		snprintf(buf, sizeof(buf), "%lld", (long long)(us / 1000000));
	return variable(name, buf);
}

static void run_hook(struct tell *t, const char *event, const struct period *before)
{
	const struct past *past = &t->keeper->past;
	const struct period *now = &past->tracker.period;
	json_t *json = past_json_event(past, event, before);
	char *input = json ? json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(12)) : NULL;
	char *environment[ENVIRONMENT_MAX] = {
		strdup("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
		variable("STATE", state_name(now->condition.state)),
		variable("BLOCKER", blocker_name(condition_blocker(&now->condition))),
		time_variable("BEFORE", now->before_us),
		time_variable("SINCE", now->since_us),
		variable("SENTENCE", past->sentence ? past->sentence : ""),
		variable("EVENT", event),
	};
	struct err err;
	bool whole = input != NULL;

	json_decref(json);
	for (size_t i = 0; i + 1 < ENVIRONMENT_MAX; i++)
		whole = whole && environment[i];
	if (!whole)
		log_error(t->log, "no memory to run '%s'", t->o->watch.on_change);
	else if (hook_start(&t->hooks, t->o->watch.on_change, input, environment, &err) != 0)
		log_error(t->log, "%s", err.msg);
	for (size_t i = 0; i < ENVIRONMENT_MAX; i++)
		free(environment[i]);
	free(input);
}

static bool print_json(const struct tell *t, const struct outcome *o, const struct kept *kept)
{
	struct run_record run = o->run;
	json_t *json;
	bool done;

	run.clock_step_us = kept->news.clock_step_us;
	json = past_json_run(&t->keeper->past, &run, run.ended_us);
	done = json && json_dumpf(json, stdout, JSON_COMPACT | JSON_REAL_PRECISION(12)) == 0 &&
	       putchar('\n') != EOF && fflush(stdout) == 0;
	json_decref(json);
	return done;
}

/* "2026-11-30 03:10 UTC  blocked by the provider; confirmed: blocked by the provider, since ..." */
static bool print_line(const struct tell *t, const struct outcome *o, const struct kept *kept)
{
	const struct past *past = &t->keeper->past;
	const struct run_record *run = &past->runs[0];
	struct text out = {0};
	bool done;

	past_add_time(&out, run->started.wall_us);
	text_add(&out, "  ");
	if (run_worth(run->status) == RUN_FAILED)
		text_addf(&out, "could not measure (status %d)", run->status);
	else
		past_add_condition(&out, &run->condition);
	if (o->alone) {
		text_add(&out, "; not so one server alone, ");
		text_add_untrusted(&out, o->alone, strlen(o->alone));
	}
	if (kept->news.contradicts)
		text_add(&out, "; to be confirmed");
	if (kept->news.confirmed) {
		text_add(&out, "; confirmed ");
		past_add_since(&out, &past->tracker.period);
	}
	if (kept->news.flapping_changed)
		text_add(&out, past->tracker.flapping.on ? "; the port flaps"
							 : "; the port is steady again");
	text_add(&out, "\n");
	done = !out.failed && fputs(text_str(&out), stdout) != EOF && fflush(stdout) == 0;
	text_free(&out);
	return done;
}

/* What is not as it should be goes to the messages, too. */
static void note_odd(const struct tell *t, const struct kept *kept)
{
	const struct tracker_news *n = &kept->news;
	struct text text = {0};

	if (n->clock_step_us) {
		past_add_step(&text, n->clock_step_us);
		log_note(t->log, "the clock was %s; what lasts is told by the new time",
			 text_str(&text));
	}
	if (n->has_gap) {
		text_free(&text);
		past_add_duration(&text, n->gap.to_us - n->gap.from_us);
		log_note(t->log, "nothing was observed for %s (%s)", text_str(&text),
			 gap_why_name(n->gap.why));
	}
	text_free(&text);
}

bool tell_run(struct tell *t, const struct outcome *o, const struct kept *kept)
{
	const struct tracker_news *n = &kept->news;
	bool good = true;

	note_suspects(t, o);
	note_odd(t, kept);
	if (t->o->json)
		good = print_json(t, o, kept);
	else if (!t->screen)
		good = print_line(t, o, kept);
	if (t->o->watch.textfile)
		write_textfile(t);
	if (n->tell && t->o->watch.on_change)
		run_hook(t,
			 !n->flapping_changed		       ? "changed"
			 : t->keeper->past.tracker.flapping.on ? "flapping"
							       : "calm",
			 n->ended ? &kept->before : NULL);
	return good;
}

void tell_step(struct tell *t)
{
	int status;

	while (hook_step(&t->hooks, &status)) {
		if (WIFSIGNALED(status))
			log_error(t->log, "'%s' was ended by signal %d", t->o->watch.on_change,
				  WTERMSIG(status));
		else if (WEXITSTATUS(status) != 0)
			log_error(t->log, "'%s' ended with status %d", t->o->watch.on_change,
				  WEXITSTATUS(status));
	}
}
