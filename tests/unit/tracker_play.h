/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TRACKER_PLAY_H
#define TRACKER_PLAY_H

/*
 * Sequences of runs, written as letters. A letter is a run, ten minutes after the one before
 * or, where one is to be brought forward, one minute; each takes six seconds.
 *
 * o open, c closed, d degraded, r intercepted by the provider;
 * h l i t s blocked by this host, the local network, the provider, transit, the server;
 * g blocked by the local network or the provider, x by the provider or transit, ? by anybody;
 * u undecided, n no network, f failed;
 * . a run is left out, S the machine sleeps for an hour, B it is started anew;
 * + the clock is set an hour forward, - an hour back.
 */
#include "base/text.h"
#include "state/tracker.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define MINUTE_US    INT64_C(60000000)
#define START_US     (INT64_C(1700000000) * 1000000)
#define RUN_US	     (MINUTE_US / 10)
#define ALL_LETTERS  "ocdrhlitsgx?unf.SB+-"

#define BITS(a, b) (uint8_t)(CONDITION_BIT(BLOCKER_##a) | CONDITION_BIT(BLOCKER_##b))

struct kind {
	char letter;
	int status;
	enum state state;
	enum blocker blocker;
	uint8_t suspects;
	enum mechanism mechanism;
};

static const struct kind kinds[] = {
	{'o', 0, STATE_OPEN, BLOCKER_NONE, 0, MECHANISM_NONE},
	{'c', 14, STATE_CLOSED, BLOCKER_REMOTE, 0, MECHANISM_CLOSED},
	{'d', 16, STATE_DEGRADED, BLOCKER_ISP, 0, MECHANISM_RATE_LIMIT},
	{'r', 15, STATE_INTERCEPTED, BLOCKER_ISP, 0, MECHANISM_REDIRECT},
	{'h', 10, STATE_BLOCKED, BLOCKER_LOCAL_HOST, 0, MECHANISM_SILENT_DROP},
	{'l', 11, STATE_BLOCKED, BLOCKER_LOCAL_NETWORK, 0, MECHANISM_SILENT_DROP},
	{'i', 12, STATE_BLOCKED, BLOCKER_ISP, 0, MECHANISM_SILENT_DROP},
	{'t', 13, STATE_BLOCKED, BLOCKER_TRANSIT, 0, MECHANISM_SILENT_DROP},
	{'s', 14, STATE_BLOCKED, BLOCKER_REMOTE, 0, MECHANISM_TCP_RESET},
	{'g', 17, STATE_BLOCKED, BLOCKER_UNKNOWN, BITS(LOCAL_NETWORK, ISP), MECHANISM_SILENT_DROP},
	{'x', 17, STATE_BLOCKED, BLOCKER_UNKNOWN, BITS(ISP, TRANSIT), MECHANISM_SILENT_DROP},
	{'?', 17, STATE_BLOCKED, BLOCKER_UNKNOWN, 0, MECHANISM_SILENT_DROP},
	{'u', 20, STATE_UNKNOWN, BLOCKER_UNKNOWN, 0, MECHANISM_UNKNOWN},
	{'n', 20, STATE_UNKNOWN, BLOCKER_UNKNOWN, 0, MECHANISM_NO_NETWORK},
	{'f', 3, STATE_UNKNOWN, BLOCKER_UNKNOWN, 0, MECHANISM_UNKNOWN},
};

/* A machine that measures. True time passes; the clocks tell it or not. */
struct play {
	struct tracker tracker;
	int64_t true_us; /* since the beginning */
	int64_t set_us;	 /* by how much the wall clock is off */
	int64_t asleep_us, booted_us;
	uint64_t boot;
	struct text log;
};

static const struct kind *kind_of(char letter)
{
	for (size_t i = 0; i < COUNT(kinds); i++) {
		if (kinds[i].letter == letter)
			return &kinds[i];
	}
	fail_msg("no run is called '%c'", letter);
	return NULL;
}

static inline struct run_record record_of(const struct play *p, char letter)
{
	const struct kind *k = kind_of(letter);
	struct run_record run = {
		.status = k->status,
		.mechanism = k->mechanism,
		.condition = condition_of(k->state, k->blocker, k->suspects),
		.started = {.wall_us = START_US + p->true_us + p->set_us,
			    .boot_us = p->true_us - p->booted_us + MINUTE_US,
			    .asleep_us = p->asleep_us,
			    .boot = p->boot},
	};

	run.ended_us = run.started.wall_us + RUN_US;
	return run;
}

/* One letter. Returns whether it was a run. */
static inline bool play_letter(struct play *p, char letter, struct tracker_news *news)
{
	struct run_record run;

	switch (letter) {
	case '.':
		p->true_us += 10 * MINUTE_US;
		return false;
	case 'S':
		p->true_us += 60 * MINUTE_US;
		p->asleep_us += 60 * MINUTE_US;
		return false;
	case 'B':
		p->boot++;
		p->booted_us = p->true_us;
		p->asleep_us = 0;
		return false;
	case '+':
		p->set_us += 60 * MINUTE_US;
		return false;
	case '-':
		p->set_us -= 60 * MINUTE_US;
		return false;
	default:
		break;
	}
	run = record_of(p, letter);
	tracker_take(&p->tracker, &run, news);
	p->true_us += tracker_hurries(&p->tracker) ? MINUTE_US : 10 * MINUTE_US;
	return true;
}

/* Minutes since the beginning; -1: unknown. */
static inline int minute(int64_t us)
{
	return us ? (int)((us - START_US) / MINUTE_US) : -1;
}

static inline struct play play_start(void)
{
	return (struct play){.tracker = {.interval_us = 10 * MINUTE_US}, .boot = 7};
}

#endif
