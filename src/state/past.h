/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef STATE_PAST_H
#define STATE_PAST_H

/*
 * All that is remembered of one subject: a port that is watched from one place.
 * Strings belong to the arena; the lists are malloc'ed.
 */

#include "base/arena.h"
#include "state/tracker.h"
#include <stddef.h>
#include <stdint.h>

/* What runs ended with: the six states, and failed. */
#define PAST_OUTCOMES (STATE_UNKNOWN + 2)
#define PAST_FAILED   (STATE_UNKNOWN + 1)

/* SYNs with unlimited TTL, and what they drew. */
struct past_syns {
	uint64_t accepted, reset, icmp, silent;
};

/* Sums since the history began; they only grow. */
struct past_sums {
	uint64_t runs[PAST_OUTCOMES];
	uint64_t changes; /* confirmed */
	struct past_syns target, control;
};

/* A period, and what the run that confirmed it said. NULL where it is not kept. */
struct past_period {
	struct period period;
	const char *sentence;
	const char *result;   /* the JSON object of that run */
	const char *evidence; /* folder of the run that saw the change first */
	const char *proof;    /* folder of the run that confirmed it */
};

/* A server that the user named, as the newest run met it. */
struct past_server {
	const char *host;
	uint16_t port;
	uint8_t family;
	enum state state;
	int64_t not_after_us; /* end of its certificate; 0: unknown */
};

struct past {
	int64_t id; /* of the subject, in its history */
	const char *name;
	uint16_t port;
	const char *hosts;    /* names, separated by blanks; "" for servers of the list */
	const char *sentence; /* of the newest run; NULL: none */
	struct tracker tracker;
	struct run_record *runs; /* in the order in which they were made */
	size_t runs_n;
	struct past_period *periods; /* the last one may last */
	size_t periods_n;
	struct gap *gaps;
	size_t gaps_n;
	struct past_server *servers;
	size_t servers_n;
	struct past_sums sums;
	struct arena arena;
};

/* Adds a run to the sums. */
void past_sum(struct past_sums *sums, const struct run_record *run,
	      const struct tracker_news *news);

/* The period that is confirmed and lasts, as it was stored; NULL: none. */
const struct past_period *past_lasting(const struct past *past);

void past_free(struct past *past);

#endif
