/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef STATE_SCHEDULE_H
#define STATE_SCHEDULE_H

/*
 * When to measure, and whom to ask, so that thousands of machines neither meet
 * nor all ask the same servers. Everything follows from a seed, which is the
 * machine's own.
 */

#include "state/tracker.h"
#include <stddef.h>
#include <stdint.h>

/* A seed of the machine's identity and a name. */
uint64_t schedule_seed(const char *machine, const char *name);

/* How long after the start the first run begins: 0 to one interval. */
int64_t schedule_first_us(uint64_t seed, int64_t interval_us);

/*
 * When the run after one that began at `began_us` begins, on the same clock: an interval later, or
 * after 60 to 90 seconds where a candidate waits. `number` is the run's, so that each differs.
 */
int64_t schedule_next_us(const struct tracker *t, uint64_t seed, uint64_t number, int64_t began_us);

/* A server that may be asked. */
struct schedule_server {
	const char *host;
	uint32_t group; /* servers of one operator or network have the same; 0: like no other */
};

/* What is chosen from on a day (a count of days), by a machine's own number. */
struct schedule_day {
	const struct schedule_server *servers;
	size_t n;
	uint64_t seed;
	int64_t day;
};

/*
 * Chooses at most `want` servers, no two of one group, for the day: their indices go to out[],
 * best first. Each machine has an order of its own (rendezvous hashing), and one of
 * the servers of the day before is kept, so that the days can be compared. Returns how many.
 */
size_t schedule_servers(const struct schedule_day *day, size_t *out, size_t want);

#endif
