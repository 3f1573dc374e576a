/* SPDX-License-Identifier: BSD-2-Clause */
/* The history as an administrator reads it. */
#include "report/history/history.h"
#include <string.h>

#define RUNS_SHOWN 60

static void add_safe(struct text *out, const char *s)
{
	if (s)
		text_add_untrusted(out, s, strlen(s));
}

/* "Port 587, default" */
static void add_subject(struct text *out, const struct past *past)
{
	text_addf(out, "Port %u, ", past->port);
	add_safe(out, past->name);
	if (past->hosts && *past->hosts) {
		text_add(out, ": ");
		add_safe(out, past->hosts);
	}
	text_add(out, "\n");
}

/* "not observed 2026-11-30 02:00 UTC to 2026-11-30 06:00 UTC (stopped)" for each gap within. */
static void add_gaps(struct text *out, const struct past *past, const struct period *p)
{
	int64_t end_us = p->until_us ? p->until_us : p->last_us;

	for (size_t i = 0; i < past->gaps_n; i++) {
		const struct gap *g = &past->gaps[i];

		if (g->to_us <= p->since_us || g->from_us >= end_us)
			continue;
		text_add(out, "    not observed ");
		past_add_time(out, g->from_us);
		text_add(out, " to ");
		past_add_time(out, g->to_us);
		text_addf(out, " (%s)\n", gap_why_name(g->why));
	}
}

static void add_period(struct text *out, const struct past *past, const struct past_period *p)
{
	text_add(out, "  ");
	past_add_condition(out, &p->period.condition);
	text_addf(out, " (%s)\n    ", mechanism_name(p->period.mechanism));
	past_add_since(out, &p->period);
	if (p->period.until_us) {
		text_add(out, "\n    until ");
		past_add_until(out, &p->period);
	}
	text_add(out, ", seen for ");
	past_add_length(out, &p->period);
	text_add(out, "\n");
	add_gaps(out, past, &p->period);
	if (p->sentence) {
		text_add(out, "    ");
		add_safe(out, p->sentence);
		text_add(out, "\n");
	}
	if (p->evidence || p->proof) {
		text_add(out, "    evidence: ");
		add_safe(out, p->evidence ? p->evidence : "");
		text_add(out, p->evidence && p->proof ? ", " : "");
		add_safe(out, p->proof ? p->proof : "");
		text_add(out, "\n");
	}
}

/* Whether a run's clock was not synchronised, in what is shown. */
static bool has_star(const struct past *past, size_t first)
{
	for (size_t k = first; k < past->runs_n; k++) {
		if (!past->runs[k].clock_ok)
			return true;
	}
	return false;
}

static void add_run(struct text *out, const struct run_record *run)
{
	text_add(out, "  ");
	past_add_time(out, run->started.wall_us);
	text_add(out, "  ");
	if (run_worth(run->status) == RUN_FAILED)
		text_addf(out, "could not measure (status %d)", run->status);
	else
		past_add_condition(out, &run->condition);
	if (run->mechanism == MECHANISM_NO_NETWORK)
		text_add(out, " (no network)");
	if (!run->clock_ok)
		text_add(out, " *");
	if (run->clock_step_us) {
		text_add(out, " (clock ");
		past_add_step(out, run->clock_step_us);
		text_add(out, ")");
	}
	text_add(out, "\n");
}

/* Periods that were over before may overlap with later ones: they keep the old clock's times. */
static void add_steps(struct text *out, const struct past *past)
{
	for (size_t k = 0; k < past->runs_n; k++) {
		const struct run_record *run = &past->runs[k];

		if (!run->clock_step_us)
			continue;
		text_add(out, "  Before ");
		past_add_time(out, run->started.wall_us);
		text_add(out, " the clock was ");
		past_add_step(out, run->clock_step_us);
		text_add(out, "; what had ended by then has the times of the old clock.\n");
	}
}

void past_text(const struct past *items, size_t n, bool changes, int64_t now_us, struct text *out)
{
	if (n == 0)
		text_add(out, "Nothing is stored.\n");
	for (size_t i = 0; i < n; i++) {
		const struct past *past = &items[i];
		size_t first = past->runs_n > RUNS_SHOWN ? past->runs_n - RUNS_SHOWN : 0;

		text_add(out, i ? "\n" : "");
		add_subject(out, past);
		past_text_last(past, now_us, out);
		text_addf(out, "\nPeriods:%s\n", past->periods_n ? "" : " none is confirmed yet");
		for (size_t k = past->periods_n; k-- > 0;)
			add_period(out, past, &past->periods[k]);
		add_steps(out, past);
		if (changes)
			continue;
		text_addf(out, "\nRuns:%s\n", first ? " the newest of them (--csv lists all)" : "");
		for (size_t k = past->runs_n; k-- > first;)
			add_run(out, &past->runs[k]);
		if (has_star(past, first))
			text_add(out, "  * the clock was not synchronised\n");
	}
}

void past_text_last(const struct past *past, int64_t now_us, struct text *out)
{
	const struct period *p = tracker_confirmed(&past->tracker, now_us);

	if (past->runs_n == 0)
		text_add(out, "No run yet.\n");
	else
		add_run(out, &past->runs[past->runs_n - 1]);
	text_add(out, "  confirmed: ");
	if (p) {
		past_add_condition(out, &p->condition);
		text_add(out, ", ");
		past_add_since(out, p);
	} else {
		text_add(out, "nothing");
	}
	text_addf(out, "%s\n", past->tracker.flapping.on ? " (flapping)" : "");
	if (past->tracker.has_candidate) {
		text_add(out, "  to be confirmed: ");
		past_add_condition(out, &past->tracker.candidate.condition);
		text_add(out, "\n");
	}
}
