/* SPDX-License-Identifier: BSD-2-Clause */
/* The history for programs. */
#include "report/history/history.h"
#include "report/json/value.h"
#include "report/page/phrase.h"

/* A time, or null. */
static json_t *time_json(int64_t us)
{
	char buf[PHRASE_TIME_BYTES];

	return us ? json_string(phrase_time(us * 1000, buf)) : json_null();
}

static json_t *suspects_json(struct value_maker *m, const struct condition *c)
{
	json_t *list = json_array();

	for (int b = 0; b < BLOCKER_UNKNOWN; b++) {
		if (c->who & CONDITION_BIT(b) && b != BLOCKER_NONE)
			value_append(m, list, json_string(blocker_name((enum blocker)b)));
	}
	return list;
}

static void set_condition(struct value_maker *m, json_t *object, const struct condition *c)
{
	value_set(m, object, "state", json_string(state_name(c->state)));
	value_set(m, object, "blocker", json_string(blocker_name(condition_blocker(c))));
	value_set(m, object, "suspects", suspects_json(m, c));
}

static json_t *period_json(struct value_maker *m, const struct period *p)
{
	json_t *object = json_object();

	set_condition(m, object, &p->condition);
	value_set(m, object, "mechanism", json_string(mechanism_name(p->mechanism)));
	value_set(m, object, "before", time_json(p->before_us));
	value_set(m, object, "since", time_json(p->since_us));
	value_set(m, object, "confirmed", time_json(p->confirmed_us));
	value_set(m, object, "last", time_json(p->last_us));
	value_set(m, object, "until", time_json(p->until_us));
	value_set(m, object, "unobserved_ms", value_ms((double)p->unobserved_us / 1000));
	return object;
}

static json_t *subject_json(struct value_maker *m, const struct past *past)
{
	json_t *object = json_object();

	value_set(m, object, "subject", value_text(past->name));
	value_set(m, object, "port", json_integer(past->port));
	return object;
}

static json_t *counts_json(struct value_maker *m, const struct syn_counts *c)
{
	json_t *object = json_object();

	value_set(m, object, "accepted", json_integer(c->accepted));
	value_set(m, object, "reset", json_integer(c->reset));
	value_set(m, object, "icmp", json_integer(c->icmp));
	value_set(m, object, "silent", json_integer(c->silent));
	return object;
}

static void set_run(struct value_maker *m, json_t *object, const struct run_record *run)
{
	const char *family = phrase_family_name(run->family);

	value_set(m, object, "started", time_json(run->started.wall_us));
	value_set(m, object, "ended", time_json(run->ended_us));
	value_set(m, object, "status", json_integer(run->status));
	set_condition(m, object, &run->condition);
	value_set(m, object, "mechanism", json_string(mechanism_name(run->mechanism)));
	value_set(m, object, "confidence",
		  run->confidence < 0 ? json_null() : value_probability(run->confidence));
	value_set(m, object, "family", value_text(family));
	value_set(m, object, "target", counts_json(m, &run->target));
	value_set(m, object, "control", counts_json(m, &run->control));
	value_set(m, object, "control_rtt_ms", value_ms(run->control_rtt_ms));
	value_set(m, object, "clock_ok", json_boolean(run->clock_ok));
	value_set(m, object, "clock_step_ms",
		  run->clock_step_us ? json_integer(run->clock_step_us / 1000) : json_null());
}

static json_t *finish(struct value_maker *m, json_t *object)
{
	if (!m->failed)
		return object;
	json_decref(object);
	return NULL;
}

struct json_t *past_json_run(const struct past *past, const struct run_record *run, int64_t now_us)
{
	const struct tracker *t = &past->tracker;
	const struct period *p = tracker_confirmed(t, now_us);
	struct value_maker m = {0};
	json_t *object = subject_json(&m, past);

	set_run(&m, object, run);
	value_set(&m, object, "sentence", value_text(past->sentence));
	value_set(&m, object, "confirmed", p ? period_json(&m, p) : json_null());
	value_set(&m, object, "flapping", json_boolean(t->flapping.on));
	value_set(&m, object, "to_be_confirmed", json_boolean(t->has_candidate));
	return finish(&m, object);
}

static json_t *gap_json(struct value_maker *m, const struct gap *g)
{
	json_t *object = json_object();

	value_set(m, object, "from", time_json(g->from_us));
	value_set(m, object, "to", time_json(g->to_us));
	value_set(m, object, "why", json_string(gap_why_name(g->why)));
	return object;
}

static json_t *past_period_json(struct value_maker *m, const struct past_period *p)
{
	json_t *object = period_json(m, &p->period);

	value_set(m, object, "sentence", value_text(p->sentence));
	value_set(m, object, "evidence", value_text(p->evidence));
	value_set(m, object, "proof", value_text(p->proof));
	return object;
}

struct json_t *past_json(const struct past *items, size_t n, bool changes, int64_t now_us)
{
	struct value_maker m = {0};
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++) {
		json_t *object = subject_json(&m, &items[i]), *periods = json_array(),
		       *gaps = json_array(), *runs = json_array();
		const struct period *p = tracker_confirmed(&items[i].tracker, now_us);

		for (size_t k = 0; k < items[i].periods_n; k++)
			value_append(&m, periods, past_period_json(&m, &items[i].periods[k]));
		for (size_t k = 0; k < items[i].gaps_n; k++)
			value_append(&m, gaps, gap_json(&m, &items[i].gaps[k]));
		for (size_t k = 0; k < items[i].runs_n && !changes; k++) {
			json_t *run = json_object();

			set_run(&m, run, &items[i].runs[k]);
			value_append(&m, runs, run);
		}
		value_set(&m, object, "confirmed", p ? period_json(&m, p) : json_null());
		value_set(&m, object, "periods", periods);
		value_set(&m, object, "gaps", gaps);
		value_set(&m, object, "runs", runs);
		value_append(&m, list, object);
	}
	return finish(&m, list);
}

struct json_t *past_json_event(const struct past *past, const char *event,
			       const struct period *before)
{
	const struct past_period *lasting = past_lasting(past);
	struct value_maker m = {0};
	json_t *object = json_object();

	value_set(&m, object, "event", json_string(event));
	value_set(&m, object, "subject", value_text(past->name));
	value_set(&m, object, "port", json_integer(past->port));
	value_set(&m, object, "now", lasting ? past_period_json(&m, lasting) : json_null());
	value_set(&m, object, "before", before ? period_json(&m, before) : json_null());
	value_set(&m, object, "sentence", value_text(past->sentence));
	return finish(&m, object);
}
