/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef ENGINE_PACE_H
#define ENGINE_PACE_H

/*
 * How fast: a limit for all packets, and a bucket for each router, because
 * Linux routers answer six expiries at once and then one a second.
 */

#include "base/addr.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PACE_BURST   6
#define PACE_TTL_MAX 40

struct pace_bucket {
	struct addr router; /* none: whatever answers at this TTL of this family */
	uint8_t family, ttl;
	double tokens; /* of a key: what a router that is known by now has left */
	int64_t at_ns;
};

struct pace {
	struct pace_bucket *buckets;
	size_t n, cap;
};

/* Whether there is a bucket for the router already. */
bool pace_knows(const struct pace *pace, const struct pace_bucket *key);

/*
 * Whether so many SYNs may expire at the router now; takes the tokens when they may. Otherwise
 * *when_ns is moved forward to the time when they may, if that is earlier (or if it is 0).
 */
bool pace_take(struct pace *pace, const struct pace_bucket *key, double tokens, int64_t now_ns,
	       int64_t *when_ns);

void pace_free(struct pace *pace);

#endif
