/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef STATE_TRACKER_H
#define STATE_TRACKER_H

/*
 * From run to run: which state of the port is confirmed, since when, and what is
 * worth telling. Knows no clock: each run says when it was. A tracker is a plain
 * value; whoever stores it and takes it up again goes on as if nothing had been
 * in between.
 *
 * Only a decided run changes anything. One that contradicts the confirmed state
 * makes a candidate; a second one that agrees with the candidate confirms it.
 */

#include "state/flapping.h"
#include "state/record.h"
#include <stdbool.h>
#include <stdint.h>

/* A state that one run reported. */
struct state_candidate {
	struct condition condition;
	enum mechanism mechanism;
	int64_t before_us, since_us, last_us; /* as in struct period */
	int64_t unobserved_us;		      /* of the time since */
	uint32_t hurried;		      /* runs brought forward for it */
};

struct tracker {
	int64_t interval_us; /* set by the caller: from run to run */
	bool has_period;
	struct period period; /* the confirmed state */
	bool has_candidate;
	struct state_candidate candidate;
	bool has_decided;
	struct condition decided; /* of the newest decided run */
	int64_t decided_us;	  /* when that ended */
	int64_t left_us;       /* start of the first run since period.last_us that contradicts it */
	int64_t observed_us;   /* end of the newest run that met a network */
	int64_t unobserved_us; /* in gaps since period.last_us */
	enum gap_why idle;     /* why the runs since then observed nothing */
	struct moment last;    /* when the newest run ended; boot 0: none, or clocks unknown */
	struct flapping flapping;
};

/* What one run brought. */
struct tracker_news {
	bool contradicts; /* the confirmed state, or it is the first: a candidate began */
	bool dismissed;	  /* the candidate, by a run that agrees with the confirmed state */
	bool confirmed;	  /* a new period began */
	bool ended;	  /* with it, an older one */
	struct period ended_period;
	bool refined; /* fewer suspects, or another mechanism, of the confirmed state */
	bool has_gap; /* nobody had looked until this run */
	struct gap gap;
	bool flapping_changed;
	int64_t clock_step_us; /* by how much the wall clock was set since the run before; 0: not */
	bool tell;	       /* whoever waits for changes is to be told */
};

/* Takes the newest run. */
void tracker_take(struct tracker *t, const struct run_record *run, struct tracker_news *news);

/* The confirmed state; NULL where none is, or where nothing was decided for so long that it may
 * be another by now: six intervals, at least an hour. */
const struct period *tracker_confirmed(const struct tracker *t, int64_t now_us);

/* Whether the next run is to be brought forward, to confirm or dismiss a candidate. */
bool tracker_hurries(const struct tracker *t);

#endif
