/* SPDX-License-Identifier: BSD-2-Clause */
#include "state/tracker.h"
#include <stdlib.h>

#define SECOND_US      INT64_C(1000000)
#define STEP_US	       (5 * SECOND_US) /* a clock that is slewed strays less between two runs */
#define GAP_INTERVALS  3
#define FRESH_INTERVAL 6
#define FRESH_US       (3600 * SECOND_US)
#define HURRIED_MAX    3 /* runs brought forward for one candidate */

static void shift(int64_t *at_us, int64_t by_us)
{
	if (*at_us)
		*at_us += by_us;
}

/* After the wall clock was set: what is not over yet is told by the new time, so that it keeps its
 * length. Periods that have ended keep the times they were stored with. */
static void restate(struct tracker *t, int64_t by_us)
{
	shift(&t->period.before_us, by_us);
	shift(&t->period.since_us, by_us);
	shift(&t->period.confirmed_us, by_us);
	shift(&t->period.last_us, by_us);
	shift(&t->candidate.before_us, by_us);
	shift(&t->candidate.since_us, by_us);
	shift(&t->candidate.last_us, by_us);
	shift(&t->left_us, by_us);
	shift(&t->decided_us, by_us);
	shift(&t->observed_us, by_us);
	shift(&t->last.wall_us, by_us);
}

/*
 * By how much the wall clock was set since the last run. Over a restart of the machine nobody can
 * tell, but for a clock that went backwards: then it is the least that keeps the order.
 */
static int64_t clock_step(const struct tracker *t, const struct moment *now)
{
	int64_t passed_us = now->wall_us - t->last.wall_us;
	int64_t step_us;

	if (!t->last.wall_us)
		return 0;
	if (!now->boot || now->boot != t->last.boot)
		return passed_us < 0 ? passed_us : 0;
	step_us = passed_us - (now->boot_us - t->last.boot_us);
	return llabs(step_us) > STEP_US ? step_us : 0;
}

/* Why nobody looked between the newest run that met a network and this one. */
static enum gap_why why_gap(const struct tracker *t, const struct moment *now)
{
	int64_t idle_us = now->wall_us - t->last.wall_us;

	if (now->boot && now->boot == t->last.boot &&
	    now->asleep_us - t->last.asleep_us > idle_us / 2 &&
	    now->asleep_us - t->last.asleep_us > STEP_US)
		return GAP_SUSPENDED;
	if (idle_us > GAP_INTERVALS * t->interval_us || t->last.wall_us == t->observed_us)
		return GAP_STOPPED;
	return t->idle;
}

/* A run without a network sees nothing of the port, and one that failed sees nothing at all. */
static bool observes(const struct run_record *run)
{
	return run_worth(run->status) == RUN_DECIDED ||
	       (run_worth(run->status) == RUN_UNDECIDED && run->mechanism != MECHANISM_NO_NETWORK);
}

static void look_for_gap(struct tracker *t, const struct run_record *run, struct tracker_news *news)
{
	int64_t from_us = t->observed_us;

	if (!observes(run)) {
		t->idle = run_worth(run->status) == RUN_FAILED ? GAP_FAILED : GAP_NO_NETWORK;
		return;
	}
	if (from_us && run->started.wall_us - from_us > GAP_INTERVALS * t->interval_us) {
		news->has_gap = true;
		news->gap = (struct gap){from_us, run->started.wall_us, why_gap(t, &run->started)};
		t->unobserved_us += news->gap.to_us - from_us;
		t->candidate.unobserved_us += news->gap.to_us - from_us;
	}
	t->observed_us = run->ended_us;
}

/* A decided run that agrees with the confirmed state. */
static void prolong(struct tracker *t, const struct run_record *run, struct tracker_news *news)
{
	uint8_t before = t->period.condition.who;

	condition_refine(&t->period.condition, &run->condition);
	news->refined = before != t->period.condition.who || t->period.mechanism != run->mechanism;
	t->period.mechanism = run->mechanism;
	t->period.last_us = run->ended_us;
	t->period.unobserved_us += t->unobserved_us;
	t->unobserved_us = 0;
	t->left_us = 0;
	news->dismissed = t->has_candidate;
	t->has_candidate = false;
}

/* A decided run that nothing before it agrees with. */
static void suggest(struct tracker *t, const struct run_record *run, struct tracker_news *news)
{
	news->contradicts = true;
	if (t->has_period && !t->left_us)
		t->left_us = run->started.wall_us;
	t->has_candidate = true;
	t->candidate = (struct state_candidate){
		.condition = run->condition,
		.mechanism = run->mechanism,
		.before_us = t->has_decided ? t->decided_us : 0,
		.since_us = run->started.wall_us,
		.last_us = run->ended_us,
	};
}

/* The second decided run of a candidate. */
static void confirm(struct tracker *t, const struct run_record *run, struct tracker_news *news)
{
	const struct state_candidate *c = &t->candidate;

	news->confirmed = true;
	news->ended = t->has_period;
	if (t->has_period) {
		news->ended_period = t->period;
		news->ended_period.until_us = t->left_us;
	}
	/* The first state of all is news only where mail is not simply fine. */
	news->tell = !t->flapping.on && (t->has_period || run->condition.state != STATE_OPEN);
	t->period = (struct period){
		.condition = c->condition,
		.mechanism = run->mechanism,
		.before_us = c->before_us,
		.since_us = c->since_us,
		.confirmed_us = run->ended_us,
		.last_us = run->ended_us,
		.unobserved_us = c->unobserved_us,
	};
	condition_refine(&t->period.condition, &run->condition);
	t->has_period = true;
	t->has_candidate = false;
	t->unobserved_us = 0;
	t->left_us = 0;
}

static void decide(struct tracker *t, const struct run_record *run, struct tracker_news *news)
{
	bool differs = t->has_decided && !condition_agrees(&t->decided, &run->condition);

	news->flapping_changed = flapping_take(&t->flapping, differs);
	if (t->has_period && condition_agrees(&t->period.condition, &run->condition))
		prolong(t, run, news);
	else if (t->has_candidate && condition_agrees(&t->candidate.condition, &run->condition))
		confirm(t, run, news);
	else
		suggest(t, run, news);
	news->tell = news->tell || news->flapping_changed;
	t->has_decided = true;
	t->decided = run->condition;
	t->decided_us = run->ended_us;
}

void tracker_take(struct tracker *t, const struct run_record *run, struct tracker_news *news)
{
	int64_t took_us = run->ended_us - run->started.wall_us;

	*news = (struct tracker_news){.clock_step_us = clock_step(t, &run->started)};
	restate(t, news->clock_step_us);
	look_for_gap(t, run, news);
	if (t->has_candidate)
		t->candidate.hurried++;
	if (run_worth(run->status) == RUN_DECIDED)
		decide(t, run, news);
	t->last = run->started;
	t->last.wall_us = run->ended_us;
	t->last.boot_us += took_us;
}

const struct period *tracker_confirmed(const struct tracker *t, int64_t now_us)
{
	int64_t fresh_us = FRESH_INTERVAL * t->interval_us;

	if (fresh_us < FRESH_US)
		fresh_us = FRESH_US;
	if (!t->has_period || now_us - t->decided_us > fresh_us)
		return NULL;
	return &t->period;
}

bool tracker_hurries(const struct tracker *t)
{
	return t->has_candidate && t->candidate.hurried < HURRIED_MAX;
}
