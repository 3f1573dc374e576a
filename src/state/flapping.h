/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef STATE_FLAPPING_H
#define STATE_FLAPPING_H

/*
 * A port that goes to and fro: the weighted share of changes among the last
 * decided runs, as monitoring systems reckon it. A newer change weighs more.
 */

#include <stdbool.h>
#include <stdint.h>

#define FLAPPING_RUNS 21 /* decided runs that are looked at; one change fewer lies between them */

struct flapping {
	uint32_t changes; /* bit 0: whether the newest decided run differs from the one before */
	bool on;
};

/* The share of changes, 0 to 1: weights rise from 0.75 to 1.25. Runs not made yet count as quiet.
 */
double flapping_share(const struct flapping *f);

/* Takes one more decided run: on above 30 %, off below 25 %. True when that changed `on`. */
bool flapping_take(struct flapping *f, bool changed);

#endif
