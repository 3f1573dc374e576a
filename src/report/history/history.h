/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REPORT_HISTORY_HISTORY_H
#define REPORT_HISTORY_HISTORY_H

/*
 * What is remembered of watched ports, shown: as text, JSON, CSV, a page, and as
 * metrics. Renderers decide nothing; the time now is an argument.
 */

#include "base/text.h"
#include "report/report.h"
#include "state/past.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_t;

/* "2026-11-30 03:10 UTC" */
void past_add_time(struct text *out, int64_t us);

/* "3 d 4 h", "25 min", "40 s" */
void past_add_duration(struct text *out, int64_t us);

/* "blocked by the provider", "blocked by the local network or the provider", "open" */
void past_add_condition(struct text *out, const struct condition *c);

/* "since between 2026-11-30 03:10 and 03:20 UTC"; "since 2026-11-30 03:20 UTC or earlier". */
void past_add_since(struct text *out, const struct period *p);

/* "between 2026-11-30 03:10 and 03:20 UTC"; nothing where it lasts. */
void past_add_until(struct text *out, const struct period *p);

/* How a clock was set: "set back by 60 min". */
void past_add_step(struct text *out, int64_t step_us);

/* How long a period was observed: "2 h", "at least 2 h" where it has gaps. */
void past_add_length(struct text *out, const struct period *p);

/* The periods, then (unless `changes`) the runs, of every subject. */
void past_text(const struct past *items, size_t n, bool changes, int64_t now_us, struct text *out);

/* The newest run in one line, and what is confirmed in another. */
void past_text_last(const struct past *past, int64_t now_us, struct text *out);

/*
 * A run and what is known after it: one compact object, the same for `watch -j` and for
 * `history --last -j`. NULL without memory. The next two are all of it: periods, gaps, runs.
 */
struct json_t *past_json_run(const struct past *past, const struct run_record *run, int64_t now_us);
struct json_t *past_json(const struct past *items, size_t n, bool changes, int64_t now_us);

/* A confirmed change as the hook gets it; `event` is "changed", "flapping" or "calm". */
struct json_t *past_json_event(const struct past *past, const char *event,
			       const struct period *before);

/* A line a run (or, `changes`, a period), after one with the names of the columns. */
void past_csv(const struct past *items, size_t n, bool changes, struct text *out);

/* One page of HTML that needs nothing else: periods, and a strip a day. */
void past_html(const struct past *items, size_t n, int64_t now_us, struct text *out);

/* What the metrics say beside the past. */
struct metrics_about {
	int64_t now_us;
	uint64_t history_errors;	      /* runs that could not be stored at once */
	const struct past *fresh;	      /* the subject whose suspects follow; NULL: none */
	double suspects[BLOCKER_UNKNOWN + 1]; /* probabilities by enum blocker; negative: none */
};

/* The text format 0.0.4 of Prometheus: for a scrape and for node_exporter's textfile alike. */
void past_metrics(const struct past *items, size_t n, const struct metrics_about *about,
		  struct text *out);

#endif
